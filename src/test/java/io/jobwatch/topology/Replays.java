package io.jobwatch.topology;

import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.job.StateMachine;
import io.jobwatch.registry.InMemorySchemaRegistry;
import io.jobwatch.topic.EventHeaders;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import io.jobwatch.topic.TopicSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Records of a partition that no broker has, and what a replay makes of them. */
final class Replays {
    static final TopicNames TOPICS = new TopicNames("jobwatch.");

    private final TopicSchemas schemas = TopicSchemas.register(new InMemorySchemaRegistry(), TopicSpec.all(TOPICS, 3));
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    private Explainer.Limits limits = Explainer.Limits.DEFAULT;
    private Duration retainTerminalFor = Duration.ofDays(7);
    private long firstOffset;

    /** The topic begins there. */
    Replays from(long offset) {
        firstOffset = offset;
        return this;
    }

    Replays retaining(Duration retained) {
        retainTerminalFor = retained;
        return this;
    }

    Replays limited(int observations, long bytes) {
        limits = new Explainer.Limits(Duration.ofSeconds(1), observations, bytes);
        return this;
    }

    Replays add(JobStateEvent event) {
        return add(DrivenTopology.key(event), encoded(event), event.getObservedAt().toEpochMilli());
    }

    Replays add(byte[] key, byte[] value, long timestamp) {
        records.add(new ConsumerRecord<>(TOPICS.jobStateEvents(), 2, firstOffset + records.size(), timestamp, TimestampType.CREATE_TIME,
                key == null ? 0 : key.length, value == null ? 0 : value.length, key, value, new RecordHeaders(), Optional.empty()));
        return this;
    }

    byte[] encoded(JobStateEvent event) {
        return schemas.<JobStateEvent>encoder(TOPICS.jobStateEvents()).encode(event);
    }

    List<ConsumerRecord<byte[], byte[]>> records() {
        return records;
    }

    List<ExplainedObservation> explained() {
        return replay(Optional.empty()).explained();
    }

    List<ExplainedObservation> explained(JobStatus status) {
        return replay(Optional.of(status)).explained();
    }

    Replay replay(Optional<JobStatus> status) {
        Replay replay = new Explainer(Map.of(), TOPICS, schemas, new StateMachine(retainTerminalFor), new EventHeaders("test"), limits)
                .replay(firstOffset == 0, status);
        records.forEach(replay::take);
        return replay;
    }
}
