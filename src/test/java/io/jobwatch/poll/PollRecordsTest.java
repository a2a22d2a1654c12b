package io.jobwatch.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.SourceStatus;
import io.jobwatch.job.JobEvents;
import io.jobwatch.registry.InMemorySchemaRegistry;
import io.jobwatch.source.BadItem;
import io.jobwatch.topic.EventHeaders;
import io.jobwatch.topic.Partitions;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import io.jobwatch.topic.TopicSpec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class PollRecordsTest {
    private static final TopicNames TOPICS = new TopicNames("jobwatch.");
    private static final int PARTITIONS = 6;

    private final PollRecords records = new PollRecords("encoder", Lanes.of("encoder"), TOPICS, PARTITIONS,
            TopicSchemas.register(new InMemorySchemaRegistry(), TopicSpec.all(TOPICS, PARTITIONS)), new EventHeaders("jobwatch"));

    @Test
    void shouldCutABadItemThatIsTooLargeForARecord() {
        ProducerRecord<byte[], byte[]> letter = deadLetter(new BadItem(new byte[5_000_000], "not a job"));

        assertThat(letter.value()).hasSize(256 * 1024);
        assertThat(header(letter, "__streams.errors.message")).isEqualTo("not a job (the item is cut, 5000000 bytes in all)");
        assertThat(header(letter, "jobwatch.value.length")).isEqualTo("5000000");
    }

    @Test
    void shouldKeepABadItemAsItCame() {
        ProducerRecord<byte[], byte[]> letter = deadLetter(new BadItem(new byte[] {1, 2, 3}, "not a job"));

        assertThat(letter.value()).containsExactly(1, 2, 3);
        assertThat(letter.partition()).isEqualTo(Partitions.ofKey("encoder".getBytes(StandardCharsets.UTF_8), PARTITIONS));
        assertThat(header(letter, "__streams.errors.message")).isEqualTo("not a job");
        assertThat(header(letter, "jobwatch.origin")).isEqualTo("poll");
        assertThat(header(letter, "jobwatch.source")).isEqualTo("encoder");
        assertThat(header(letter, "jobwatch.reason")).isEqualTo("BAD_ITEM");
        assertThat(letter.headers().lastHeader("jobwatch.value.length")).isNull();
    }

    @Test
    void shouldGiveAnEventAndAStatusIdsByTheKeyAndTheTimeOfTheLook() {
        JobStateEvent seen = JobEvents.event("7", JobState.QUEUED, 10_000);
        JobStateEvent later = JobEvents.event("7", JobState.QUEUED, 10_001);
        SourceStatus status = new SourceStatus();
        status.setSource("encoder");
        status.setSourceType("ams-v2");
        status.setAccount("contoso");
        status.setOwner("here");
        status.setUpdatedAt(Instant.ofEpochMilli(10_000));

        List<ProducerRecord<byte[], byte[]>> made = records.of(new Changes(List.of(seen, later), Map.of(), List.of(), Set.of(), 0),
                SourceMemory.toCursor("encoder", Instant.EPOCH, Optional.empty(), Set.of()));

        assertThat(header(made.get(0), "ce_id")).isEqualTo("encoder/7#JobStateEvent.10000");
        assertThat(header(made.get(1), "ce_id")).isEqualTo("encoder/7#JobStateEvent.10001");
        assertThat(header(records.of(status), "ce_id")).isEqualTo("encoder#SourceStatus.10000");
        assertThat(made.get(2).topic()).isEqualTo(TOPICS.pollCursors());
        assertThat(made.get(2).headers()).as("no event but the poller's own memory").isEmpty();
    }

    private ProducerRecord<byte[], byte[]> deadLetter(BadItem item) {
        Changes changes = new Changes(List.of(), Map.of(), List.of(item), Set.of("hash"), 0);
        List<ProducerRecord<byte[], byte[]>> made =
                records.of(changes, SourceMemory.toCursor("encoder", Instant.EPOCH, Optional.empty(), Set.of("hash")));
        assertThat(made).extracting(ProducerRecord::topic).containsExactly(TOPICS.deadLetters(), TOPICS.pollCursors());
        return made.get(0);
    }

    private static String header(ProducerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
