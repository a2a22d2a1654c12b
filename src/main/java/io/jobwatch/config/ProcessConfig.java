package io.jobwatch.config;

import io.jobwatch.event.JobState;
import java.time.Duration;
import java.util.Map;

/**
 * How the topology runs.
 *
 * @param stateStore        where the job-status store lives
 * @param standbyReplicas   copies of the store on other instances
 * @param stuckAfter        longest normal stay in a state; states without an entry never count as stuck
 * @param downAfter         longest time without a successful look at a source
 * @param retainTerminalFor how long an ended or lost job is remembered
 * @param properties        further Kafka Streams settings
 */
public record ProcessConfig(
        StateStore stateStore,
        int standbyReplicas,
        Map<JobState, Duration> stuckAfter,
        Duration downAfter,
        Duration retainTerminalFor,
        Map<String, String> properties) {

    /** Where the job-status store lives. */
    public enum StateStore { ROCKSDB, MEMORY }
}
