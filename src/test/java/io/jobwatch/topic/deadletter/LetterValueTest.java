package io.jobwatch.topic.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.job.JobEvents;
import io.jobwatch.registry.AvroEncoder;
import io.jobwatch.registry.InMemorySchemaRegistry;
import io.jobwatch.registry.RegistryException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

class LetterValueTest {
    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private final int id = registry.register("events-value", JobStateEvent.getClassSchema());

    @Test
    void shouldReadAvroOfAKnownSchema() {
        JobStateEvent event = JobEvents.event("7", JobState.ERROR, Instant.parse("2026-11-22T10:15:30Z").toEpochMilli());
        event.setProgress(40);
        event.setTasks(List.of(JobEvents.task("t1", "E1")));
        event.setAttributes(Map.of("queue", "fast"));

        assertThat(LetterValue.of(encoded(event), registry)).isInstanceOfSatisfying(LetterValue.Avro.class, avro -> {
            assertThat(avro.schemaId()).isEqualTo(id);
            assertThat(avro.schema()).isEqualTo("io.jobwatch.event.JobStateEvent");
            assertThat(avro.trouble()).isEmpty();
            assertThat(avro.fields().path("jobId").asText()).isEqualTo("7");
            assertThat(avro.fields().path("state").asText()).isEqualTo("ERROR");
            assertThat(avro.fields().path("progress").intValue()).isEqualTo(40);
            assertThat(avro.fields().path("endedAt").isNull()).isTrue();
            assertThat(avro.fields().path("observedAt").asText()).isEqualTo("2026-11-22T10:15:30Z");
            assertThat(avro.fields().at("/tasks/0/errors/0/code").asText()).isEqualTo("E1");
            assertThat(avro.fields().at("/attributes/queue").asText()).isEqualTo("fast");
            assertThat(avro.fields().path("gone").isBoolean()).isTrue();
        });
    }

    @Test
    void shouldReadTheFieldsBeforeWhatIsWrong() {
        byte[] whole = encoded(JobEvents.event("7", JobState.ERROR, 10_000));

        assertThat(LetterValue.of(Arrays.copyOf(whole, 30), registry)).isInstanceOfSatisfying(LetterValue.Avro.class, avro -> {
            assertThat(avro.fields().path("source").asText()).isEqualTo("encoder-eu");
            assertThat(avro.fields().has("jobId")).isFalse();
            assertThat(avro.trouble()).get().asString().startsWith("field account: ");
        });
    }

    @Test
    void shouldSayThatBytesGoOn() {
        byte[] whole = encoded(JobEvents.event("7", JobState.ERROR, 10_000));

        assertThat(LetterValue.of(Arrays.copyOf(whole, whole.length + 1), registry)).isInstanceOfSatisfying(LetterValue.Avro.class,
                avro -> assertThat(avro.trouble()).contains("bytes go on after the last field"));
    }

    @Test
    void shouldShowBytesOfBytesAndFixed() {
        Schema schema = SchemaBuilder.record("Raw").fields().requiredBytes("b").name("f").type().fixed("F").size(2).noDefault()
                .requiredDouble("d").endRecord();
        int raw = registry.register("raw-value", schema);
        byte[] value = ByteBuffer.allocate(5 + 3 + 2 + 8).put((byte) 0).putInt(raw).put(new byte[] {4, 0x0a, (byte) 0xff, 1, 2}).array();

        assertThat(LetterValue.of(value, registry)).isInstanceOfSatisfying(LetterValue.Avro.class,
                avro -> assertThat(avro.fields()).hasToString("{\"b\":\"0aff\",\"f\":\"0102\",\"d\":0.0}"));
    }

    @Test
    void shouldReadText() {
        assertThat(LetterValue.of("{\"Id\": \"ü\"}".getBytes(StandardCharsets.UTF_8), registry))
                .isEqualTo(new LetterValue.Text("{\"Id\": \"ü\"}"));
        assertThat(LetterValue.of(new byte[0], registry)).isEqualTo(new LetterValue.Text(""));
    }

    @Test
    void shouldSayWhyBytesAreOnlyBytes() {
        assertThat(LetterValue.of(new byte[] {1, (byte) 0xff}, registry)).isInstanceOfSatisfying(LetterValue.Bytes.class,
                bytes -> assertThat(bytes.why()).contains("wire format", "not UTF-8"));
        assertThat(LetterValue.of(new byte[] {0, 0, 0, 0, 99, 1}, registry)).isInstanceOfSatisfying(LetterValue.Bytes.class,
                bytes -> assertThat(bytes.why()).contains("schema 99", "not found"));
        int text = registry.register("text-value", Schema.create(Schema.Type.STRING));
        assertThat(LetterValue.of(ByteBuffer.allocate(6).put((byte) 0).putInt(text).array(), registry))
                .isEqualTo(new LetterValue.Bytes("schema " + text + " is no record but STRING"));
    }

    @Test
    void shouldDoWithoutTheRegistry() {
        byte[] value = encoded(JobEvents.event("7", JobState.ERROR, 10_000));
        registry.failWith(new RegistryException(RegistryException.Kind.UNAVAILABLE, "connection refused"));

        assertThat(LetterValue.of(value, registry)).isEqualTo(new LetterValue.Bytes("schema " + id + ": connection refused"));
    }

    @Test
    void shouldKnowThatThereIsNoValue() {
        assertThat(LetterValue.of(null, registry)).isEqualTo(new LetterValue.Absent());
    }

    private byte[] encoded(JobStateEvent event) {
        return new AvroEncoder<JobStateEvent>(id).encode(event);
    }
}
