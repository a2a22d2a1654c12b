package io.jobwatch.topology;

import static io.jobwatch.topology.StreamCluster.await;
import static io.jobwatch.topology.StreamCluster.count;
import static io.jobwatch.topology.StreamCluster.failedThreads;
import static io.jobwatch.topology.StreamCluster.header;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.job.JobEvents;
import io.jobwatch.registry.HttpSchemaRegistry;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topology.BadRecordException.Reason;
import io.jobwatch.topology.StreamCluster.Stream;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes a dead letter on a real broker, and what must not. */
class DeadLetterIT {
    private static final long START = System.currentTimeMillis() - 3_600_000;

    @TempDir
    private static Path folder;
    private static StreamCluster cluster;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @BeforeAll
    static void startCluster() {
        cluster = new StreamCluster(folder.resolve("broker"));
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @Test
    void shouldKeepEachKindOfBadRecordWithItsHeadersCountItAndGoOn() throws Exception {
        Stream stream = cluster.topics("bad-records");
        JobStateEvent good = JobEvents.event("7", JobState.QUEUED, START);
        byte[] key = DrivenTopology.key(good);
        JobStateEvent tooLarge = JobEvents.event("large", JobState.QUEUED, START);
        tooLarge.setNativeReason("x".repeat(999_700));
        byte[] unknownId = stream.encoded(good);
        ByteBuffer.wrap(unknownId).putInt(1, 987_654);
        try (TopologyRunner runner = stream.start(meters, folder.resolve("bad-records"))) {
            assertLetter(stream, key, utf8("no Avro"), Reason.MALFORMED_VALUE, "not in the Confluent wire format");
            assertLetter(stream, key, unknownId, Reason.MALFORMED_VALUE, "no schema 987654");
            assertLetter(stream, key, Arrays.copyOf(stream.encoded(good), 20), Reason.MALFORMED_VALUE, "not a JobStateEvent");
            assertLetter(stream, utf8("encoder-eu/8"), stream.encoded(good), Reason.KEY_CONTRADICTS_VALUE, "the key is encoder-eu/8");
            assertLetter(stream, utf8("encoder-eu/"), stream.encoded(JobEvents.event("", JobState.QUEUED, START)), Reason.BAD_KEY,
                    "expected <source>/<jobId>, both not empty");
            assertLetter(stream, null, stream.encoded(good), Reason.BAD_KEY, "the key is null");
            assertLetter(stream, key, null, Reason.NULL_VALUE, "an event cannot be a tombstone");
            assertLetter(stream, key, stream.encoded(JobEvents.event("7", JobState.QUEUED, System.currentTimeMillis() + 2 * 3_600_000)),
                    Reason.MALFORMED_VALUE, "in the future");
            assertLetter(stream, DrivenTopology.key(tooLarge), stream.encoded(tooLarge), Reason.TOO_LARGE, "an output of");
            assertThat(failedThreads(runner)).isZero();
        }
        assertThat(stream.transitions()).extracting(t -> t.getJobId() + " " + t.getCurrentState())
                .as("the good records between the bad ones, and nothing of the bad ones").hasSize(9)
                .allMatch(text -> text.matches("good-\\d QUEUED"));
        assertThat(stream.statuses()).hasSize(9);
    }

    private void assertLetter(Stream stream, byte[] key, byte[] value, Reason reason, String message) throws Exception {
        int before = stream.deadLetters().size();
        double counted = count(meters, "jobwatch.dead.letters");
        long offset = 2L * before;
        stream.send(key, value);
        stream.send(JobEvents.event("good-" + before, JobState.QUEUED, START));
        await().until(() -> stream.transitions().size() == before + 1);

        List<ConsumerRecord<byte[], byte[]>> letters = stream.deadLetters();
        assertThat(letters).hasSize(before + 1);
        ConsumerRecord<byte[], byte[]> letter = letters.get(before);
        assertThat(letter.key()).isEqualTo(key);
        assertThat(letter.value()).isEqualTo(value == null ? null : Arrays.copyOf(value, Math.min(value.length, 900_000)));
        assertThat(header(letter, "jobwatch.origin")).isEqualTo("stream");
        assertThat(header(letter, "jobwatch.reason")).isEqualTo(reason.name());
        assertThat(header(letter, "__streams.errors.exception")).isEqualTo(BadRecordException.class.getName());
        assertThat(header(letter, "__streams.errors.message")).startsWith(reason + ": ").contains(message);
        assertThat(header(letter, "__streams.errors.topic")).isEqualTo(stream.topics.jobStateEvents());
        assertThat(header(letter, "__streams.errors.partition")).isEqualTo("0");
        assertThat(header(letter, "__streams.errors.offset")).isEqualTo(Long.toString(offset));
        assertThat(count(meters, "jobwatch.dead.letters", "origin", "stream", "reason", reason.name())).isPositive();
        assertThat(count(meters, "jobwatch.dead.letters")).as("letters counted").isEqualTo(counted + 1);
    }

    @Test
    void shouldUndoWhatABugLeftHalfDoneAndGoOnWhenItIsMended() throws Exception {
        Stream stream = cluster.topics("bug");
        BuggyMeters buggy = new BuggyMeters(JobState.ERROR);
        try (TopologyRunner runner = stream.start(buggy, folder.resolve("bug"))) {
            stream.send(JobEvents.event("1", JobState.QUEUED, START), JobEvents.event("2", JobState.QUEUED, START));
            await().until(() -> stream.transitions().size() == 2);
            stream.send(JobEvents.event("1", JobState.PROCESSING, START + 1_000), JobEvents.event("2", JobState.ERROR, START + 1_000),
                    JobEvents.event("1", JobState.ERROR, START + 2_000));
            await().until(() -> failedThreads(runner) >= 1);

            assertThat(stream.transitions()).extracting(t -> t.getJobId() + " " + t.getCurrentState())
                    .doesNotContain("2 ERROR", "1 ERROR");
            assertThat(stream.reports()).isEmpty();
            assertThat(stream.statuses()).extractingByKey("2").satisfies(status -> assertThat(status.getSequence()).isEqualTo(1));

            buggy.mend();

            await().until(() -> stream.transitions().size() >= 5);
            assertThat(stream.transitions()).extracting(t -> t.getJobId() + " " + t.getSequence() + " " + t.getCurrentState())
                    .containsExactly("1 1 QUEUED", "2 1 QUEUED", "1 2 PROCESSING", "2 2 ERROR", "1 3 ERROR");
            assertThat(stream.reports()).extracting(JobErrorReport::getJobId).containsExactly("2", "1");
        }
        assertThat(stream.deadLetters()).isEmpty();
        assertThat(count(buggy, "jobwatch.dead.letters")).isZero();
    }

    @Test
    void shouldWaitForTheRegistryWhenItDoesNotAnswerOrRefusesAndThenGoOn() throws Exception {
        try (RegistryGate gate = new RegistryGate(cluster.registryUrl())) {
            Stream stream = cluster.topics("outage", gate.url());
            try (TopologyRunner runner = stream.start(meters, folder.resolve("outage"))) {
                stream.send(JobEvents.event("1", JobState.QUEUED, START));
                await().until(() -> stream.transitions().size() == 1);
                byte[] later = ofALaterSchema(stream, JobEvents.event("1", JobState.PROCESSING, START + 1_000));
                gate.shut();
                stream.send(DrivenTopology.key(JobEvents.event("1", JobState.PROCESSING, START)), later);
                stream.send(JobEvents.event("1", JobState.FINISHED, START + 2_000));
                await().until(() -> failedThreads(runner) >= 1);
                gate.open();
                for (int status : List.of(401, 503, RegistryGate.SILENCE)) {
                    gate.refuse(status);
                    await().until(() -> gate.refused() > 0);
                }
                await().until(() -> failedThreads(runner) >= 4);

                assertThat(stream.transitions()).hasSize(1);
                assertThat(stream.deadLetters()).isEmpty();

                gate.open();

                await().until(() -> stream.transitions().size() >= 3);
                assertThat(stream.transitions()).extracting(t -> t.getSequence() + " " + t.getCurrentState())
                        .containsExactly("1 QUEUED", "2 PROCESSING", "3 FINISHED");
            }
            assertThat(stream.deadLetters()).isEmpty();
            assertThat(count(meters, "jobwatch.dead.letters")).isZero();
        }
    }

    /** {@return the event as a later release would write it, which knows a field more} The topology's client has not met its schema. */
    private static byte[] ofALaterSchema(Stream stream, JobStateEvent event) throws Exception {
        JsonMapper mapper = new JsonMapper();
        ObjectNode schema = (ObjectNode) mapper.readTree(JobStateEvent.getClassSchema().toString());
        ((ArrayNode) schema.get("fields")).addObject().put("name", "ofALaterRelease").put("default", 0).put("type", "int");
        int id;
        try (SchemaRegistry registry = new HttpSchemaRegistry(HttpSchemaRegistry.urls(cluster.registryUrl()), Map.of())) {
            id = registry.register(TopicNames.subject(stream.topics.jobStateEvents()), new Schema.Parser().parse(schema.toString()));
        }
        byte[] known = stream.encoded(event);
        // The last field follows the others: the number 0 is one byte.
        byte[] later = Arrays.copyOf(known, known.length + 1);
        ByteBuffer.wrap(later).putInt(1, id);
        return later;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
