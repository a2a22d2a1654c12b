package io.jobwatch.topology;

import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.JobTransition;
import io.jobwatch.event.StateChange;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long jobs of a source stay in each state, and wait before they run. Thread-safe.
 *
 * <p>Distributions of seconds and no timers: a timer adds nanoseconds up in a long, and that overflows with 107,000 stays of a day.
 */
final class StayTimes {
    /** Upper bounds in seconds, from what a fast encoder takes to what a full cluster lets jobs wait. */
    private static final double[] BUCKETS = {5, 30, 120, 600, 1_800, 3_600, 14_400, 43_200, 86_400, 604_800};
    /** A service may tell absurd times, one of which would drown all others in the sum. */
    private static final long LONGEST_SECONDS = Duration.ofDays(3_650).toSeconds();
    /** Those that usually end. */
    private static final Set<JobState> PASSED = EnumSet.of(JobState.QUEUED, JobState.SCHEDULED, JobState.PROCESSING, JobState.CANCELING);
    private static final Set<JobState> WAITING = EnumSet.of(JobState.QUEUED, JobState.SCHEDULED);

    private final MeterRegistry meters;
    private final String label;
    private final Map<JobState, DistributionSummary> stays = new ConcurrentHashMap<>();
    private volatile DistributionSummary waits;

    /** @param label the value of the tag {@code source} */
    StayTimes(MeterRegistry meters, String label) {
        this.meters = meters;
        this.label = label;
    }

    /** Shows the usual ones at zero; they come with their first stay else. */
    void show() {
        PASSED.forEach(this::staysIn);
        waits();
    }

    /** @param status as it stands after the transition */
    void changed(JobTransition transition, JobStatus status) {
        Long millis = transition.getPreviousStateMillis();
        if (millis == null) {
            return;
        }
        staysIn(transition.getPreviousState()).record(seconds(millis));
        if (transition.getCurrentState() == JobState.PROCESSING && WAITING.contains(transition.getPreviousState())) {
            waitedSince(status).ifPresent(since ->
                    waits().record(seconds(Math.max(0, transition.getOccurredAt().toEpochMilli() - since.toEpochMilli()))));
        }
    }

    /** {@return when the attempt that runs now began to wait, or empty if its history no longer tells} */
    private static Optional<Instant> waitedSince(JobStatus status) {
        List<StateChange> history = status.getHistory();
        Instant since = null;
        for (int i = history.size() - 2; i >= 0; i--) {   // the last one is that it runs
            StateChange change = history.get(i);
            if (change.getAttempt() != status.getAttempt() || !WAITING.contains(change.getState())) {
                break;
            }
            since = change.getOccurredAt();
        }
        return Optional.ofNullable(since);
    }

    private static double seconds(long millis) {
        return Math.min(millis / 1000.0, LONGEST_SECONDS);
    }

    private DistributionSummary staysIn(JobState state) {
        DistributionSummary known = stays.get(state);
        return known != null ? known : stays.computeIfAbsent(state, left -> distribution("jobwatch.state.duration",
                "Stays that ended, by the state left, with how long they were").tag("state", left.name()).register(meters));
    }

    private DistributionSummary waits() {
        if (waits == null) {
            waits = distribution("jobwatch.queue.time", "Attempts that began to run, with how long they had waited").register(meters);
        }
        return waits;
    }

    private DistributionSummary.Builder distribution(String name, String description) {
        return DistributionSummary.builder(name).description(description).baseUnit("seconds").serviceLevelObjectives(BUCKETS)
                .tag("source", label);
    }
}
