package io.jobwatch.topology;

import io.jobwatch.event.JobAlert;
import io.jobwatch.event.SourceStatus;
import io.jobwatch.job.Alerts;
import io.jobwatch.registry.AvroDecoder;
import io.jobwatch.registry.AvroEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Raises and ends the alerts of sources that cannot be looked at. Only the task of partition 0 does, so that each is raised once: there are
 * few sources and whoever processes that partition hears of all of them. The active alerts are in a store, so that a restart repeats
 * none. Belongs to the task's thread.
 */
final class SourceWatch {
    private static final int ONE_TASK = 0;
    private static final int INTERVALS = 3;

    private final SourceLooks looks;
    private final Duration downAfter;
    private final Alerts alerts;
    private final AvroEncoder<JobAlert> encoder;
    private final AvroDecoder<JobAlert> decoder;
    private final Outputs outputs;
    private final TopologyMetrics metrics;

    private ProcessorContext<byte[], byte[]> context;
    private KeyValueStore<Bytes, byte[]> active;
    private Cancellable schedule;

    /** @param downAfter longest time without a successful look; three poll intervals where that is more */
    SourceWatch(SourceLooks looks, Duration downAfter, Alerts alerts, AvroEncoder<JobAlert> encoder, AvroDecoder<JobAlert> decoder,
                Outputs outputs, TopologyMetrics metrics) {
        this.looks = looks;
        this.downAfter = downAfter;
        this.alerts = alerts;
        this.encoder = encoder;
        this.decoder = decoder;
        this.outputs = outputs;
        this.metrics = metrics;
    }

    void init(ProcessorContext<byte[], byte[]> processorContext) {
        context = processorContext;
        active = processorContext.getStateStore(JobTopology.SOURCE_ALERTS_STORE);
        if (context.taskId().partition() == ONE_TASK) {
            schedule = context.schedule(JobTimers.EVERY, PunctuationType.WALL_CLOCK_TIME, now -> watch(Instant.ofEpochMilli(now)));
        }
    }

    /** A task that is suspended keeps its schedules, and makes another when it is resumed. */
    void close() {
        if (schedule != null) {
            schedule.cancel();
            schedule = null;
        }
    }

    private void watch(Instant now) {
        Optional<Instant> listeningSince = looks.listeningSince();
        if (listeningSince.isEmpty()) {
            return;
        }
        Map<String, SourceLook> known = looks.bySource();
        Map<String, JobAlert> raised = raised();
        known.forEach((source, look) -> {
            Instant since = look.lastSuccessAt().orElse(look.firstHeardAt());
            boolean overdue = now.isAfter(since.plus(limit(look.latest())));
            JobAlert alert = raised.get(source);
            if (alert == null && overdue && told(look, since, listeningSince.get(), now)) {
                JobAlert down = alerts.sourceDown(look.latest(), since, now);
                publish(down, down);
            } else if (alert != null && !overdue && look.lastSuccessAt().isPresent()) {
                // Where there was no success, that it is not overdue says only that nobody here has waited for long enough.
                publish(alerts.sourceUp(alert, now, "looked at successfully at " + since), alert);
            }
        });
        raised.forEach((source, alert) -> {
            if (!known.containsKey(source)) {
                publish(alerts.sourceUp(alert, now, "no longer watched"), alert);
            }
        });
    }

    /**
     * {@return whether it is certain that the source was not looked at} Either its poller says so, or nothing was heard of it for as long
     * as it takes: after an outage of the cluster itself, old news is not yet a sign.
     */
    private boolean told(SourceLook look, Instant since, Instant listeningSince, Instant now) {
        Duration limit = limit(look.latest());
        Instant updatedAt = look.latest().getUpdatedAt();
        Instant silentSince = updatedAt.isAfter(listeningSince) ? updatedAt : listeningSince;
        return updatedAt.isAfter(since.plus(limit)) || now.isAfter(silentSince.plus(limit));
    }

    private Duration limit(SourceStatus status) {
        Duration intervals = Duration.ofMillis(status.getPollIntervalMillis()).multipliedBy(INTERVALS);
        if (intervals.compareTo(downAfter) <= 0) {
            return downAfter;
        }
        // A source that is polled seldom is asked far more often while it fails: nobody has to wait for three of its intervals then.
        return status.getFailuresInRow() > 0 ? Duration.ofMillis(status.getPollIntervalMillis()).plus(downAfter) : intervals;
    }

    private Map<String, JobAlert> raised() {
        Map<String, JobAlert> raised = new HashMap<>();
        try (KeyValueIterator<Bytes, byte[]> all = active.all()) {
            while (all.hasNext()) {
                KeyValue<Bytes, byte[]> next = all.next();
                raised.put(new String(next.key.get(), StandardCharsets.UTF_8), decoder.decode(next.value));
            }
        }
        return raised;
    }

    private void publish(JobAlert alert, JobAlert raised) {
        Bytes key = Bytes.wrap(alert.getSource().getBytes(StandardCharsets.UTF_8));
        Outputs.Output output = outputs.sourceAlert(key, alert, raised);
        if (alert.getActive()) {
            active.put(key, encoder.encode(alert));
        } else {
            active.delete(key);
        }
        context.forward(output.record(), output.sink());
        metrics.alert(alert);
    }
}
