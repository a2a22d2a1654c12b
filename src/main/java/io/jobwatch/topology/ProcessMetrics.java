package io.jobwatch.topology;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.TaskMetadata;
import org.apache.kafka.streams.ThreadMetadata;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.QueryableStoreTypes;

/**
 * How the topology is running: its state, its threads and tasks, its stores and their restorations. All of it is read when it is asked for,
 * so that it costs the stream nothing.
 */
public final class ProcessMetrics {
    private static final List<String> STORES = List.of(JobTopology.STATUS_STORE, JobTopology.SOURCE_ALERTS_STORE);
    /** What Kafka Streams calls the states of its threads; other ones are left out. */
    static final List<String> THREAD_STATES = List.of("CREATED", "STARTING", "PARTITIONS_REVOKED", "PARTITIONS_ASSIGNED", "RUNNING",
            "PENDING_SHUTDOWN", "DEAD");

    private final KafkaStreams streams;
    private final MeterRegistry meters;

    private ProcessMetrics(KafkaStreams streams, MeterRegistry meters) {
        this.streams = streams;
        this.meters = meters;
    }

    /** Shows how a topology runs that has not been started yet; its restorations are not told to another listener then. */
    public static void bind(TopologyRunner runner, MeterRegistry meters) {
        new ProcessMetrics(runner.streams(), meters).bind(runner);
    }

    private void bind(TopologyRunner runner) {
        for (KafkaStreams.State state : KafkaStreams.State.values()) {
            gauge("jobwatch.process.state", "1 for the state that the topology is in", "state", state.name(),
                    now -> now.state() == state ? 1 : 0);
        }
        for (String state : THREAD_STATES) {
            gauge("jobwatch.process.threads", "Stream threads in the state", "state", state, now -> threads(now, state));
        }
        gauge("jobwatch.process.tasks", "Partitions processed here, or kept as a standby", "kind", "active",
                now -> tasks(now, ThreadMetadata::activeTasks));
        gauge("jobwatch.process.tasks", "Partitions processed here, or kept as a standby", "kind", "standby",
                now -> tasks(now, ThreadMetadata::standbyTasks));
        FunctionCounter.builder("jobwatch.process.rebalances", runner, TopologyRunner::rebalances)
                .description("How often the topology began to rebalance").register(meters);
        FunctionCounter.builder("jobwatch.process.thread.failures", runner, TopologyRunner::threadFailures)
                .description("Stream threads that failed").register(meters);
        for (String store : STORES) {
            gauge("jobwatch.store.entries", "Entries of the store in the partitions processed here", "store", store,
                    now -> entries(now, store));
            gauge("jobwatch.store.disk.bytes", "Size of RocksDB's files", "store", store, now -> diskBytes(now, store));
        }
        RestoreMetrics restores = new RestoreMetrics(meters, STORES).withStandbys(meters);
        streams.setGlobalStateRestoreListener(restores);
        streams.setStandbyUpdateListener(restores);
    }

    private void gauge(String name, String description, String tag, String value, Function<KafkaStreams, Number> now) {
        Gauge.builder(name, streams, same -> now.apply(same).doubleValue()).description(description).tag(tag, value).register(meters);
    }

    private static long threads(KafkaStreams streams, String state) {
        return streams.metadataForLocalThreads().stream().filter(thread -> thread.threadState().equals(state)).count();
    }

    private static long tasks(KafkaStreams streams, Function<ThreadMetadata, Set<TaskMetadata>> kind) {
        return streams.metadataForLocalThreads().stream().mapToLong(thread -> kind.apply(thread).size()).sum();
    }

    /** {@return RocksDB's own estimate, or what a map in memory has; nothing is scanned} */
    private static double entries(KafkaStreams streams, String store) {
        try {
            return streams.store(StoreQueryParameters.fromNameAndType(store, QueryableStoreTypes.keyValueStore()))
                    .approximateNumEntries();
        } catch (InvalidStateStoreException | IllegalStateException e) {
            return Double.NaN;   // partitions move, or it does not run
        }
    }

    private static double diskBytes(KafkaStreams streams, String store) {
        double sum = 0;
        for (Map.Entry<MetricName, ? extends Metric> metric : streams.metrics().entrySet()) {
            if (metric.getKey().name().equals("total-sst-files-size") && store.equals(metric.getKey().tags().get("rocksdb-state-id"))
                    && metric.getValue().metricValue() instanceof Number bytes) {
                sum += bytes.doubleValue();
            }
        }
        return sum;
    }
}
