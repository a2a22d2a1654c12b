package io.jobwatch.job;

import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.JobTransition;
import io.jobwatch.event.StateChange;
import io.jobwatch.event.TransitionKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The step from a status and an observation to a new status and a transition, or to the reason why there is none.
 *
 * <p>A function of its arguments alone: no clock, no state, arguments are not modified. Applied again to an observation that it has
 * already seen, it raises nothing. It relies on one promise of the poller: observedAt rises strictly from one published event of a job to
 * the next, so an observation of the current state that is not newer than the status is the same record again.
 */
public final class StateMachine {
    /** How many entries a status keeps of its history. */
    public static final int HISTORY_LIMIT = 20;

    private final Duration retainTerminalFor;

    /** @param retainTerminalFor a first sighting of a job that ended longer before it was observed is ignored */
    public StateMachine(Duration retainTerminalFor) {
        this.retainTerminalFor = retainTerminalFor;
    }

    /** {@return how long a job that has ended, or is lost, is remembered} */
    public Duration retainTerminalFor() {
        return retainTerminalFor;
    }

    /**
     * Decides what an observation means.
     *
     * @param known what is known of the job, or null if nothing is
     * @param seen  the observation, of the same job
     */
    public Outcome apply(JobStatus known, JobStateEvent seen) {
        if (known == null) {
            return endedLongAgo(seen)
                    ? new Outcome.Dropped(DropReason.ENDED_LONG_AGO, Optional.empty())
                    : changed(null, seen, TransitionKind.DISCOVERED, List.of());
        }
        if (seen.getAttempt() < known.getAttempt()) {
            return dropped(DropReason.STALE_ATTEMPT, known, seen);
        }
        boolean restarted = seen.getAttempt() > known.getAttempt();
        // A new attempt in a state without a name is told with the first state that has one.
        if (seen.getState() == JobState.UNKNOWN && (restarted || known.getState() != JobState.UNKNOWN)) {
            return dropped(DropReason.UNMAPPED_STATE, known, seen);
        }
        if (restarted) {
            return changed(known, seen, TransitionKind.RESTARTED, List.of());
        }
        if (seen.getState() == known.getState()) {
            return isNewer(known, seen)
                    ? new Outcome.Refreshed(refreshed(known, seen))
                    : new Outcome.Dropped(DropReason.REPEATED, Optional.empty());
        }
        if (JobStates.isTerminal(known.getState())) {
            return dropped(DropReason.AFTER_TERMINAL, known, seen);
        }
        if (known.getState() != JobState.UNKNOWN && JobStates.rank(seen.getState()) < JobStates.rank(known.getState())) {
            return dropped(DropReason.BACKWARD, known, seen);
        }
        return changed(known, seen, TransitionKind.ADVANCED,
                StatePath.skipped(seen.getSourceType(), known.getState(), seen.getState()));
    }

    private boolean endedLongAgo(JobStateEvent seen) {
        return JobStates.isTerminal(seen.getState()) && seen.getEndedAt() != null
                && seen.getEndedAt().plus(retainTerminalFor).isBefore(seen.getObservedAt());
    }

    private static boolean isNewer(JobStatus known, JobStateEvent seen) {
        return seen.getObservedAt().isAfter(known.getObservedAt());
    }

    /**
     * A stale read still shows by which word the service knows a live job, and whether it knows the job at all: that a job is gone is told
     * with whatever was seen last.
     */
    private static Outcome dropped(DropReason reason, JobStatus known, JobStateEvent seen) {
        boolean newWord = !JobStates.isTerminal(known.getState()) && !seen.getNativeState().equals(known.getNativeState());
        if (!isNewer(known, seen) || !newWord && seen.getGone() == known.getGone()) {
            return new Outcome.Dropped(reason, Optional.empty());
        }
        JobStatus status = Statuses.copyOf(known);
        if (newWord) {
            status.setNativeState(seen.getNativeState());
        }
        status.setGone(seen.getGone());
        status.setObservedAt(seen.getObservedAt());
        markLost(status, known);
        return new Outcome.Dropped(reason, Optional.of(status));
    }

