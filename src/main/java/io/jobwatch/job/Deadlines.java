package io.jobwatch.job;

import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * When something is due for a job that does not change. A function of the status alone; immutable. Times go by changedAt, which is
 * jobwatch's own clock and never decreases: a service's clock may be off.
 */
public final class Deadlines {
    private final Map<JobState, Duration> stuckAfter;
    private final Duration retainTerminalFor;

    /**
     * @param stuckAfter        longest usual stay in a state; states without an entry, and terminal ones, have no limit
     * @param retainTerminalFor how long a job that has ended or is lost is remembered after its last change
     */
    public Deadlines(Map<JobState, Duration> stuckAfter, Duration retainTerminalFor) {
        this.stuckAfter = Map.copyOf(stuckAfter);
        this.retainTerminalFor = retainTerminalFor;
    }

    /**
     * {@return what is due next, or empty where nothing ever is: the job has ended and the service still lists it, its state has no limit,
     * or the alert of its stay was raised already}
     *
     * <p>A job that the service no longer knows cannot be looked at, so it is not stuck; a lost one is remembered from its loss.
     */
    public Optional<Deadline> of(JobStatus status) {
        if (status.getGone()) {
            Instant from = status.getLostAt() != null && status.getLostAt().isAfter(status.getChangedAt())
                    ? status.getLostAt() : status.getChangedAt();
            return Optional.of(new Deadline(Deadline.Kind.FORGET, after(from, retainTerminalFor)));
        }
        if (JobStates.isTerminal(status.getState()) || status.getStuckAlertedAt() != null) {
            return Optional.empty();
        }
        return limitOf(status.getState()).map(limit -> new Deadline(Deadline.Kind.STUCK, after(status.getChangedAt(), limit)));
    }

    /** {@return the longest usual stay in a state, where it has a limit} */
    Optional<Duration> limitOf(JobState state) {
        return Optional.ofNullable(stuckAfter.get(state));
    }

    /** A record may tell any time there is. */
    private static long after(Instant start, Duration duration) {
        long from = start.toEpochMilli();
        long sum = from + duration.toMillis();
        return sum < from ? Long.MAX_VALUE : sum;
    }
}
