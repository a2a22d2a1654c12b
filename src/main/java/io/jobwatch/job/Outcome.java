package io.jobwatch.job;

import io.jobwatch.event.JobStatus;
import io.jobwatch.event.JobTransition;
import java.util.Optional;

/** What an observation did. */
public sealed interface Outcome {

    /** The job's state changed. The status and the transition belong together: both are published or neither. */
    record Changed(JobStatus status, JobTransition transition) implements Outcome {
    }

    /** The state is as it was; other facts are newer. */
    record Refreshed(JobStatus status) implements Outcome {
    }

    /**
     * The observation raised nothing.
     *
     * @param reason why
     * @param status the status, where something of the observation was kept all the same: the native state of a live job, or that it is
     *               gone
     */
    record Dropped(DropReason reason, Optional<JobStatus> status) implements Outcome {
    }
}
