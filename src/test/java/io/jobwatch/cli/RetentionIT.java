package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.embedded.Ports;
import io.jobwatch.embedded.simulator.EncoderSimulator;
import io.jobwatch.embedded.simulator.SimulatorSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** jobwatch is told, by its next start, to remember ended jobs for less time than the service goes on listing them. */
class RetentionIT {
    private static final int JOBS = 12;
    private static final Duration RETAINED = Duration.ofSeconds(1);
    private static final Duration WITHIN = Duration.ofSeconds(90);
    private static final Duration EXIT_WITHIN = Duration.ofSeconds(20);

    @TempDir
    private Path folder;
    private final QueryApi api = new QueryApi(Ports.free());
    private final int kafkaPort = Ports.free();
    private final int registryPort = Ports.free();
    private int starts;

    @Test
    void shouldBringNothingBackAfterARestart() throws Exception {
        try (EncoderSimulator simulator = EncoderSimulator.start(SimulatorSettings.of(JOBS, 3, 20))) {
            List<JsonNode> before;
            try (JobwatchProcess jobwatch = start(simulator, Duration.ofDays(7))) {
                await().atMost(WITHIN).ignoreExceptions().until(() -> simulator.allDone() && ended(jobs()).size() == JOBS);
                before = jobs();
                jobwatch.kill();
            }
            Instant last = before.stream().map(job -> Instant.parse(job.path("changedAt").textValue())).max(Comparator.naturalOrder())
                    .orElseThrow();

            try (JobwatchProcess jobwatch = start(simulator, RETAINED)) {
                await().atMost(WITHIN).until(() -> Instant.now().isAfter(last.plus(RETAINED)));
                awaitPolls();
                await().atMost(WITHIN).ignoreExceptions().until(() -> jobs().size() == JOBS);

                // The sequence of each shows that no transition was told again, and observedAt that no event came.
                assertThat(jobs()).isEqualTo(before);
                jobwatch.terminate();
                assertThat(jobwatch.awaitExit(EXIT_WITHIN)).as(jobwatch.output()).isZero();
            }
        }
    }

    private JobwatchProcess start(EncoderSimulator simulator, Duration retained) throws IOException {
        Path config = Files.writeString(folder.resolve("jobwatch.yaml"), """
                data-dir: %s
                roles: [poll, process, query]
                kafka: {embedded-port: %d}
                schema-registry: {embedded-port: %d}
                sources:
                  - {name: encoder, type: ams-v2, url: "%s", account: contoso, poll-interval: 200ms, start-from: all}
                process: {retain-terminal-for: %ds}
                query: {port: %d}
                """.formatted(folder.resolve("data"), kafkaPort, registryPort, simulator.url(), retained.toSeconds(), api.port()));
        JobwatchProcess jobwatch = JobwatchProcess.start(folder.resolve("output-" + ++starts), Map.of(), "run", "-c", config.toString());
        jobwatch.awaitOutput("running poll, process, query", WITHIN);
        return jobwatch;
    }

    /** Awaits enough polls for the news of the first of them to be processed. */
    private void awaitPolls() {
        double[] first = {-1};
        await().atMost(WITHIN).ignoreExceptions().until(() -> {
            double now = api.successfulPolls("encoder");
            first[0] = first[0] < 0 ? now : first[0];
            return now >= first[0] + 10;
        });
    }

    private List<JsonNode> jobs() throws IOException, InterruptedException {
        return StreamSupport.stream(api.json("/api/v1/jobs?limit=100").path("items").spliterator(), false).toList();
    }

    private static List<JsonNode> ended(List<JsonNode> jobs) {
        return jobs.stream().filter(job -> List.of("FINISHED", "ERROR", "CANCELED").contains(job.path("state").asText())).toList();
    }
}
