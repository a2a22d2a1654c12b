package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.embedded.EmbeddedBroker;
import io.jobwatch.embedded.EmbeddedRegistry;
import io.jobwatch.embedded.Ports;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSetup;
import io.jobwatch.topic.TopicSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An instance that starts while the registry is down, as a process of its own. */
class RegistryOutageIT {
    private static final Duration WITHIN = Duration.ofSeconds(90);

    @TempDir
    private Path folder;
    private final int registryPort = Ports.free();
    private EmbeddedBroker broker;
    private Map<String, Object> kafka;
    private EmbeddedRegistry registry;
    private Path config;

    @BeforeEach
    void startCluster() throws IOException {
        broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
        kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
        registry = EmbeddedRegistry.start(kafka, "127.0.0.1", registryPort);
        config = Files.writeString(folder.resolve("jobwatch.yaml"), """
                data-dir: %s
                roles: [process]
                kafka: {bootstrap-servers: "%s"}
                schema-registry: {url: "http://user:not-for-logs@127.0.0.1:%d/"}
                """.formatted(folder.resolve("data"), broker.bootstrapServers(), registryPort));
    }

    @AfterEach
    void stopCluster() {
        registry.close();
        broker.close();
    }

    @Test
    void shouldStartWithoutTheRegistryOnceItHasMetIt() throws Exception {
        try (Admin admin = Admin.create(kafka)) {
            new TopicSetup(admin, TopicSpec.all(new TopicNames("jobwatch."), 6)).createAndVerify();
        }
        registry.close();

        try (JobwatchProcess cold = start()) {
            assertThat(cold.awaitExit(WITHIN)).as("exit status of the first start, without a registry: %s", cold.output()).isEqualTo(1);
            assertThat(cold.output()).contains("127.0.0.1:" + registryPort).doesNotContain("not-for-logs");
        }
        registry = EmbeddedRegistry.start(kafka, "127.0.0.1", registryPort);
        try (JobwatchProcess warm = start()) {
            warm.awaitOutput("running process", WITHIN);
            warm.terminate();
            assertThat(warm.awaitExit(WITHIN)).as(warm.output()).isZero();
            assertThat(warm.output()).doesNotContain("not-for-logs", "does not answer");
        }
        registry.close();
        try (JobwatchProcess cutOff = start()) {
            cutOff.awaitOutput("running process", WITHIN);
            assertThat(cutOff.output()).contains("the schema registry does not answer; going on with what it said before, kept in "
                    + folder.resolve("data/known-schemas.json"));
            cutOff.awaitOutput("topology RUNNING", WITHIN);
            cutOff.terminate();
            assertThat(cutOff.awaitExit(WITHIN)).as(cutOff.output()).isZero();
        }
        assertThat(folder.resolve("data/known-schemas.json")).content().contains("http://127.0.0.1:" + registryPort)
                .doesNotContain("not-for-logs");
    }

    private JobwatchProcess start() throws IOException {
        return JobwatchProcess.start(Files.createTempFile(folder, "run", ".log"), Map.of(), "run", "-c", config.toString());
    }
}
