package io.jobwatch.topology;

import io.jobwatch.event.AlertKind;
import io.jobwatch.event.JobAlert;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.Task;
import io.jobwatch.job.DropReason;
import io.jobwatch.job.JobStates;
import io.jobwatch.job.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * What is counted of one source. All but the reports are there from the beginning, at zero: a counter that comes with its first increment
 * hides that increment from every rate. Thread-safe.
 */
final class SourceCounters {
    /** Those that a jump can pass: an end is never passed, nor is a state without a name. */
    private static final Set<JobState> PASSABLE = EnumSet.of(JobState.QUEUED, JobState.SCHEDULED, JobState.PROCESSING, JobState.CANCELING);

    private final MeterRegistry meters;
    private final String label;
    private final Map<JobState, Counter> transitions;
    private final Map<DropReason, Counter> dropped;
    private final Map<JobState, Counter> skipped;
    private final Counter unmapped;
    private final Counter forgotten;
    private final Map<AlertKind, Counter> raised;
    private final Map<AlertKind, Counter> ended;
    private final CodeLabels codes;
    private final Map<Report, Counter> reports = new ConcurrentHashMap<>();
    private final StayTimes times;

    /** @param code the value of its label: there are few */
    private record Report(JobState state, String code) {
    }

    /**
     * @param label     the value of the tag {@code source}
     * @param codesLeft how many values of the tag {@code code} the process may still make
     * @param times     this source's own, or what it shares with others
     */
    SourceCounters(MeterRegistry meters, String label, AtomicInteger codesLeft, StayTimes times) {
        this.meters = meters;
        this.label = label;
        this.codes = new CodeLabels(codesLeft);
        this.times = times;
        transitions = counters(JobState.class, EnumSet.allOf(JobState.class), state -> counter("jobwatch.transitions",
                "Transitions published, by the state entered").tag("state", state.name()));
        dropped = counters(DropReason.class, EnumSet.allOf(DropReason.class), reason -> counter("jobwatch.observations.dropped",
                "Observations that raised nothing, by reason; stale reads are STALE_ATTEMPT, BACKWARD and AFTER_TERMINAL")
                .tag("reason", reason.name()));
        skipped = counters(JobState.class, PASSABLE, state -> counter("jobwatch.states.skipped",
                "States that jobs passed between two looks, by the state that nobody saw").tag("state", state.name()));
        unmapped = counter("jobwatch.states.unmapped",
                "Observations of a job in a native state that has no mapping, a new job's included").register(meters);
        forgotten = counter("jobwatch.jobs.forgotten", "Jobs that ended or were lost and are remembered no longer").register(meters);
        raised = alerts(true);
        ended = alerts(false);
    }

    private Map<AlertKind, Counter> alerts(boolean active) {
        return counters(AlertKind.class, EnumSet.complementOf(EnumSet.of(AlertKind.UNSPECIFIED)), kind -> counter("jobwatch.alerts",
                "Alerts raised and ended, by kind").tag("kind", kind.name()).tag("active", Boolean.toString(active)));
    }

    void observed(JobStateEvent seen, Outcome outcome) {
        if (outcome instanceof Outcome.Changed changed) {
            transitions.get(changed.transition().getCurrentState()).increment();
            for (JobState state : changed.transition().getSkippedStates()) {
                skipped.get(state).increment();
            }
            times.changed(changed.transition(), changed.status());
            if (JobStates.isStopped(changed.transition().getCurrentState())) {
                report(changed.status());
            }
        } else if (outcome instanceof Outcome.Dropped drop) {
            dropped.get(drop.reason()).increment();
            if (drop.reason() == DropReason.REPEATED) {
                return;
            }
        }
        if (seen.getState() == JobState.UNKNOWN) {
            unmapped.increment();
        }
    }

    void alert(JobAlert alert) {
        (alert.getActive() ? raised : ended).get(alert.getKind()).increment();
    }

    void forgotten() {
        forgotten.increment();
    }

    /** By its first error alone, so that reports are as many as the topic has; the tasks with errors come first there. */
    private void report(JobStatus status) {
        String code = null;
        for (Task task : status.getTasks()) {
            if (!task.getErrors().isEmpty()) {
                code = task.getErrors().get(0).getCode();
                break;
            }
        }
        reports.computeIfAbsent(new Report(status.getState(), codes.of(code)), report -> counter("jobwatch.reports",
                "Reports published, by the code of their first error").tag("state", report.state().name()).tag("code", report.code())
                .register(meters)).increment();
    }

    private Counter.Builder counter(String name, String description) {
        return Counter.builder(name).description(description).tag("source", label);
    }

    private <E extends Enum<E>> Map<E, Counter> counters(Class<E> type, Set<E> values, Function<E, Counter.Builder> builder) {
        Map<E, Counter> result = new EnumMap<>(type);
        values.forEach(value -> result.put(value, builder.apply(value).register(meters)));
        return result;
    }
}
