package io.jobwatch.topology;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StandbyUpdateListener;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.processor.TaskId;

/**
 * How far the restorations of some stores are, and how far their standbys are behind, as Kafka Streams tells it. Thread-safe.
 *
 * <p>Counts offsets: Streams knows where a topic ends, and not how many records compaction left of it.
 */
public final class RestoreMetrics implements StateRestoreListener, StandbyUpdateListener {
    private final Map<String, Map<TopicPartition, Restoration>> restoring = new HashMap<>();
    private final Map<String, Map<TopicPartition, Long>> standbyLags = new HashMap<>();
    private final Map<String, Counter> records = new HashMap<>();
    private final Map<String, Counter> restorations = new HashMap<>();

    /** All three are offsets. */
    private record Restoration(long start, long position, long end) {
    }

    /** @param stores all that may be restored, which are the values of the tag {@code store} */
    public RestoreMetrics(MeterRegistry meters, Collection<String> stores) {
        for (String store : stores) {
            restoring.put(store, new ConcurrentHashMap<>());
            standbyLags.put(store, new ConcurrentHashMap<>());
            gauge(meters, "jobwatch.restore.records", "Offsets to be read by the restorations in progress, those read included", store,
                    restoration -> restoration.end() - restoration.start());
            gauge(meters, "jobwatch.restore.remaining.records", "Offsets still to be read by the restorations in progress", store,
                    restoration -> restoration.end() - restoration.position());
            records.put(store, Counter.builder("jobwatch.restored.records").description("Records read by restorations").tag("store", store)
                    .register(meters));
            restorations.put(store, Counter.builder("jobwatch.restores").description("Restorations that ended, one a partition")
                    .tag("store", store).register(meters));
        }
    }

    /** Shows the standbys, too. */
    RestoreMetrics withStandbys(MeterRegistry meters) {
        standbyLags.forEach((store, lags) -> Gauge.builder("jobwatch.standby.lag.records", lags,
                        all -> all.values().stream().mapToLong(Long::longValue).sum())
                .description("Offsets that the standbys kept here are behind").tag("store", store).register(meters));
        return this;
    }

    private void gauge(MeterRegistry meters, String name, String description, String store, ToLongFunction<Restoration> value) {
        Gauge.builder(name, restoring.get(store), all -> all.values().stream().mapToLong(value).map(left -> Math.max(0, left)).sum())
                .description(description).tag("store", store).register(meters);
    }

    /** Forgets what was in progress: whoever did it has ended, and may not have said so. */
    public void ended() {
        restoring.values().forEach(Map::clear);
    }

    @Override
    public void onRestoreStart(TopicPartition partition, String store, long startingOffset, long endingOffset) {
        restoring.get(store).put(partition, new Restoration(startingOffset, startingOffset, endingOffset));
    }

    @Override
    public void onBatchRestored(TopicPartition partition, String store, long batchEndOffset, long numRestored) {
        restoring.get(store).computeIfPresent(partition, (same, before) ->
                new Restoration(before.start(), Math.max(before.position(), batchEndOffset), before.end()));
        records.get(store).increment(numRestored);
    }

    @Override
    public void onRestoreEnd(TopicPartition partition, String store, long totalRestored) {
        restoring.get(store).remove(partition);
        restorations.get(store).increment();
    }

    @Override
    public void onRestoreSuspended(TopicPartition partition, String store, long totalRestored) {
        restoring.get(store).remove(partition);
    }

    @Override
    public void onUpdateStart(TopicPartition partition, String store, long startingOffset) {
        standbyLags.get(store).put(partition, 0L);   // not known before the first batch
    }

    @Override
    public void onBatchLoaded(TopicPartition partition, String store, TaskId task, long batchEndOffset, long batchSize,
                              long currentEndOffset) {
        standbyLags.get(store).put(partition, Math.max(0, currentEndOffset - batchEndOffset));
    }

    @Override
    public void onUpdateSuspended(TopicPartition partition, String store, long storeOffset, long currentEndOffset, SuspendReason reason) {
        standbyLags.get(store).remove(partition);
    }
}
