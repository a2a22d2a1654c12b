package io.jobwatch.poll;

import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.PollCursor;
import io.jobwatch.job.JobStates;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the poller remembers of a job.
 *
 * @param fingerprint   of the job as it was last listed and published; empty for a job that is gone
 * @param state         the last published state
 * @param attempt       the last published attempt
 * @param attemptOffset what is added to the service's attempt, because the service used the id again
 * @param createdAt     of the job behind the id
 * @param observedAt    of the last published event
 * @param last          the last published event, without its tasks once the job has ended; empty for a job that was marked as seen without
 *             an event
 */
record JobMemory(
        String fingerprint,
        JobState state,
        int attempt,
        int attemptOffset,
        Optional<Instant> createdAt,
        Optional<Instant> observedAt,
        Optional<JobStateEvent> last) {

    private static final String GONE = "";

    /**
     * {@return the memory of a job whose event is published now}
     *
     * @param createdBefore when the job was created as far as it was told before, for a service that does not always tell
     */
    static JobMemory ofPublished(String fingerprint, int attemptOffset, JobStateEvent event, Optional<Instant> createdBefore) {
        return new JobMemory(fingerprint, event.getState(), event.getAttempt(), attemptOffset,
                Optional.ofNullable(event.getCreatedAt()).or(() -> createdBefore),
                Optional.of(event.getObservedAt()), Optional.of(JobStates.isTerminal(event.getState()) ? withoutTasks(event) : event));
    }

    /**
     * {@return the memory of a job that the service no longer knows} Its attempt is kept for a while: a service that begins to count its
     * ids anew uses them again for other jobs, long after the first ones are gone, and the attempt must rise then.
     */
    JobMemory gone(Instant at) {
        return new JobMemory(GONE, state, attempt, attemptOffset, createdAt, Optional.of(at), Optional.empty());
    }

    static JobMemory ofCursor(PollCursor cursor) {
        return new JobMemory(cursor.getFingerprint(), cursor.getState(), cursor.getAttempt(), cursor.getAttemptOffset(),
                Optional.ofNullable(cursor.getCreatedAt()), Optional.ofNullable(cursor.getObservedAt()),
                Optional.ofNullable(cursor.getLast()));
    }

    boolean live() {
        return !isGone() && !JobStates.isTerminal(state);
    }

    boolean isGone() {
        return fingerprint.equals(GONE);
    }

    PollCursor toCursor(String source, String jobId) {
        PollCursor cursor = new PollCursor();
        cursor.setSource(source);
        cursor.setJobId(jobId);
        cursor.setBadItems(List.of());
        cursor.setFingerprint(fingerprint);
        cursor.setState(state);
        cursor.setAttempt(attempt);
        cursor.setAttemptOffset(attemptOffset);
        cursor.setCreatedAt(createdAt.orElse(null));
        cursor.setObservedAt(observedAt.orElse(null));
        cursor.setLast(last.orElse(null));
        return cursor;
    }

    /** Ended jobs are remembered in great numbers, and their tasks are in job-status. */
    private static JobStateEvent withoutTasks(JobStateEvent event) {
        return JobStateEvent.newBuilder(event).setTasks(List.of()).setDetailsAvailable(false).build();
    }
}
