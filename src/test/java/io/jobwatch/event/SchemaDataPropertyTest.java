package io.jobwatch.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.registry.AvroDecoder;
import io.jobwatch.registry.AvroEncoder;
import io.jobwatch.registry.InMemorySchemaRegistry;
import io.jobwatch.registry.TrustedEvents;
import io.jobwatch.registry.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;

/** What the rules for schemas are for, with data: whatever one version writes, each other one reads, and both mean the same. */
class SchemaDataPropertyTest {
    /** The records that stand in topics; the others are parts of them. */
    private static final List<String> TOPIC_RECORDS = List.of("JobStateEvent", "JobTransition", "JobErrorReport", "JobStatus", "JobAlert",
            "SourceStatus", "PollCursor");

    private final List<SchemaSet> versions = SchemaSet.all();
    private final SchemaSet current = versions.get(versions.size() - 1);

    SchemaDataPropertyTest() throws IOException {
        TrustedEvents.allow();
    }

    /** A record that was written with one version. */
    record Written(SchemaSet version, String type, Object value) {
        Schema schema() {
            return version.files().get(type);
        }

        @Override
        public String toString() {
            return type + " of " + version.version() + ": " + value;
        }
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void shouldReadWithEachVersionWhatAnotherOneWrote(@ForAll("ofAnyVersion") Written written) throws IOException {
        for (SchemaSet reader : versions) {
            assertReadable(written, reader);
        }
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void shouldReadWhatChangesThatTheRulesAllowWrite(@ForAll("ofALaterVersion") Tuple2<Written, Written> laterAndNow) throws IOException {
        SchemaSet later = laterAndNow.get1().version();
        assertThat(SetRules.broken(later)).isEmpty();
        for (SchemaSet version : versions) {
            assertThat(EvolutionRules.broken(version, later)).isEmpty();
            assertReadable(laterAndNow.get1(), version);
        }
        assertReadable(laterAndNow.get2(), later);
    }

    /** The codec that jobwatch itself reads with: its records are told field by field, not by Avro's generic reader. */
    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void shouldReadOtherVersionsInJobwatchItself(@ForAll("ofAnyOrALaterVersion") Written written) throws IOException {
        InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
        int id = registry.register("any-value", written.schema());
        Schema reader = SpecificData.get().getSchema(SpecificData.get().getClass(current.files().get(written.type())));
        byte[] value = bytes(written);

        EventRecord read = new AvroDecoder<>(registry, reader)
                .decode(ByteBuffer.allocate(5 + value.length).put((byte) 0).putInt(id).put(value).array());

        byte[] again = new AvroEncoder<>(id).encode(read);
        assertThat(WireFormat.schemaId(again)).isEqualTo(id);
        Object told = decode(Arrays.copyOfRange(again, 5, again.length), reader, reader);
        assertThat(Resolution.differences(written.schema(), written.value(), reader, told)).isEmpty();
    }

    @Provide
    Arbitrary<Written> ofAnyVersion() {
        return Arbitraries.of(versions).flatMap(this::recordsOf);
    }

    @Provide
    Arbitrary<Tuple2<Written, Written>> ofALaterVersion() {
        return LaterVersions.any().flatMap(later -> recordsOf(later)
                .flatMap(written -> recordsOf(current).map(now -> Tuple.of(written, now))));
    }

    @Provide
    Arbitrary<Written> ofAnyOrALaterVersion() {
        return Arbitraries.oneOf(ofAnyVersion(), LaterVersions.any().flatMap(this::recordsOf));
    }

    private Arbitrary<Written> recordsOf(SchemaSet version) {
        return Arbitraries.randomValue(random -> {
            String type = TOPIC_RECORDS.get(random.nextInt(TOPIC_RECORDS.size()));
            return new Written(version, type, new AnyRecord(random).of(version.files().get(type)));
        });
    }

    private static void assertReadable(Written written, SchemaSet version) throws IOException {
        Schema reader = version.files().get(written.type());
        Object read = decode(bytes(written), written.schema(), reader);
        assertThat(Resolution.differences(written.schema(), written.value(), reader, read))
                .as("read with %s: %s", version.version(), written).isEmpty();
    }

    private static byte[] bytes(Written written) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<>(written.schema()).write(written.value(), encoder);
        encoder.flush();
        return bytes.toByteArray();
    }

    /**
     * More bytes follow than a record has. Avro 1.12.2 refuses a list for which fewer bytes are left than its elements take at least, and takes
     * the reader's schema for that, whose new fields the bytes do not have: without them it may refuse the last list of a tiny record.
     */
    private static Object decode(byte[] bytes, Schema writer, Schema reader) throws IOException {
        byte[] more = Arrays.copyOf(bytes, bytes.length + 1_000);
        return new GenericDatumReader<>(writer, reader).read(null, DecoderFactory.get().binaryDecoder(more, null));
    }
}
