package io.jobwatch.job;

import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import java.time.Instant;

/** Copies between the records that share the fields of an observation. Lists are shared, not copied: nobody modifies them. */
public final class Statuses {

    private Statuses() {
    }

    /** Sets everything in the status that an observation tells. */
    static void take(JobStatus status, JobStateEvent seen) {
        status.setSource(seen.getSource());
        status.setSourceType(seen.getSourceType());
        status.setAccount(seen.getAccount());
        status.setLocation(seen.getLocation());
        status.setJobId(seen.getJobId());
        status.setJobName(seen.getJobName());
        status.setAttempt(seen.getAttempt());
        status.setState(seen.getState());
        status.setNativeState(seen.getNativeState());
        status.setNativeReason(seen.getNativeReason());
        status.setProgress(seen.getProgress());
        status.setCreatedAt(seen.getCreatedAt());
        status.setStartedAt(seen.getStartedAt());
        status.setEndedAt(seen.getEndedAt());
        status.setObservedAt(seen.getObservedAt());
        status.setNotBefore(seen.getNotBefore());
        status.setGone(seen.getGone());
        status.setDetailsAvailable(seen.getDetailsAvailable());
        status.setTasks(seen.getTasks());
        status.setAttributes(seen.getAttributes());
    }

    /** {@return the status, in which it is noted when the alert of its stay was raised} */
    public static JobStatus withStuckAlert(JobStatus status, Instant alertedAt) {
        JobStatus alerted = copyOf(status);
        alerted.setStuckAlertedAt(alertedAt);
        return alerted;
    }

    /** {@return a status of its own with the same values} */
    public static JobStatus copyOf(JobStatus status) {
        return new JobStatus(status.getSource(), status.getSourceType(), status.getAccount(), status.getLocation(), status.getJobId(),
                status.getJobName(), status.getAttempt(), status.getState(), status.getNativeState(), status.getNativeReason(),
                status.getProgress(), status.getCreatedAt(), status.getStartedAt(), status.getEndedAt(), status.getObservedAt(),
                status.getNotBefore(), status.getGone(), status.getDetailsAvailable(), status.getTasks(), status.getAttributes(),
                status.getPreviousState(), status.getStateSince(), status.getChangedAt(), status.getFirstSeenAt(), status.getLostAt(),
                status.getStuckAlertedAt(), status.getSequence(), status.getHistory());
    }
}
