package io.jobwatch.topology;

import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.StateChange;
import io.jobwatch.job.Statuses;
import java.time.Instant;
import java.util.List;

/**
 * What the present status of a job tells of what was known of it earlier. It relies on what the poller promises: observedAt rises with each
 * event of a job, so it names the event. An older event that was put back into the topic may break the order; where it raised the last
 * transition, changedAt is the time of another one.
 */
final class Hindsight {
    private final JobStatus status;

    Hindsight(JobStatus status) {
        this.status = status;
    }

    /** {@return whether it was the look that the job was discovered by} Nothing was known before, or it had been forgotten. */
    boolean discoveredBy(Instant observedAt) {
        return observedAt.equals(status.getFirstSeenAt());
    }

    /** {@return whether it was the look that raised the last transition} Before, {@link #beforeLastTransition()} was known. */
    boolean lastChangedBy(JobStateEvent seen) {
        // Of two transitions in a row either the state or the attempt differs.
        return seen.getObservedAt().equals(status.getChangedAt()) && seen.getState() == status.getState()
                && seen.getAttempt() == status.getAttempt() && !discoveredBy(seen.getObservedAt()) && status.getPreviousState() != null;
    }

    /** {@return whether the look came after the last transition} Before it, {@link #sinceLastTransition()} was known. */
    boolean unchangedSince(Instant observedAt) {
        return observedAt.isAfter(status.getChangedAt()) && !status.getObservedAt().isBefore(status.getChangedAt());
    }

    boolean discoveredBefore(Instant observedAt) {
        return status.getFirstSeenAt().isBefore(observedAt);
    }

    JobStatus beforeLastTransition() {
        JobStatus before = asOf(status.getChangedAt().minusMillis(1));
        before.setSequence(status.getSequence() - 1);
        before.setState(status.getPreviousState());
        List<StateChange> history = status.getHistory();
        if (history.size() > 1) {
            StateChange last = history.get(history.size() - 2);
            before.setAttempt(last.getAttempt());
            before.setStateSince(last.getOccurredAt());
            before.setHistory(history.subList(0, history.size() - 1));
        }
        return before;
    }

    JobStatus sinceLastTransition() {
        return asOf(status.getChangedAt());
    }

    private JobStatus asOf(Instant observedAt) {
        JobStatus copy = Statuses.copyOf(status);
        copy.setObservedAt(observedAt);
        copy.setGone(false);
        return copy;
    }
}
