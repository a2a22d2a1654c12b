package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jobwatch.config.ConfigLoader;
import io.jobwatch.config.JobwatchConfig;
import io.jobwatch.embedded.EmbeddedBroker;
import io.jobwatch.embedded.EmbeddedRegistry;
import io.jobwatch.event.JobAlert;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.Task;
import io.jobwatch.registry.HttpSchemaRegistry;
import io.jobwatch.topic.TopicException;
import io.jobwatch.topic.TopicNames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who registers schemas, who only looks them up, and what each asks of the registry; over a prefix of its own for each test. */
class SchemaRegistrationIT {
    private static final Duration WITHIN = Duration.ofSeconds(90);
    private static final String WRITES = "(POST /subjects/[^/]+/versions|PUT|DELETE).*";
    private static final int SUBJECTS = 7;

    @TempDir
    static Path shared;
    private static EmbeddedBroker broker;
    private static EmbeddedRegistry embedded;
    private static int tests;

    @TempDir
    private Path folder;
    private final String prefix = "t" + ++tests + ".";
    private final String subject = TopicNames.subject(new TopicNames(prefix).jobStatus());
    private RecordingRegistry registry;

    @BeforeAll
    static void startCluster() {
        broker = EmbeddedBroker.start(shared, 0);
        embedded = EmbeddedRegistry.start(Map.of("bootstrap.servers", broker.bootstrapServers()), "127.0.0.1", 0);
    }

    @AfterAll
    static void stopCluster() {
        embedded.close();
        broker.close();
    }

    @BeforeEach
    void record() throws IOException {
        registry = new RecordingRegistry(embedded.url());
    }

    @AfterEach
    void stopRecording() {
        registry.close();
    }

    private Path config(boolean autoRegister) throws IOException {
        return Files.writeString(folder.resolve("jobwatch.yaml"), """
                data-dir: %s
                roles: [report]
                kafka: {bootstrap-servers: "%s"}
                schema-registry: {url: "%s", properties: {auto.register.schemas: %s}}
                topics: {prefix: "%s", partitions: 1}
                """.formatted(folder.resolve("data"), broker.bootstrapServers(), registry.url(), autoRegister, prefix));
    }

    private List<String> setUpSchemas(boolean autoRegister) throws IOException {
        JobwatchConfig config = ConfigLoader.load(config(autoRegister), name -> null);
        try (Closing closing = new Closing()) {
            return Connections.open(config, closing).setUpSchemas(config);
        }
    }

