package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jobwatch.embedded.Ports;
import io.jobwatch.embedded.simulator.EncoderSimulator;
import io.jobwatch.embedded.simulator.SimulatorSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process prints when what collects its log expects a JSON object a line, whatever happens. */
class JsonLogsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration WITHIN = Duration.ofSeconds(90);
    private static final Duration EXIT_WITHIN = Duration.ofSeconds(20);
    private static final Map<String, String> AS_JSON = Map.of("JOBWATCH_LOG_FORMAT", "json");
    private static final String BAD = "encoder/what\nis \"this\"";

    @TempDir
    private Path folder;
    private final int kafkaPort = Ports.free();

    @Test
    void shouldPrintNothingButJsonAndNameTheJob() throws Exception {
        try (EncoderSimulator simulator = EncoderSimulator.start(SimulatorSettings.of(12, 3, 20));
                JobwatchProcess jobwatch = JobwatchProcess.start(folder.resolve("output"), AS_JSON, "run", "-c", config(simulator.url()))) {
            await().atMost(WITHIN).until(() -> jobwatch.output().contains("\"error.code\""));
            await().atMost(WITHIN).until(simulator::allDone);
            sendWhatCannotBeRead();
            simulator.close();
            await().atMost(WITHIN).until(() -> jobwatch.output().contains("poll failed") && jobwatch.output().contains("dead letter"));
            jobwatch.terminate();
            assertThat(jobwatch.awaitExit(EXIT_WITHIN)).as(jobwatch.output()).isZero();

            List<JsonNode> lines = lines(jobwatch);

            assertThat(lines).allSatisfy(line -> {
                assertThat(Instant.parse(line.path("@timestamp").textValue())).isNotNull();
                assertThat(line.path("log.level").textValue()).isIn("INFO", "WARN", "ERROR");
                assertThat(line.path("message").textValue()).isNotBlank();
                assertThat(line.path("service.name").textValue()).isEqualTo("jobwatch");
            });
            JsonNode report = one(lines, line -> line.path("event.dataset").asText().equals("job-error-reports")
                    && line.has("error.code"));
            JsonNode transition = one(lines, line -> line.path("event.dataset").asText().equals("job-transitions"));
            assertThat(List.of(report, transition)).allSatisfy(line ->
                    assertThat(line.path("jobwatch.job").textValue()).startsWith("encoder/nb:jid:"));
            assertThat(one(lines, line -> line.path("message").asText().contains("poll failed")).path("jobwatch.source").asText())
                    .isEqualTo("encoder");
            assertThat(one(lines, line -> line.path("message").asText().contains("dead letter")).path("jobwatch.job").asText())
                    .isEqualTo(BAD);
        }
    }

    @Test
    void shouldSayAsJsonWhyItDoesNotStart() throws Exception {
        try (JobwatchProcess jobwatch = JobwatchProcess.start(folder.resolve("output"), AS_JSON, "run", "-c", "no such file.yaml")) {
            assertThat(jobwatch.awaitExit(WITHIN)).isEqualTo(2);

            assertThat(lines(jobwatch)).singleElement().satisfies(line -> {
                assertThat(line.path("log.level").asText()).isEqualTo("ERROR");
                assertThat(line.path("message").asText()).contains("no such file.yaml");
            });
        }
    }

    @Test
    void shouldRefuseAnotherFormat() throws Exception {
        try (JobwatchProcess jobwatch = JobwatchProcess.start(folder.resolve("output"), Map.of("JOBWATCH_LOG_FORMAT", "xml"), "--help")) {
            assertThat(jobwatch.awaitExit(WITHIN)).isEqualTo(2);

            assertThat(jobwatch.output()).isEqualTo("jobwatch: JOBWATCH_LOG_FORMAT: expected text or json, found \"xml\"\n");
        }
    }

    private void sendWhatCannotBeRead() {
        Map<String, Object> settings = Map.of("bootstrap.servers", "127.0.0.1:" + kafkaPort);
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>("jobwatch.job-state-events", BAD.getBytes(StandardCharsets.UTF_8), new byte[] {42}));
        }
    }

    private String config(URI url) throws IOException {
        return Files.writeString(folder.resolve("jobwatch.yaml"), """
                data-dir: %s
                roles: [poll, process, report]
                kafka: {embedded-port: %d}
                schema-registry: {embedded-port: 0}
                sources:
                  - {name: encoder, type: ams-v2, url: "%s", account: contoso, poll-interval: 200ms, start-from: all}
                report: {console: json}
                """.formatted(folder.resolve("data"), kafkaPort, url)).toString();
    }

    private static List<JsonNode> lines(JobwatchProcess jobwatch) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : jobwatch.output().lines().toList()) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    private static JsonNode one(List<JsonNode> lines, Predicate<JsonNode> wanted) {
        return lines.stream().filter(wanted).findFirst().orElseThrow(() -> new AssertionError("no such line in " + lines));
    }
}
