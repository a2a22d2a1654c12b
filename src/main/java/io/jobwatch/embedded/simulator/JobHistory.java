package io.jobwatch.embedded.simulator;

import io.jobwatch.event.JobState;
import java.time.Instant;
import java.util.List;

/**
 * The truth about one simulated job: what has happened to it so far, whether or not anybody asked.
 *
 * @param jobId   the job's id
 * @param name    the job's name
 * @param changes every state that the job has been in, in order, the first at its creation
 * @param errors  the errors of its tasks, in the order of the tasks; empty until the job ends in {@link JobState#ERROR}
 */
public record JobHistory(String jobId, String name, List<Change> changes, List<TaskError> errors) {

    public JobHistory {
        changes = List.copyOf(changes);
        errors = List.copyOf(errors);
    }

    /** A state and when the job entered it (UTC, milliseconds). */
    public record Change(JobState state, Instant at) {
    }

    /** An error that a task ended with. */
    public record TaskError(String taskId, String code, String message) {
    }

    /** {@return the state that the job is in now} */
    public JobState state() {
        return changes.get(changes.size() - 1).state();
    }

    /** {@return the states so far, without their times} */
    public List<JobState> path() {
        return changes.stream().map(Change::state).toList();
    }
}