    private static String said(int status, String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrintStream both = new PrintStream(text, true, StandardCharsets.UTF_8);
        System.setOut(both);
        System.setErr(both);
        try {
            int found = CommandLineInterface.run(arguments);
            assertThat(found).as("exit status; it said: %s", text.toString(StandardCharsets.UTF_8)).isEqualTo(status);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private JobwatchProcess run() throws IOException {
        return JobwatchProcess.start(Files.createTempFile(folder, "run", ".log"), Map.of(), "run", "-c", config(false).toString());
    }

    private HttpSchemaRegistry client() {
        return new HttpSchemaRegistry(HttpSchemaRegistry.urls(embedded.url()), Map.of());
    }

    @Test
    void shouldOnlyLookUpWhereARunMustNotRegister() throws Exception {
        String config = config(false).toString();
        registry.refuse("POST /subjects/[^/]+/versions");
        said(1, "setup", "-c", config);   // makes the topics
        registry.refuse("nothing");
        registry.takeAsked();

        try (JobwatchProcess run = run()) {
            assertThat(run.awaitExit(WITHIN)).as(run.output()).isEqualTo(1);
            assertThat(run.output()).contains("auto.register.schemas is false", subject + " (JobStatus)", "jobwatch setup -c FILE")
                    .doesNotContain("Exception");
        }
        assertThat(registry.takeAsked()).isNotEmpty().noneMatch(request -> request.matches(WRITES));

        assertThat(said(0, "setup", "-c", config)).contains("registered schema " + subject + ", id ");
        assertThat(registry.takeAsked()).filteredOn(request -> request.matches(WRITES)).hasSize(2 * SUBJECTS);

        registry.refuse(WRITES);
        try (JobwatchProcess run = run()) {
            run.awaitOutput("running report", WITHIN);
            run.terminate();
            assertThat(run.awaitExit(WITHIN)).as(run.output()).isZero();
        }
        assertThat(registry.takeAsked()).isNotEmpty().noneMatch(request -> request.matches(WRITES));
    }

    @Test
    void shouldSayOfEachSchemaWhetherItIsRegisteredOrCouldBeWithoutWriting() throws Exception {
        assertThat(said(0, "check", "-c", config(true).toString())).contains("0 of 7 schemas are registered",
                "ok      schema " + subject + ": not registered yet, compatible: setup or run registers it");
        assertThat(said(1, "check", "-c", config(false).toString())).contains(
                "FAILED  schema " + subject + ": not registered, compatible, and auto.register.schemas is false");

        registry.refuse("POST /compatibility/.*");
        assertThat(said(1, "check", "-c", config(true).toString())).contains("0 of 7 schemas are registered",
                "FAILED  schema " + subject + ": not registered, and whether it is compatible this user may not ask: ",
                "only the administrator may");
        registry.refuse("nothing");

        try (HttpSchemaRegistry client = client()) {
            client.setCompatibility(subject, "FULL_TRANSITIVE");
            client.register(subject, Task.getClassSchema());
            client.register(TopicNames.subject(new TopicNames(prefix).jobAlerts()), JobAlert.getClassSchema());
        }
        assertThat(said(1, "check", "-c", config(true).toString())).contains("1 of 7 schemas are registered",
                "FAILED  schema " + subject + ": not registered, and not compatible with what is: ", "NAME_MISMATCH",
                "job-alerts-value: registered, id ",
                ", but the compatibility level is BACKWARD: jobwatch setup -c FILE sets FULL_TRANSITIVE");
        assertThat(registry.takeAsked()).isNotEmpty().noneMatch(request -> request.matches(WRITES));
    }

    @Test
    void shouldSetALevelThatIsNotWhatItShouldBe() throws Exception {
        assertThat(setUpSchemas(true)).hasSize(SUBJECTS).allMatch(line -> line.startsWith("registered schema "));
        try (HttpSchemaRegistry client = client()) {
            client.setCompatibility(subject, "BACKWARD");

            assertThat(setUpSchemas(true)).anySatisfy(line -> assertThat(line).startsWith("verified schema " + subject + ", id ")
                    .endsWith("; its compatibility level was BACKWARD and is now FULL_TRANSITIVE"));
            assertThat(client.compatibility(subject)).contains("FULL_TRANSITIVE");
            assertThat(setUpSchemas(true)).noneMatch(line -> line.contains("level"));

            client.setCompatibility(subject, "NONE");
        }
        registry.refuse("PUT /config/.*");
        assertThatThrownBy(() -> setUpSchemas(true)).isInstanceOf(TopicException.class)
                .hasMessageContaining("of the subject " + subject + " should be FULL_TRANSITIVE, is NONE and cannot be set")
                .hasMessageContaining("only the administrator may").hasMessageContaining("have the registry's administrator set it");
    }

    @Test
    void shouldGoOnWhereTheLevelMayNotBeSetButIsRight() throws Exception {
        registry.refuse("PUT /config/.*");
        assertThatThrownBy(() -> setUpSchemas(true)).isInstanceOf(TopicException.class)
                .hasMessageContaining("should be FULL_TRANSITIVE, is BACKWARD and cannot be set");
        assertThat(registry.takeAsked()).as("nothing is registered under a wrong level").noneMatch(
                request -> request.matches("POST /subjects/[^/]+/versions"));

        try (HttpSchemaRegistry client = client()) {
            for (String topic : new TopicNames(prefix).all()) {
                client.setCompatibility(TopicNames.subject(topic), "FULL_TRANSITIVE");
            }
            assertThat(setUpSchemas(true)).hasSize(SUBJECTS).allMatch(line -> line.startsWith("registered schema "));
            assertThat(client.idOf(subject, JobStatus.getClassSchema())).isPositive();
        }
    }

    @Test
    void shouldWriteSchemasThatAnAdministratorCanRegister() throws Exception {
        Path schemas = folder.resolve("a/b");

        assertThat(said(0, "setup", "-c", config(false).toString(), "--write-schemas", schemas.toString()).lines()).hasSize(SUBJECTS);

        assertThat(registry.takeAsked()).isEmpty();
        try (Stream<Path> files = Files.list(schemas); HttpSchemaRegistry client = client()) {
            for (Path file : files.toList()) {
                client.register(file.getFileName().toString().replace(".avsc", ""), new Schema.Parser().parse(file.toFile()));
            }
        }
        assertThat(said(0, "check", "-c", config(false).toString())).contains("7 of 7 schemas are registered");
    }

    @Test
    void shouldRefuseAnotherWordThanTrueAndFalse() throws Exception {
        Path wrong = Files.writeString(folder.resolve("wrong.yaml"), """
                schema-registry: {properties: {auto.register.schemas: "yes"}}
                """);

        assertThat(said(2, "check", "-c", wrong.toString())).contains("auto.register.schemas: expected true or false");
    }
}
