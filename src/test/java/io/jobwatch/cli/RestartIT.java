package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.embedded.Ports;
import io.jobwatch.embedded.simulator.EncoderSimulator;
import io.jobwatch.embedded.simulator.Fault;
import io.jobwatch.embedded.simulator.SimulatorSettings;
import io.jobwatch.registry.HttpSchemaRegistry;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.topic.TopicNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that is ended in the middle of its work continues at the next start: no transition twice, none lost. The service misbehaves
 * all the while.
 */
class RestartIT {
    private static final String RUNNING = "running poll, process, report, query";
    private static final int JOBS = 50;
    private static final Duration START_WITHIN = Duration.ofSeconds(90);
    private static final Duration EXIT_WITHIN = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final int kafkaPort = Ports.free();
    private final int registryPort = Ports.free();
    private EncoderSimulator simulator;
    private Path config;
    private int starts;

    @BeforeEach
    void startSimulator() throws IOException {
        simulator = EncoderSimulator.start(SimulatorSettings.of(JOBS, 7, 8).withFaults(EnumSet.allOf(Fault.class), 0.05));
        config = Files.writeString(folder.resolve("jobwatch.yaml"), """
                data-dir: %s
                kafka: {embedded-port: %d}
                schema-registry: {embedded-port: %d}
                sources:
                  - {name: encoder, type: ams-v2, url: "%s", account: contoso, poll-interval: 300ms, start-from: all}
                report: {console: compact}
                query: {port: 0}
                """.formatted(folder.resolve("data"), kafkaPort, registryPort, simulator.url()));
    }

    @AfterEach
    void stopSimulator() {
        simulator.close();
    }

    @Test
    void shouldContinueAfterSigtermWithoutLossOrRepetition() throws Exception {
        for (int round = 0; round < 3 && !simulator.allDone(); round++) {
            try (JobwatchProcess jobwatch = start()) {
                int knownJobs = simulator.history().size();
                Awaitility.await().atMost(Duration.ofSeconds(60))
                        .until(() -> simulator.allDone() || simulator.history().size() > knownJobs + 5);
                jobwatch.terminate();
                assertThat(jobwatch.awaitExit(EXIT_WITHIN)).as(jobwatch.output()).isZero();
            }
        }
        assertTopicsAgreeInTheEnd();
    }

    @Test
    void shouldContinueAfterSigkillWithoutLossOrRepetition() throws Exception {
        for (int round = 0; round < 2 && !simulator.allDone(); round++) {
            try (JobwatchProcess jobwatch = start()) {
                int knownJobs = simulator.history().size();
                Awaitility.await().atMost(Duration.ofSeconds(60))
                        .until(() -> simulator.allDone() || simulator.history().size() > knownJobs + 5);
                jobwatch.kill();
            }
        }
        assertTopicsAgreeInTheEnd();
    }

    @Test
    void shouldEndCleanlyWhenToldSoWhileItStarts() throws Exception {
        Path format = folder.resolve("data/kafka/logs/meta.properties");
        try (JobwatchProcess jobwatch = JobwatchProcess.start(folder.resolve("output"), Map.of(), "run", "-c", config.toString())) {
            // Written just before the broker starts, which takes a second or more.
            Awaitility.await().atMost(START_WITHIN).pollInterval(Duration.ofMillis(10)).until(() -> Files.exists(format));
            jobwatch.terminate();

            assertThat(jobwatch.awaitExit(EXIT_WITHIN)).as(jobwatch.output()).isZero();
            assertThat(jobwatch.output()).doesNotContain("Exception");
        }
    }

    @Test
    void shouldEndAtOnceAtTheSecondSignal() throws Exception {
        try (JobwatchProcess jobwatch = start()) {
            Awaitility.await().atMost(EXIT_WITHIN).until(() -> {
                jobwatch.terminate();
                return !jobwatch.isAlive();
            });
            assertThat(jobwatch.awaitExit(EXIT_WITHIN)).as("status of a process ended by SIGTERM").isEqualTo(128 + 15);
        }
    }

    private void assertTopicsAgreeInTheEnd() throws Exception {
        try (JobwatchProcess jobwatch = start();
             SchemaRegistry registry = new HttpSchemaRegistry(HttpSchemaRegistry.urls("http://127.0.0.1:" + registryPort), Map.of());
             DemoTopics topics = DemoTopics.fromTheBeginning(Map.of("bootstrap.servers", "127.0.0.1:" + kafkaPort),
                     new TopicNames("jobwatch."), registry)) {
            Awaitility.await().atMost(Duration.ofSeconds(120)).until(simulator::allDone);
            Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                topics.read();
                assertThat(DemoTruth.disagreements(simulator.history(), topics.transitions(), topics.reports())).isEmpty();
            });
            assertThat(topics.transitions()).hasSize(JOBS);
            Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() ->
                    assertThat(reportFiles()).hasSize(topics.reports().size()));
            jobwatch.terminate();
            assertThat(jobwatch.awaitExit(EXIT_WITHIN)).as(jobwatch.output()).isZero();
        }
    }

    private List<Path> reportFiles() throws IOException {
        Path reports = folder.resolve("data/job-reports/encoder");
        try (Stream<Path> files = Files.isDirectory(reports) ? Files.list(reports) : Stream.empty()) {
            return files.toList();
        }
    }

    private JobwatchProcess start() throws IOException {
        JobwatchProcess process = JobwatchProcess.start(folder.resolve("output-" + ++starts), Map.of(), "run", "-c", config.toString());
        process.awaitOutput(RUNNING, START_WITHIN);
        return process;
    }
}
