package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jobwatch.config.ConfigLoader;
import io.jobwatch.config.FolderLock;
import io.jobwatch.embedded.Ports;
import io.jobwatch.embedded.simulator.EncoderSimulator;
import io.jobwatch.embedded.simulator.SimulatorSettings;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole command, on a whole instance. */
class DoctorCommandIT {
    private static final String TROUBLE_OF_THIS_MACHINE = "disk-space";

    @TempDir
    private Path folder;

    @Test
    void shouldFindNothingWrongWithAHealthyInstanceAndTellWhatIsWrongWithASickOne() throws Exception {
        Path config;
        try (EncoderSimulator simulator = EncoderSimulator.start(SimulatorSettings.of(4, 7, 20))) {
            config = configuration(simulator.url().toString());
            try (Instance instance = start(config)) {
                assertThat(instance.queryUrl()).isPresent();
                Awaitility.await().atMost(Duration.ofMinutes(3)).pollInterval(Duration.ofSeconds(1)).untilAsserted(() ->
                        assertThat(troubles(doctor(config, "-o", "json", "--watch", "1s"))).isEmpty());

                CommandRun healthy = doctor(config, "--watch", "1s");

                assertThat(healthy.lines().stream().map(line -> line.split(":")[0])).contains("ok      kafka", "ok      replication",
                        "ok      topics", "ok      internal topics", "ok      rights", "ok      registry", "ok      sources",
                        "ok      alerts", "ok      dead letters", "ok      groups", "ok      lag", "ok      transactions",
                        "ok      queries");
                if (!healthy.out().contains(TROUBLE_OF_THIS_MACHINE)) {
                    assertThat(healthy.out()).endsWith("\nnothing is wrong\n");
                    assertThat(healthy.status()).isZero();
                }
            }
        }
        CommandRun ended = doctor(config, "--watch", "1s");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.out()).contains("FAIL    kafka: embedded in the instance", "FAIL  not-running  " + folder.resolve("data"),
                "      do        jobwatch run -c " + config + ";", "FAIL  api-unreachable  http://127.0.0.1:");
    }

    @Test
    void shouldSayThatOnlyTheInstanceKnowsThePortOfItsBroker() throws Exception {
        Path data = folder.resolve("data");
        Path config = Files.writeString(folder.resolve("jobwatch.yaml"), """
                data-dir: %s
                roles: [report]
                kafka: {embedded-port: 0}
                """.formatted(data));
        try (FolderLock held = FolderLock.acquire(data)) {
            assertThat(held).isNotNull();

            CommandRun run = doctor(config);

            assertThat(run.status()).isEqualTo(1);
            assertThat(run.out()).contains("ok      data folder: " + data + ", in use by process", "WARN  port-unknown  " + data,
                    "skipped queries: the role query is not of this configuration");
        }
    }

    @Test
    void shouldRefuseAWatchThatIsNone() throws Exception {
        CommandRun run = doctor(configuration("http://127.0.0.1:9/api"), "--watch", "500ms");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("--watch must be from 1s to 10m");
    }

    private Path configuration(String url) throws Exception {
        return Files.writeString(folder.resolve("jobwatch.yaml"), """
                data-dir: %s
                kafka: {embedded-port: %d}
                schema-registry: {embedded-port: %d}
                topics: {partitions: 2}
                query: {port: %d}
                sources: [{name: encoder, type: ams-v2, url: "%s", account: contoso, poll-interval: 500ms, auth: {type: none}}]
                """.formatted(folder.resolve("data"), Ports.free(), Ports.free(), Ports.free(), url));
    }

    private static Instance start(Path config) {
        return Instance.start(ConfigLoader.load(config, name -> null),
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), Clock.systemUTC(), connections -> { });
    }

    private static CommandRun doctor(Path config, String... options) {
        List<String> all = new ArrayList<>(List.of("doctor", "-c", config.toString()));
        all.addAll(List.of(options));
        return CommandRun.of(all.toArray(String[]::new));
    }

    private static List<String> troubles(CommandRun run) throws Exception {
        List<String> kinds = new ArrayList<>();
        JsonNode json = new JsonMapper().readTree(run.out());
        json.path("examined").forEach(examined -> examined.path("findings").forEach(finding -> kinds.add(finding.path("kind").asText())));
        assertThat(run.status()).as(run.out()).isEqualTo(json.path("ok").asBoolean() ? 0 : 1);
        kinds.remove(TROUBLE_OF_THIS_MACHINE);
        return kinds;
    }
}
