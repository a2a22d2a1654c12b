package io.jobwatch.query;

import io.jobwatch.event.JobStatus;
import io.jobwatch.topic.JobKey;
import io.jobwatch.topology.Explanation;
import java.util.Optional;

/** Tells of each observation of a job what was decided of it and why; {@link io.jobwatch.topology.Explainer} does. Thread-safe. */
@FunctionalInterface
public interface JobExplainer {

    /**
     * {@return the observations that are still in the topic} It reads the topic, which may take seconds.
     *
     * @param status the job's present status, if there is one
     */
    Explanation explain(JobKey job, Optional<JobStatus> status);
}
