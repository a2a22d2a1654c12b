package io.jobwatch.topology;

import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.JobTransition;
import io.jobwatch.job.JobStates;
import io.jobwatch.job.Outcome;
import io.jobwatch.source.Printable;
import java.time.Duration;
import java.util.stream.Collectors;

/** Says for people why an observation was decided as it was. Decides nothing itself. */
final class Why {

    /** Put before what is said of the first look since then. */
    static final String FORGOTTEN = "what had been known of the job was forgotten before: ";

    /** Put before what is said of the first look after the time to forget had come, where nothing tells whether it was done. */
    static final String MAYBE_FORGOTTEN = "the job was gone and may have been forgotten before, and discovered anew by this; if not: ";

    private Why() {
    }

    /** @param known null where nothing was known */
    static String of(JobStatus known, JobStateEvent seen, Outcome outcome) {
        if (outcome instanceof Outcome.Changed changed) {
            return changed(known, seen, changed.transition());
        }
        if (outcome instanceof Outcome.Refreshed refreshed) {
            return "still " + label(known.getState()) + ", and newer than what was known" + gone(known, refreshed.status());
        }
        Outcome.Dropped dropped = (Outcome.Dropped) outcome;
        return dropped(known, seen, dropped) + dropped.status().map(status -> kept(known, status)).orElse("");
    }

    static String deadLetter(BadRecordException bad) {
        return Printable.quote(bad.getMessage()) + "; it is in the dead letters";
    }

    /** Of the first look of which there is nothing older. */
    static String unknown(JobStateEvent seen) {
        return "says " + label(seen.getState())
                + "; older observations are no longer in the topic, so what was known before this one is not"
                + " known now. What follows is decided as if this had been the first";
    }

    private static String changed(JobStatus known, JobStateEvent seen, JobTransition transition) {
        JobState now = transition.getCurrentState();
        String state = now == JobState.UNKNOWN ? "in a state that has no mapping (" + word(seen) + ")" : label(now);
        String reported = JobStates.isStopped(now) ? "; it is reported" : "";
        return switch (transition.getKind()) {
            case DISCOVERED -> "the first look at this job: it is " + state + reported;
            case RESTARTED -> "attempt " + transition.getAttempt() + " after attempt " + known.getAttempt() + ", which was "
                    + label(known.getState()) + ": the job runs again and is " + state + reported;
            case ADVANCED, UNSPECIFIED -> state + " after " + label(known.getState()) + ": a step forward"
                    + (transition.getSkippedStates().isEmpty() ? "" : " past "
                    + transition.getSkippedStates().stream().map(JobStates::label).collect(Collectors.joining(" and "))
                    + ", which nobody saw") + reported;
        };
    }

    private static String dropped(JobStatus known, JobStateEvent seen, Outcome.Dropped dropped) {
        return switch (dropped.reason()) {
            case STALE_ATTEMPT -> "says attempt " + seen.getAttempt() + " after attempt " + known.getAttempt() + ": a stale read";
            case BACKWARD -> "says " + label(seen.getState()) + " after " + label(known.getState())
                    + ": a stale read, nothing moves backward";
            case AFTER_TERMINAL -> "says " + label(seen.getState()) + " after " + label(known.getState())
                    + ": a stale read, an attempt that has ended stays as it is";
            case UNMAPPED_STATE -> "its native state " + word(seen) + " has no mapping: " + (seen.getAttempt() > known.getAttempt()
                    ? "attempt " + seen.getAttempt() + " is told with the first state that has one"
                    : "the job stays " + label(known.getState()));
            case REPEATED -> "seen at " + seen.getObservedAt() + ", and what is known was seen at " + known.getObservedAt()
                    + ": the same record again";
            case ENDED_LONG_AGO -> "ended at " + seen.getEndedAt() + ", " + text(Duration.between(seen.getEndedAt(), seen.getObservedAt()))
                    + " before the first look at it: longer ago than ended jobs are remembered";
        };
    }

    private static String kept(JobStatus known, JobStatus status) {
        boolean newWord = !status.getNativeState().equals(known.getNativeState());
        return (newWord ? "; its native state is kept" : "") + gone(known, status);
    }

    private static String gone(JobStatus known, JobStatus status) {
        if (status.getGone() == known.getGone()) {
            return "";
        }
        if (!status.getGone()) {
            return "; the service knows the job again";
        }
        return "; the service no longer knows the job" + (status.getLostAt() == null ? "" : ", which had not ended: it is lost");
    }

    private static String label(JobState state) {
        return JobStates.label(state);
    }

    private static String word(JobStateEvent seen) {
        return "\"" + Printable.quote(seen.getNativeState()) + "\"";
    }

    private static String text(Duration duration) {
        return duration.toDays() > 1 ? duration.toDays() + " days" : duration.toHours() + " h " + duration.toMinutesPart() + " min";
    }
}
