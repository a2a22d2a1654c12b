package io.jobwatch.topic;

import io.jobwatch.event.JobAlert;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.JobTransition;
import io.jobwatch.event.PollCursor;
import io.jobwatch.event.SourceStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What a topic is like.
 *
 * @param name        full name, prefix included
 * @param partitions  number of partitions, fixed for ever
 * @param retention   how long records stay; empty for a compacted topic
 * @param valueSchema the Avro schema of its values; empty where values are raw bytes
 */
public record TopicSpec(String name, int partitions, Optional<Duration> retention, Optional<Schema> valueSchema) {

    /** The partitions of poll-cursors. A source hashes to one of them, so the number can never change. */
    public static final int LANES = 32;

    /**
     * {@return all topics, in the order of the flow}
     *
     * @param partitions of every topic but poll-cursors
     */
    public static List<TopicSpec> all(TopicNames names, int partitions) {
        return List.of(
                deleted(names.jobStateEvents(), partitions, 7, JobStateEvent.getClassSchema()),
                deleted(names.jobTransitions(), partitions, 30, JobTransition.getClassSchema()),
                deleted(names.jobErrorReports(), partitions, 90, JobErrorReport.getClassSchema()),
                compacted(names.jobStatus(), partitions, JobStatus.getClassSchema()),
                deleted(names.jobAlerts(), partitions, 30, JobAlert.getClassSchema()),
                compacted(names.sourceStatus(), partitions, SourceStatus.getClassSchema()),
                compacted(names.pollCursors(), LANES, PollCursor.getClassSchema()),
                new TopicSpec(names.deadLetters(), partitions, Optional.of(Duration.ofDays(30)), Optional.empty()));
    }

    /** {@return the topic's settings where they differ from the broker's} */
    public Map<String, String> settings() {
        return retention
                .map(time -> Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG, Long.toString(time.toMillis())))
                .orElse(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
    }

    private static TopicSpec deleted(String name, int partitions, int days, Schema schema) {
        return new TopicSpec(name, partitions, Optional.of(Duration.ofDays(days)), Optional.of(schema));
    }

    private static TopicSpec compacted(String name, int partitions, Schema schema) {
        return new TopicSpec(name, partitions, Optional.empty(), Optional.of(schema));
    }
}
