package io.jobwatch.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jobwatch.event.JobTransition;
import io.jobwatch.registry.RegistryException.Kind;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import io.jobwatch.topic.TopicSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** What the topics need of a registry, by any client. Each test has subjects of its own. */
abstract class RegistryContract {
    private static final String FULL_TRANSITIVE = "FULL_TRANSITIVE";

    private String prefix;
    private SchemaRegistry registry;

    /** {@return the base address of a registry that is up} */
    abstract URI url();

    /** {@return a new client under test; closed by the caller} */
    abstract SchemaRegistry open(URI url);

    @BeforeEach
    void openClient(TestInfo test) {
        prefix = test.getTestMethod().orElseThrow().getName() + ".";
        registry = open(url());
    }

    @AfterEach
    void closeClient() {
        if (registry != null) {
            registry.close();
        }
    }

    private String subject() {
        return prefix + "a-value";
    }

    @Test
    void shouldRegisterTheSchemasOfAllTopicsUnderTheirLevel() throws Exception {
        List<TopicSpec> specs = TopicSpec.all(new TopicNames(prefix), 3);

        TopicSchemas.register(registry, specs);
        TopicSchemas.register(registry, specs);

        assertThat(specs).filteredOn(spec -> spec.valueSchema().isPresent()).hasSize(7).allSatisfy(spec -> {
            String subject = TopicNames.subject(spec.name());
            Schema schema = spec.valueSchema().get();
            assertThat(get("/config/" + subject)).contains(FULL_TRANSITIVE);
            assertThat(registry.compatibility(subject)).contains(FULL_TRANSITIVE);
            List<Integer> ids = registry.idsOf(subject);
            assertThat(ids).hasSize(1);
            try (SchemaRegistry other = open(url()); SchemaRegistry builtIn = new HttpSchemaRegistry(List.of(url()), Map.of())) {
                assertThat(other.register(subject, schema)).isEqualTo(ids.get(0));
                assertThat(other.idOf(subject, schema)).isEqualTo(ids.get(0));
                assertThat(builtIn.idOf(subject, schema)).isEqualTo(ids.get(0));
                assertThat(other.idsOf(subject)).isEqualTo(ids);
                // As in the file: with documentation and defaults, without hints for Java.
                assertThat(new JsonMapper().readTree(other.schemaById(ids.get(0)).toString()))
                        .isEqualTo(new JsonMapper().readTree(PublishedSchema.textOf(schema)));
            }
        });
    }

    @Test
    void shouldKeepEveryVersionReadableWhenASchemaEvolves() throws Exception {
        Schema first = JobTransition.getClassSchema();
        Schema second = with(first, "shard", "int", "7");
        registry.setCompatibility(subject(), FULL_TRANSITIVE);
        int firstId = registry.register(subject(), first);

        assertThat(registry.incompatibilities(subject(), second)).isEmpty();
        int secondId = registry.register(subject(), second);

        assertThat(secondId).isNotEqualTo(firstId);
        try (SchemaRegistry reader = open(url())) {
            assertThat(reader.idsOf(subject())).containsExactly(firstId, secondId);
            Schema old = reader.schemaById(firstId);
            Schema current = reader.schemaById(secondId);
            byte[] written = encoded(old, Map.of());
            assertThat(decoded(written, old, current).get("shard")).isEqualTo(7);
            assertThat(decoded(written, old, current).get("jobId")).hasToString("job-1");
            byte[] writtenNow = encoded(current, Map.of("shard", 3));
            assertThat(decoded(writtenNow, current, old).get("jobId")).hasToString("job-1");
        }
    }

    @Test
    void shouldRefuseWhatOldReadersCannotReadAndSayWhy() {
        Schema first = SchemaBuilder.record("Job").fields().requiredString("id").endRecord();
        Schema withoutDefault = SchemaBuilder.record("Job").fields().requiredString("id").requiredInt("shard").endRecord();
        registry.setCompatibility(subject(), FULL_TRANSITIVE);
        int id = registry.register(subject(), first);

        List<String> incompatibilities = registry.incompatibilities(subject(), withoutDefault);
        RegistryException refusal = catchThrowableOfType(RegistryException.class, () -> registry.register(subject(), withoutDefault));

        assertThat(incompatibilities).isNotEmpty().allSatisfy(reason -> assertThat(reason).isNotBlank());
        assertThat(refusal.kind()).isEqualTo(Kind.INCOMPATIBLE);
        assertThat(refusal).message().contains("/subjects/" + subject() + "/versions: 409 ").containsIgnoringCase("incompatible");
        assertThat(registry.idsOf(subject())).containsExactly(id);
    }

    /** FULL would compare with the last version alone. */
    @Test
    void shouldCompareWithEveryVersionNotOnlyTheLast() {
        Schema plain = SchemaBuilder.record("Job").fields().requiredString("id").endRecord();
        Schema number = SchemaBuilder.record("Job").fields().requiredString("id").name("x").type().intType().intDefault(0).endRecord();
        Schema documented = SchemaBuilder.record("Job").doc("A job.").fields().requiredString("id").endRecord();
        Schema text = SchemaBuilder.record("Job").fields().requiredString("id").name("x").type().stringType().stringDefault("").endRecord();
        registry.setCompatibility(subject(), FULL_TRANSITIVE);
        registry.register(subject(), plain);
        registry.register(subject(), number);
        registry.register(subject(), documented);

        assertThat(registry.incompatibilities(subject(), text)).isNotEmpty();
        assertThat(catchThrowableOfType(RegistryException.class, () -> registry.register(subject(), text)).kind())
                .isEqualTo(Kind.INCOMPATIBLE);
    }

    @Test
    void shouldTellWhatItDoesNotKnow() {
        Schema schema = SchemaBuilder.record("Job").fields().requiredString("id").endRecord();

        assertThat(catchThrowableOfType(RegistryException.class, () -> registry.schemaById(9_999_999)).kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(catchThrowableOfType(RegistryException.class, () -> registry.idOf(subject(), schema)).kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(registry.idsOf(subject())).isEmpty();
        assertThat(registry.incompatibilities(subject(), schema)).isEmpty();
        registry.register(subject(), schema);
        Schema another = SchemaBuilder.record("Job").fields().requiredString("id").optionalString("name").endRecord();
        assertThat(catchThrowableOfType(RegistryException.class, () -> registry.idOf(subject(), another)).kind()).isEqualTo(Kind.NOT_FOUND);
    }

    private String get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + path)).build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /** {@return the schema with one more field at its end} */
    static Schema with(Schema schema, String field, String type, String defaultValue) {
        String text = PublishedSchema.textOf(schema);
        assertThat(text).endsWith("]}");
        return new Schema.Parser().parse(text.substring(0, text.length() - 2)
                + ",{\"name\":\"" + field + "\",\"type\":\"" + type + "\",\"default\":" + defaultValue + "}]}");
    }

    private static byte[] encoded(Schema schema, Map<String, Object> values) throws IOException {
        GenericRecord record = new GenericData.Record(schema);
        for (Schema.Field field : schema.getFields()) {
            record.put(field.name(), field.hasDefaultValue() ? GenericData.get().getDefaultValue(field)
                    : field.schema().getType() == Schema.Type.LONG ? (Object) 1L : "job-1");
        }
        values.forEach(record::put);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }

    private static GenericRecord decoded(byte[] bytes, Schema writer, Schema reader) throws IOException {
        return new GenericDatumReader<GenericRecord>(writer, reader).read(null, DecoderFactory.get().binaryDecoder(bytes, null));
    }
}
