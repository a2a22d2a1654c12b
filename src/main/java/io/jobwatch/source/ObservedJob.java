package io.jobwatch.source;

import io.jobwatch.event.JobState;
import io.jobwatch.event.Task;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A job as one answer of the service shows it. Texts, tasks and attributes may be of any size: {@link JobBounds} cuts them.
 *
 * @param jobId            the service's id, never empty, at most {@value Bounds#JOB_ID_CHARS} characters: it is never cut
 * @param name             the job's name
 * @param attempt          the service's count of runs, from 1
 * @param state            canonical state
 * @param nativeState      the service's own word
 * @param nativeReason     the service's reason for the state
 * @param progress         percent, 0 to 100
 * @param createdAt        by the service's clock
 * @param startedAt        when this attempt began to run; empty where the answer does not prove that it did
 * @param endedAt          when this attempt ended; empty while it has not
 * @param detailsAvailable whether {@code tasks} is what the service knows of the tasks and their errors
 * @param tasks            the tasks, where they were read
 * @param attributes       further facts under the service's own names
 */
public record ObservedJob(
        String jobId,
        Optional<String> name,
        int attempt,
        JobState state,
        String nativeState,
        Optional<String> nativeReason,
        Optional<Integer> progress,
        Optional<Instant> createdAt,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt,
        boolean detailsAvailable,
        List<Task> tasks,
        Map<String, String> attributes) {

    public ObservedJob {
        if (jobId.isEmpty()) {
            throw new IllegalArgumentException("a job without an id");
        }
        if (jobId.length() > Bounds.JOB_ID_CHARS) {
            throw new IllegalArgumentException("a job with an id of " + jobId.length() + " characters, at most " + Bounds.JOB_ID_CHARS
                    + " can be used");
        }
        Objects.requireNonNull(state);
        tasks = List.copyOf(tasks);
        attributes = Map.copyOf(attributes);
    }

    /** {@return the same job with its tasks read} */
    public ObservedJob withTasks(List<Task> read) {
        return withTasks(read, progress);
    }

    /** {@return the same job with its tasks read, and how far they say that it is} */
    public ObservedJob withTasks(List<Task> read, Optional<Integer> told) {
        return new ObservedJob(jobId, name, attempt, state, nativeState, nativeReason, told, createdAt, startedAt, endedAt, true, read,
                attributes);
    }
}
