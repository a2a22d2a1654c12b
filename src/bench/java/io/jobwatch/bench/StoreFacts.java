package io.jobwatch.bench;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongBinaryOperator;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.LagInfo;

/** What a Streams client says of its stores. */
final class StoreFacts {

    private StoreFacts() {
    }

    /**
     * {@return bytes of RocksDB off the heap: its {@code cache} (one for all stores, which also accounts for memtables), {@code memtables},
     * {@code readers}; bytes on {@code disk}; estimated {@code keys}; and the {@code lag} of all stores, in records}
     */
    static Facts of(KafkaStreams streams) {
        Map<String, String> facts = new TreeMap<>();
        facts.put("cache", metric(streams, "block-cache-usage", Math::max));
        facts.put("memtables", metric(streams, "size-all-mem-tables", Long::sum));
        facts.put("readers", metric(streams, "estimate-table-readers-mem", Long::sum));
        facts.put("disk", metric(streams, "total-sst-files-size", Long::sum));
        facts.put("keys", metric(streams, "estimate-num-keys", Long::sum));
        facts.put("lag", Long.toString(streams.allLocalStorePartitionLags().values().stream().flatMap(lags -> lags.values().stream())
                .mapToLong(LagInfo::offsetLag).sum()));
        facts.put("stores", Long.toString(streams.allLocalStorePartitionLags().values().stream().mapToLong(Map::size).sum()));
        return new Facts(ContestantCommand.STORES, facts);
    }

    private static String metric(KafkaStreams streams, String name, LongBinaryOperator over) {
        return Long.toString(streams.metrics().entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(name) && entry.getValue().metricValue() instanceof Number)
                .mapToLong(entry -> ((Number) entry.getValue().metricValue()).longValue()).reduce(0, over));
    }
}