    private static JobStatus refreshed(JobStatus known, JobStateEvent seen) {
        JobStatus status = Statuses.copyOf(known);
        Statuses.take(status, seen);
        // Of an ended job what was read once stays: the poller itself remembers ended jobs without their tasks.
        if (JobStates.isTerminal(known.getState()) && known.getDetailsAvailable() && !seen.getDetailsAvailable()) {
            status.setTasks(known.getTasks());
            status.setDetailsAvailable(known.getDetailsAvailable());
        }
        markLost(status, known);
        return status;
    }

    private static Outcome changed(JobStatus known, JobStateEvent seen, TransitionKind kind, List<JobState> skipped) {
        Instant occurredAt = occurredAt(seen, kind);
        JobStatus status = new JobStatus();
        Statuses.take(status, seen);
        status.setPreviousState(known == null ? null : known.getState());
        status.setStateSince(occurredAt);
        status.setChangedAt(known == null ? seen.getObservedAt() : later(known.getChangedAt(), seen.getObservedAt()));
        status.setFirstSeenAt(known == null ? seen.getObservedAt() : known.getFirstSeenAt());
        status.setSequence(known == null ? 1 : known.getSequence() + 1);
        status.setHistory(extended(known == null ? List.of() : known.getHistory(),
                new StateChange(seen.getState(), occurredAt, seen.getAttempt())));
        status.setStuckAlertedAt(null);
        markLost(status, known);

        JobTransition transition = new JobTransition();
        transition.setSource(seen.getSource());
        transition.setSourceType(seen.getSourceType());
        transition.setAccount(seen.getAccount());
        transition.setJobId(seen.getJobId());
        transition.setJobName(seen.getJobName());
        transition.setAttempt(seen.getAttempt());
        transition.setSequence(status.getSequence());
        transition.setKind(kind);
        transition.setPreviousState(status.getPreviousState());
        transition.setCurrentState(seen.getState());
        transition.setNativeState(seen.getNativeState());
        transition.setSkippedStates(skipped);
        transition.setOccurredAt(occurredAt);
        transition.setNotBefore(seen.getNotBefore());
        transition.setObservedAt(seen.getObservedAt());
        transition.setPreviousStateMillis(known == null ? null
                : millisBetween(known.getStateSince(), occurredAt));
        return new Outcome.Changed(status, transition);
    }

    /** When the change happened by the service's own clock, where it tells; a restart tells no time of its queueing. */
    private static Instant occurredAt(JobStateEvent seen, TransitionKind kind) {
        Instant told = switch (seen.getState()) {
            case QUEUED -> kind == TransitionKind.RESTARTED ? null : seen.getCreatedAt();
            case PROCESSING -> seen.getStartedAt();
            case FINISHED, ERROR, CANCELED -> seen.getEndedAt();
            case SCHEDULED, CANCELING, UNKNOWN -> null;
        };
        return told == null ? seen.getObservedAt() : told;
    }

    /** {@return 0 where the times contradict each other; the longest time there is where a service tells absurd ones} */
    private static long millisBetween(Instant start, Instant end) {
        if (!end.isAfter(start)) {
            return 0;
        }
        long millis = end.toEpochMilli() - start.toEpochMilli();
        return millis >= 0 ? millis : Long.MAX_VALUE;
    }

    private static void markLost(JobStatus status, JobStatus known) {
        if (!status.getGone() || JobStates.isTerminal(status.getState())) {
            status.setLostAt(null);
        } else {
            status.setLostAt(known != null && known.getLostAt() != null ? known.getLostAt() : status.getObservedAt());
        }
    }

    private static List<StateChange> extended(List<StateChange> history, StateChange change) {
        List<StateChange> longer = new ArrayList<>(Math.min(history.size() + 1, HISTORY_LIMIT));
        longer.addAll(history.subList(Math.max(0, history.size() + 1 - HISTORY_LIMIT), history.size()));
        longer.add(change);
        return longer;
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
