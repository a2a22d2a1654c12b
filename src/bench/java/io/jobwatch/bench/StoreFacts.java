package io.jobwatch.bench;

import io.jobwatch.topology.JobTopology;
import java.util.Collection;
import java.util.Map;
import java.util.function.LongBinaryOperator;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.LagInfo;

/** What a Streams client says of its stores. */
final class StoreFacts {

    private StoreFacts() {
    }

    /**
     * {@return bytes: RocksDB's {@code cache} (one for all stores; memtables are accounted for in it), {@code memtables}, what its table
     * {@code readers} hold besides, its files on {@code disk}, and the {@code heap} that is in use after a collection}
     */
    static Facts sizes(KafkaStreams streams) {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return new Facts(ContestantCommand.STORES, Map.of(
                "cache", metric(streams, "block-cache-usage", Math::max),
                "memtables", metric(streams, "size-all-mem-tables", Long::sum),
                "readers", metric(streams, "estimate-table-readers-mem", Long::sum),
                "disk", metric(streams, "total-sst-files-size", Long::sum),
                "heap", Long.toString(runtime.totalMemory() - runtime.freeMemory())));
    }

    /** {@return how many {@code partitions} of the statuses are here, active or standby, and how many {@code records} they are behind} */
    static Facts lag(KafkaStreams streams) {
        Collection<LagInfo> lags = streams.allLocalStorePartitionLags().getOrDefault(JobTopology.STATUS_STORE, Map.of()).values();
        return new Facts(ContestantCommand.LAG, Map.of("partitions", Integer.toString(lags.size()),
                "records", Long.toString(lags.stream().mapToLong(LagInfo::offsetLag).sum())));
    }

    private static String metric(KafkaStreams streams, String name, LongBinaryOperator over) {
        return Long.toString(streams.metrics().entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(name) && entry.getValue().metricValue() instanceof Number)
                .mapToLong(entry -> ((Number) entry.getValue().metricValue()).longValue()).reduce(0, over));
    }
}
