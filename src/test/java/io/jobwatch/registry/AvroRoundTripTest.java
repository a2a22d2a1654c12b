package io.jobwatch.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jobwatch.event.EventRecord;
import io.jobwatch.event.JobAlert;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.JobTransition;
import io.jobwatch.event.PollCursor;
import io.jobwatch.event.SourceStatus;
import io.jobwatch.event.StateChange;
import io.jobwatch.event.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AvroRoundTripTest {
    private static final String SUBJECT = "test-value";
    private static final StateChange CHANGE = StateChange.newBuilder()
            .setState(JobState.PROCESSING).setOccurredAt(Instant.ofEpochMilli(1_700_000_000_123L)).setAttempt(3).build();

    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private final AvroDecoder<StateChange> decoder = new AvroDecoder<>(registry, StateChange.getClassSchema());

    static Stream<Schema> everyTopicsSchema() {
        return Stream.of(JobStateEvent.getClassSchema(), JobTransition.getClassSchema(), JobErrorReport.getClassSchema(),
                JobStatus.getClassSchema(), JobAlert.getClassSchema(), SourceStatus.getClassSchema(), PollCursor.getClassSchema());
    }

    @ParameterizedTest
    @MethodSource("everyTopicsSchema")
    void shouldReadBackEveryField(Schema schema) {
        EventRecord written = FilledRecords.filled(schema);
        byte[] bytes = new AvroEncoder<>(registry.register(SUBJECT, schema)).encode(written);

        EventRecord read = new AvroDecoder<>(registry, schema).decode(bytes);

        assertThat(read).isEqualTo(written).hasSameClassAs(written);
        assertThat(read.toString()).isEqualTo(written.toString());
    }

    @Test
    void shouldReadStringsAsJavaStringsAlthoughThePublishedSchemaDoesNotSaySo() {
        Schema schema = Task.getClassSchema();
        Task task = (Task) FilledRecords.filled(schema);

        byte[] bytes = new AvroEncoder<Task>(registry.register(SUBJECT, schema)).encode(task);
        Task read = new AvroDecoder<Task>(registry, schema).decode(bytes);

        assertThat(registry.schemaById(1).toString()).doesNotContain("avro.java.string");
        assertThat((Object) read.getTaskId()).isInstanceOf(String.class);
        assertThat((Object) read.getErrors().get(0).getMessage()).isInstanceOf(String.class);
    }

    @Test
    void shouldFrameTheValueInTheConfluentWireFormat() {
        byte[] bytes = new AvroEncoder<StateChange>(0x01020384).encode(CHANGE);

        assertThat(Arrays.copyOf(bytes, 5)).containsExactly(0, 1, 2, 3, 0x84);
        assertThat(WireFormat.schemaId(bytes)).isEqualTo(0x01020384);
    }

    @Test
    void shouldWriteEachRecordWholeWhenTheBufferIsUsedAgain() {
        AvroEncoder<StateChange> encoder = encoder();
        StateChange other = StateChange.newBuilder(CHANGE).setAttempt(4).build();

        byte[] first = encoder.encode(CHANGE);
        byte[] second = encoder.encode(other);

        assertThat(decoder.decode(first)).isEqualTo(CHANGE);
        assertThat(decoder.decode(second)).isEqualTo(other);
    }

    @Test
    void shouldFillAFieldThatTheWriterDidNotKnow() throws IOException {
        Schema older = SchemaBuilder.record("StateChange").namespace("io.jobwatch.event").fields()
                .name("occurredAt").type(StateChange.getClassSchema().getField("occurredAt").schema()).noDefault()
                .endRecord();
        GenericRecord written = new GenericData.Record(older);
        written.put("occurredAt", 42L);

        StateChange read = decoder.decode(framed(registry.register(SUBJECT, older), written));

        assertThat(read).isEqualTo(StateChange.newBuilder()
                .setState(JobState.UNKNOWN).setOccurredAt(Instant.ofEpochMilli(42)).setAttempt(1).build());
    }

    @Test
    void shouldSkipAFieldThatTheReaderDoesNotKnow() throws IOException {
        Schema newer = SchemaBuilder.record("StateChange").namespace("io.jobwatch.event").fields()
                .name("why").type().stringType().noDefault()
                .name("state").type(JobState.getClassSchema()).noDefault()
                .name("occurredAt").type(StateChange.getClassSchema().getField("occurredAt").schema()).noDefault()
                .name("attempt").type().intType().noDefault()
                .endRecord();
        GenericRecord written = new GenericData.Record(newer);
        written.put("why", "added later");
        written.put("state", new GenericData.EnumSymbol(JobState.getClassSchema(), "PROCESSING"));
        written.put("occurredAt", 1_700_000_000_123L);
        written.put("attempt", 3);

        assertThat(decoder.decode(framed(registry.register(SUBJECT, newer), written))).isEqualTo(CHANGE);
    }

    @Test
    void shouldReadAStateAddedLaterAsUnknown() throws IOException {
        Schema states = SchemaBuilder.enumeration("JobState").namespace("io.jobwatch.event")
                .defaultSymbol("UNKNOWN").symbols("UNKNOWN", "PAUSED");
        Schema newer = SchemaBuilder.record("StateChange").namespace("io.jobwatch.event").fields()
                .name("state").type(states).noDefault()
                .name("occurredAt").type(StateChange.getClassSchema().getField("occurredAt").schema()).noDefault()
                .endRecord();
        GenericRecord written = new GenericData.Record(newer);
        written.put("state", new GenericData.EnumSymbol(states, "PAUSED"));
        written.put("occurredAt", 1L);

        assertThat(decoder.decode(framed(registry.register(SUBJECT, newer), written)).getState()).isEqualTo(JobState.UNKNOWN);
    }

    @Test
    void shouldSayThatTheBytesAreBadWhenTheWritersSchemaDoesNotFit() throws IOException {
        Schema foreign = SchemaBuilder.record("Order").fields().requiredString("sku").endRecord();
        GenericRecord written = new GenericData.Record(foreign);
        written.put("sku", "x");
        byte[] bytes = framed(registry.register(SUBJECT, foreign), written);

        assertThatThrownBy(() -> decoder.decode(bytes)).isInstanceOf(MalformedValueException.class).hasMessageContaining("StateChange");
    }

    @Test
    void shouldSayThatTheBytesAreBadAtEveryLengthButTheRightOne() {
        Schema schema = JobStatus.getClassSchema();
        byte[] whole = new AvroEncoder<>(registry.register(SUBJECT, schema)).encode(FilledRecords.filled(schema));
        AvroDecoder<JobStatus> statuses = new AvroDecoder<>(registry, schema);

        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> statuses.decode(cut)).as("cut to %d bytes", length).isInstanceOf(MalformedValueException.class);
        }
        byte[] longer = Arrays.copyOf(whole, whole.length + 1);
        assertThatThrownBy(() -> statuses.decode(longer))
                .isInstanceOf(MalformedValueException.class).hasMessageContaining("go on after the end");
        assertThat(statuses.decode(whole)).isEqualTo(FilledRecords.filled(schema));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, 100, 50_000_000, Integer.MAX_VALUE - 9, Integer.MAX_VALUE, Long.MAX_VALUE})
    void shouldSayThatTheBytesAreBadWhenALengthIsALie(long claimed) throws IOException {
        Schema schema = Task.getClassSchema();
        int id = registry.register(SUBJECT, schema);
        AvroDecoder<Task> tasks = new AvroDecoder<>(registry, schema);

        byte[] text = framed(id, out -> out.writeLong(claimed));
        byte[] array = framed(id, out -> {
            out.writeString("task");
            out.writeIndex(0);
            out.writeEnum(0);
            out.writeString("");
            out.writeIndex(0);
            out.writeIndex(0);
            out.writeIndex(0);
            out.writeLong(claimed);
        });

        assertThatThrownBy(() -> tasks.decode(text)).isInstanceOf(MalformedValueException.class);
        assertThatThrownBy(() -> tasks.decode(array)).isInstanceOf(MalformedValueException.class);
    }

    @Test
    void shouldSayThatTheBytesAreBadWhenTheyAreNotFramed() {
        assertThatThrownBy(() -> decoder.decode(null)).isInstanceOf(MalformedValueException.class).hasMessageContaining("null");
        assertThatThrownBy(() -> decoder.decode("{\"state\": 1}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(MalformedValueException.class)
                .hasMessageContaining("not in the Confluent wire format: 12 bytes, the first is 123");
    }

    @Test
    void shouldSayThatTheBytesAreBadWhenTheRegistryDoesNotKnowTheirSchema() {
        byte[] bytes = new AvroEncoder<StateChange>(77).encode(CHANGE);

        assertThatThrownBy(() -> decoder.decode(bytes)).isInstanceOf(MalformedValueException.class).hasMessageContaining("77");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UNAVAILABLE", "UNAUTHORIZED", "REJECTED"})
    void shouldNotBlameTheBytesForAnOutageAndReadThemAfterIt(RegistryException.Kind kind) {
        byte[] bytes = encoder().encode(CHANGE);

        RegistryException outage = new RegistryException(kind, "down");
        registry.failWith(outage);
        assertThatThrownBy(() -> decoder.decode(bytes)).isSameAs(outage);
        registry.failWith(null);

        assertThat(decoder.decode(bytes)).isEqualTo(CHANGE);
    }

    @Test
    void shouldAskForASchemaOnce() {
        byte[] bytes = encoder().encode(CHANGE);

        decoder.decode(bytes);
        decoder.decode(bytes);

        assertThat(registry.lookups()).isEqualTo(1);
    }

    private AvroEncoder<StateChange> encoder() {
        return new AvroEncoder<>(registry.register(SUBJECT, StateChange.getClassSchema()));
    }

    private interface Writing {
        void to(BinaryEncoder out) throws IOException;
    }

    private static byte[] framed(int id, GenericRecord record) throws IOException {
        return framed(id, out -> new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, out));
    }

    private static byte[] framed(int id, Writing writing) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(WireFormat.MAGIC);
        bytes.writeBytes(ByteBuffer.allocate(4).putInt(id).array());
        BinaryEncoder out = EncoderFactory.get().binaryEncoder(bytes, null);
        writing.to(out);
        out.flush();
        return bytes.toByteArray();
    }
}
