package io.jobwatch.topology;

import io.jobwatch.event.JobAlert;
import io.jobwatch.event.JobState;
import io.jobwatch.job.DropReason;
import io.jobwatch.topic.DeadLetterHeaders;
import io.jobwatch.topic.DeadLetterMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the topology counts. Thread-safe; looking a counter up again costs a map access. */
public final class TopologyMetrics {
    private final MeterRegistry meters;
    private final DeadLetterMetrics deadLetters;
    private final Map<String, Counter> transitions = new ConcurrentHashMap<>();
    private final Map<String, Counter> dropped = new ConcurrentHashMap<>();
    private final Map<String, Counter> skipped = new ConcurrentHashMap<>();

    public TopologyMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.deadLetters = new DeadLetterMetrics(meters);
    }

    void transition(String source, JobState state) {
        transitions.computeIfAbsent(source + "/" + state, key -> Counter.builder("jobwatch.transitions")
                .description("Transitions published, by the state entered").tag("source", source).tag("state", state.name())
                .register(meters)).increment();
    }

    void dropped(String source, DropReason reason) {
        dropped.computeIfAbsent(source + "/" + reason, key -> Counter.builder("jobwatch.observations.dropped")
                .description("Observations that raised nothing, by reason").tag("source", source).tag("reason", reason.name())
                .register(meters)).increment();
    }

    void skippedStates(String source, int count) {
        if (count > 0) {
            skipped.computeIfAbsent(source, key -> Counter.builder("jobwatch.states.skipped")
                    .description("States that jobs passed between two looks").tag("source", source).register(meters)).increment(count);
        }
    }

    void alert(JobAlert alert) {
        Counter.builder("jobwatch.alerts").description("Alerts raised and ended, by kind").tag("source", alert.getSource())
                .tag("kind", alert.getKind().name()).tag("active", Boolean.toString(alert.getActive())).register(meters).increment();
    }

    void forgotten(String source) {
        Counter.builder("jobwatch.jobs.forgotten").description("Jobs that ended or were lost and are remembered no longer")
                .tag("source", source).register(meters).increment();
    }

    void deadLetter(BadRecordException.Reason reason) {
        deadLetters.count(DeadLetterHeaders.STREAM, reason.name(), 1);
    }
}
