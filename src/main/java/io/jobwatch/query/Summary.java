package io.jobwatch.query;

import io.jobwatch.event.JobState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The whole at a glance.
 *
 * @param jobs         the number of jobs by source and state; states without jobs are left out
 * @param oldestQueued the queued job that has waited longest, by jobwatch's clock
 * @param failures     how many attempts failed with a code, most first; the first hundred
 */
public record Summary(Map<String, Map<JobState, Long>> jobs, Optional<Waiting> oldestQueued, List<Failures> failures) {

    /**
     * A job that waits.
     *
     * @param jobName   null where it has none
     * @param changedAt when jobwatch saw it enter the state
     */
    public record Waiting(String source, String jobId, String jobName, Instant changedAt) {
    }

    /**
     * Attempts of a source that ended in ERROR with a code; an attempt with several codes counts once for each.
     *
     * @param code empty where the service gave none
     */
    public record Failures(String source, String code, long count) {
    }
}
