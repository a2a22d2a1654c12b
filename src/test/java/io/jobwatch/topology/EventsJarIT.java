package io.jobwatch.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobTransition;
import io.jobwatch.job.JobEvents;
import io.jobwatch.topic.TopicNames;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import net.jpountz.lz4.LZ4Factory;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The jar for consumers, alone on the class path of a program beside the libraries that it says it needs. */
class EventsJarIT {
    private static final Path JAR = Path.of(System.getProperty("jobwatch.events.jar", "target/jobwatch-events.jar"));
    private static final Path SOURCES = Path.of("src/test/resources/events-consumer");
    private static final Path SCHEMAS = Path.of("schemas");
    private static final Instant TIME = Instant.parse("2026-11-22T10:15:30Z");

    @TempDir
    private Path folder;

    @Test
    void shouldHoldTheEventClassesTheirSchemasAndTheLicenceAndNothingElse() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile()); Stream<Path> schemas = Files.list(SCHEMAS)) {
            List<String> files = jar.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName).toList();

            assertThat(files).allMatch(name -> name.matches("META-INF/(MANIFEST\\.MF|LICENSE)")
                    || name.matches("io/jobwatch/event/([A-Za-z]+(\\$Builder)?\\.class|[A-Za-z]+\\.avsc|asyncapi\\.yaml)"));
            assertThat(files).contains("META-INF/LICENSE", "io/jobwatch/event/JobStatus.class", "io/jobwatch/event/JobState.class");
            for (Path schema : schemas.filter(path -> path.toString().matches(".*\\.(avsc|yaml)")).toList()) {
                ZipEntry entry = jar.getEntry("io/jobwatch/event/" + schema.getFileName());
                assertThat(entry).as("%s in the jar", schema).isNotNull();
                assertThat(jar.getInputStream(entry).readAllBytes()).isEqualTo(Files.readAllBytes(schema));
            }
            assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class")).isNull();
        }
    }

    @Test
    void shouldNeedAvroAndTheJdkAlone() {
        StringWriter output = new StringWriter();
        ToolProvider jdeps = ToolProvider.findFirst("jdeps").orElseThrow();

        int status = jdeps.run(new PrintWriter(output), new PrintWriter(output), "-s", "--multi-release", "base", "--class-path",
                jarOf(Schema.class), JAR.toString());

        assertThat(status).as(output.toString()).isZero();
        assertThat(output.toString().lines().filter(line -> line.startsWith("jobwatch-events.jar"))
                .map(line -> line.substring(line.lastIndexOf(File.separatorChar) + 1).replace("jobwatch-events.jar -> ", "")))
                .containsExactlyInAnyOrder(Path.of(jarOf(Schema.class)).getFileName().toString(), "java.base");
    }

    /**
     * What a run of the real topology wrote; then what a consumer meets in the years after: a record that comes again, one of an aborted
     * transaction, one of a later release, a tombstone.
     */
    @Test
    void shouldBeEnoughToReadTheTopics() throws Exception {
        try (StreamCluster cluster = new StreamCluster(folder.resolve("broker"))) {
            StreamCluster.Stream stream = cluster.topics("jobs");
            try (TopologyRunner runner = stream.start(new SimpleMeterRegistry(), folder.resolve("state"))) {
                stream.send(JobEvents.event("7", JobState.QUEUED, TIME.toEpochMilli()), failed("7"),
                        JobEvents.event("8", JobState.PROCESSING, TIME.toEpochMilli()));
                StreamCluster.await().untilAsserted(() -> {
                    assertThat(stream.transitions()).hasSize(3);
                    assertThat(stream.statuses()).hasSize(2);
                });
            }
            List<ConsumerRecord<byte[], byte[]>> transitions = stream.read(stream.topics.jobTransitions());
            ConsumerRecord<byte[], byte[]> first = transitions.get(0);
            abort(cluster, again(first, headers -> headers.remove("ce_id").add("ce_id", utf8("never"))));
            stream.send(List.of(again(first, headers -> { }), ofALaterRelease(stream, first),
                    new ProducerRecord<>(stream.topics.jobStatus(), utf8("encoder-eu/8"), null)));

            List<String> lines = run(cluster.bootstrapServers(), cluster.registryUrl(), stream.topics,
                    transitions.size() + 2 + stream.reports().size());

            assertThat(lines).containsExactlyInAnyOrder(
                    "transition encoder-eu/7 1 null -> QUEUED at 2026-11-22T10:15:30Z",
                    "transition encoder-eu/7 2 QUEUED -> ERROR at 2026-11-22T10:15:40Z",
                    "transition encoder-eu/8 1 null -> PROCESSING at 2026-11-22T10:15:30Z",
                    "again encoder-eu/7#JobTransition." + TIME.toEpochMilli() + ".1",
                    "transition encoder-eu/7 9 null -> UNKNOWN at 2026-11-22T10:15:30Z",
                    "report encoder-eu/7 ERROR nb:tid:UUID:1 ErrorProcessingTask: it went wrong",
                    "status encoder-eu/7 ERROR since 2026-11-22T10:15:40Z");
        }
    }

    private static JobStateEvent failed(String jobId) {
        JobStateEvent event = JobEvents.event(jobId, JobState.ERROR, TIME.plusSeconds(10).toEpochMilli());
        event.setDetailsAvailable(true);
        event.setTasks(List.of(JobEvents.task("nb:tid:UUID:1", "ErrorProcessingTask")));
        return event;
    }

    private static ProducerRecord<byte[], byte[]> again(ConsumerRecord<byte[], byte[]> record, Consumer<Headers> change) {
        ProducerRecord<byte[], byte[]> copy = new ProducerRecord<>(record.topic(), record.partition(), record.key(), record.value());
        record.headers().forEach(copy.headers()::add);
        change.accept(copy.headers());
        return copy;
    }

    /** A field and a state that this release does not know. */
    private static ProducerRecord<byte[], byte[]> ofALaterRelease(StreamCluster.Stream stream, ConsumerRecord<byte[], byte[]> like)
            throws IOException {
        String today = JobTransition.getClassSchema().toString();
        Schema later = new Schema.Parser().parse(today
                .replace("\"symbols\":[\"QUEUED\"", "\"symbols\":[\"PAUSED\",\"QUEUED\"")
                .replace("{\"name\":\"attempt\"", "{\"name\":\"region\",\"type\":\"string\",\"default\":\"\"},{\"name\":\"attempt\""));
        GenericRecord value = new GenericData.Record(later);
        later.getFields().stream().filter(Schema.Field::hasDefaultValue)
                .forEach(field -> value.put(field.name(), GenericData.get().getDefaultValue(field)));
        value.put("source", JobEvents.SOURCE);
        value.put("jobId", "7");
        value.put("region", "eu");
        value.put("sequence", 9L);
        value.put("currentState", GenericData.get().createEnum("PAUSED", later.getField("currentState").schema()));
        value.put("occurredAt", TIME.toEpochMilli());
        value.put("observedAt", TIME.toEpochMilli());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(0);
        bytes.write(ByteBuffer.allocate(4).putInt(stream.registry.register(TopicNames.subject(stream.topics.jobTransitions()), later))
                .array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(later).write(value, encoder);
        encoder.flush();
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(like.topic(), like.key(), bytes.toByteArray());
        record.headers().add("ce_id", utf8("encoder-eu/7#JobTransition.later")).add("ce_source", utf8("/jobwatch/jobs"));
        return record;
    }

    private static void abort(StreamCluster cluster, ProducerRecord<byte[], byte[]> record) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(Map.of("bootstrap.servers", cluster.bootstrapServers(),
                "transactional.id", "aborted"), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(record).get();
            producer.abortTransaction();
        }
    }

    private List<String> run(String brokers, String registryUrl, TopicNames topics, int records) throws Exception {
        // Avro brings Jackson, Kafka's client the compression that some of the records here have.
        String libraries = Stream.of(JAR.toAbsolutePath().toString(), jarOf(Schema.class), jarOf(ObjectMapper.class),
                jarOf(JsonFactory.class), jarOf(JsonCreator.class), jarOf(KafkaConsumer.class), jarOf(LoggerFactory.class),
                jarOf(LZ4Factory.class))
                .collect(Collectors.joining(File.pathSeparator));
        Path classes = compile(libraries);
        Path printed = folder.resolve("printed");
        Path errors = folder.resolve("errors");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-Dorg.apache.avro.SERIALIZABLE_PACKAGES=io.jobwatch.event", "-cp",
                classes + File.pathSeparator + libraries, "PrintEvents", brokers, registryUrl, topics.prefix(), Integer.toString(records))
                .redirectOutput(printed.toFile()).redirectError(errors.toFile()).start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ended; printed:%n%s%s", Files.readString(printed),
                    Files.readString(errors)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
            return Files.readAllLines(printed);
        } finally {
            process.destroyForcibly();
        }
    }

    private Path compile(String libraries) throws IOException {
        JavaCompiler compiler = javax.tools.ToolProvider.getSystemJavaCompiler();
        Path classes = Files.createDirectory(folder.resolve("classes"));
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);
             Stream<Path> sources = Files.list(SOURCES)) {
            boolean compiled = compiler.getTask(said, files, null, List.of("-d", classes.toString(), "-classpath", libraries, "--release",
                    "17", "-Xlint:all,-processing,-classfile", "-Werror"), null, files.getJavaFileObjectsFromPaths(sources.toList()))
                    .call();
            assertThat(compiled).as(said.toString()).isTrue();
        }
        return classes;
    }

    private static String jarOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
