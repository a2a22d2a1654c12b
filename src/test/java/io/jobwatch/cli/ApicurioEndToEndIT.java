package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.embedded.Ports;
import io.jobwatch.embedded.simulator.EncoderSimulator;
import io.jobwatch.embedded.simulator.SimulatorSettings;
import io.jobwatch.registry.ApicurioRegistry;
import io.jobwatch.registry.HttpSchemaRegistry;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.topic.TopicNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged application with a registry that is not ours: Apicurio Registry, behind the API that is Confluent's. */
class ApicurioEndToEndIT {
    private static final int JOBS = 4;
    private static final Duration WITHIN = Duration.ofSeconds(90);
    private static final TopicNames TOPICS = new TopicNames("jobwatch.");

    @TempDir
    private Path folder;
    private final int kafkaPort = Ports.free();

    @BeforeEach
    void needApicurio() {
        ApicurioRegistry.assumeAvailable();
    }

    @Test
    void shouldPublishWhatIsReadableThroughAnotherRegistry() throws Exception {
        try (ApicurioRegistry apicurio = ApicurioRegistry.start(folder.resolve("apicurio"));
             EncoderSimulator simulator = EncoderSimulator.start(SimulatorSettings.of(JOBS, 7, 20))) {
            Path config = Files.writeString(folder.resolve("jobwatch.yaml"), """
                    data-dir: %s
                    kafka: {embedded-port: %d}
                    schema-registry: {url: "%s"}
                    sources:
                      - {name: encoder, type: ams-v2, url: "%s", account: contoso, poll-interval: 300ms, start-from: all}
                    report: {console: "off"}
                    query: {port: 0}
                    """.formatted(folder.resolve("data"), kafkaPort, apicurio.url(), simulator.url()));
            try (JobwatchProcess setup = JobwatchProcess.start(folder.resolve("setup"), Map.of(), "setup", "-c", config.toString())) {
                assertThat(setup.awaitExit(WITHIN)).as(setup.output()).isZero();
                assertThat(setup.output()).contains("verified schemas at " + apicurio.url());
            }
            try (JobwatchProcess jobwatch = JobwatchProcess.start(folder.resolve("run"), Map.of(), "run", "-c", config.toString())) {
                jobwatch.awaitOutput("running poll, process, report, query", WITHIN);
                // Asks Apicurio for the schema behind the id that each record carries.
                try (SchemaRegistry registry = new HttpSchemaRegistry(List.of(apicurio.url()), Map.of());
                     DemoTopics topics = DemoTopics.fromTheBeginning(Map.of("bootstrap.servers", "127.0.0.1:" + kafkaPort), TOPICS,
                             registry)) {
                    Awaitility.await().atMost(WITHIN).until(simulator::allDone);
                    Awaitility.await().atMost(WITHIN).untilAsserted(() -> {
                        topics.read();
                        assertThat(DemoTruth.disagreements(simulator.history(), topics.transitions(), topics.reports())).isEmpty();
                    });
                    assertThat(topics.transitions()).hasSize(JOBS);
                }
                jobwatch.terminate();
                assertThat(jobwatch.awaitExit(WITHIN)).as(jobwatch.output()).isZero();
            }
        }
    }
}
