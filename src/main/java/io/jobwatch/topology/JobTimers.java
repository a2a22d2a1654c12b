package io.jobwatch.topology;

import io.jobwatch.event.JobAlert;
import io.jobwatch.event.JobStatus;
import io.jobwatch.job.Alerts;
import io.jobwatch.job.Deadline;
import io.jobwatch.job.Deadlines;
import io.jobwatch.job.Statuses;
import io.jobwatch.registry.AvroDecoder;
import io.jobwatch.topology.Outputs.Output;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Does what becomes due for jobs of which nothing is heard: raises the alert of a stay that is too long, and forgets. Belongs to the task's
 * thread; each time it works for no longer than its budget, and goes on the next time.
 *
 * <p>The index of what is due is rebuilt from the store a little each time and not at once in {@code init}: with a million jobs that takes
 * seconds, in which the task that was taken over would tell no transition, and all it delays here is an alert.
 */
final class JobTimers {
    static final Duration EVERY = Duration.ofSeconds(1);
    static final Duration BUDGET = Duration.ofMillis(50);
    /** When to look again at what is due and has to wait. */
    static final Duration RETRY = Duration.ofSeconds(10);

    private final Deadlines deadlines;
    private final Alerts alerts;
    private final SourceLooks looks;
    private final CaughtUp caughtUp;
    private final LongSupplier nanos;
    private final AvroDecoder<JobStatus> statusDecoder;
    private final Outputs outputs;
    private final TopologyMetrics metrics;

    private ProcessorContext<byte[], byte[]> context;
    private KeyValueStore<Bytes, byte[]> store;
    private DueJobs due = new DueJobs();
    private KeyValueIterator<Bytes, byte[]> unindexed;
    private boolean indexed;
    private long actsFrom;
    private Cancellable schedule;

    /** @param nanos a steady clock, for the budget; what is due goes by the wall clock of Kafka Streams */
    JobTimers(Deadlines deadlines, Alerts alerts, SourceLooks looks, CaughtUp caughtUp, LongSupplier nanos,
              AvroDecoder<JobStatus> statusDecoder, Outputs outputs, TopologyMetrics metrics) {
        this.deadlines = deadlines;
        this.alerts = alerts;
        this.looks = looks;
        this.caughtUp = caughtUp;
        this.nanos = nanos;
        this.statusDecoder = statusDecoder;
        this.outputs = outputs;
        this.metrics = metrics;
    }

    /** A task that comes back is initialised again. */
    void init(ProcessorContext<byte[], byte[]> processorContext, KeyValueStore<Bytes, byte[]> statusStore) {
        context = processorContext;
        store = statusStore;
        due = new DueJobs();
        close();
        indexed = false;
        // Until the first fetch brings something nobody knows how much waits, and looks may have been heard while the store was restored.
        actsFrom = context.currentSystemTimeMs() + SourceLook.SETTLE.toMillis();
        schedule = context.schedule(EVERY, PunctuationType.WALL_CLOCK_TIME, this::work);
    }

    /** A task that is suspended keeps its schedules, and makes another when it is resumed. */
    void close() {
        if (schedule != null) {
            schedule.cancel();
            schedule = null;
        }
        closeIterator();
    }

    private void closeIterator() {
        if (unindexed != null) {
            unindexed.close();
            unindexed = null;
        }
    }

    /** Told of each status that follows another; {@code before} is null for a new job. */
    void changed(Bytes key, JobStatus before, JobStatus after) {
        due.changed(key, before == null ? Optional.empty() : deadlines.of(before), deadlines.of(after));
    }

    private void work(long now) {
        long end = nanos.getAsLong() + BUDGET.toNanos();
        index(end);
        if (now < actsFrom) {
            return;
        }
        Bytes first = due.take(now);
        if (first == null) {
            return;
        }
        if (!caughtUp.with(context.taskId().partition())) {
            due.put(first, now);
            return;
        }
        for (Bytes key = first; key != null; key = nanos.getAsLong() < end ? due.take(now) : null) {
            look(key, now);
        }
    }

    /** Reads on from where it stopped. It may see a job as it was when it began; so may any entry, and whoever takes it out looks again. */
    private void index(long end) {
        if (indexed) {
            return;
        }
        if (unindexed == null) {
            unindexed = store.all();
        }
        while (unindexed.hasNext()) {
            KeyValue<Bytes, byte[]> next = unindexed.next();
            if (next.value != null) {
                deadlines.of(statusDecoder.decode(next.value)).ifPresent(deadline -> due.put(next.key, deadline.atMillis()));
            }
            if (nanos.getAsLong() >= end) {
                return;
            }
        }
        closeIterator();
        indexed = true;
    }

    private void look(Bytes key, long now) {
        byte[] stored = store.get(key);
        if (stored == null) {
            return;   // forgotten since
        }
        JobStatus status = statusDecoder.decode(stored);
        Optional<Deadline> deadline = deadlines.of(status);
        if (deadline.isEmpty()) {
            return;
        }
        if (!deadline.get().reached(now)) {
            due.put(key, deadline.get().atMillis());
        } else if (deadline.get().kind() == Deadline.Kind.FORGET) {
            forget(key, status, Instant.ofEpochMilli(now));
        } else if (lookedAtSince(status, Instant.ofEpochMilli(deadline.get().atMillis()), now)) {
            raise(key, status, Instant.ofEpochMilli(now));
        } else {
            due.put(key, now + RETRY.toMillis());
        }
    }

    private boolean lookedAtSince(JobStatus status, Instant time, long now) {
        SourceLook look = looks.bySource().get(status.getSource());
        return look != null && look.succeededSince(time, Instant.ofEpochMilli(now));
    }

    private void raise(Bytes key, JobStatus status, Instant now) {
        JobStatus alerted = Statuses.withStuckAlert(status, now);
        Output latest = outputs.alertedStatus(key, alerted, now);
        List<JobAlert> changes = alerts.between(status, alerted, now);
        List<Output> records = records(key, changes, status, alerted);
        store.put(key, latest.record().value());
        records.forEach(output -> context.forward(output.record(), output.sink()));
        context.forward(latest.record(), latest.sink());
        changes.forEach(metrics::alert);
    }

    private void forget(Bytes key, JobStatus status, Instant now) {
        Output end = outputs.forgotten(key, status, now);
        List<JobAlert> changes = alerts.between(status, null, now);
        List<Output> records = records(key, changes, status, null);
        store.delete(key);
        records.forEach(output -> context.forward(output.record(), output.sink()));
        context.forward(end.record(), end.sink());
        changes.forEach(metrics::alert);
        metrics.forgotten(status.getSource());
    }

    private List<Output> records(Bytes key, List<JobAlert> changes, JobStatus before, JobStatus after) {
        List<Output> records = new ArrayList<>(changes.size());
        changes.forEach(alert -> records.add(outputs.alert(key, alert, before, after)));
        return records;
    }
}
