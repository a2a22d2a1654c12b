package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.embedded.Ports;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SIGTERM while a command does its work, with real processes. */
class SignalIT {
    private static final Duration WITHIN = Duration.ofSeconds(90);
    private static final Duration EXIT_WITHIN = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    /** A broker that is not closed has to look through all of its log at the next start. */
    @ParameterizedTest
    @ValueSource(strings = {"setup", "dead-letters list", "dead-letters replay --all"})
    void shouldCloseItsBrokerWhenACommandIsTerminated(String command) throws Exception {
        Path config = Files.writeString(folder.resolve("jobwatch.yaml"), """
                data-dir: %s
                roles: [process]
                kafka: {embedded-port: %d}
                schema-registry: {embedded-port: %d}
                topics: {partitions: 2}
                """.formatted(folder.resolve("data"), Ports.free(), Ports.free()));
        try (JobwatchProcess setup = start("setup", config)) {
            assertThat(setup.awaitExit(WITHIN)).as(setup.output()).isZero();
        }
        Path closedCleanly = folder.resolve("data/kafka/logs/.kafka_cleanshutdown");
        assertThat(closedCleanly).exists();

        try (JobwatchProcess process = start(command, config)) {
            // The broker removes it while it starts, which takes a second or more.
            Awaitility.await().atMost(WITHIN).pollInterval(Duration.ofMillis(10)).until(() -> Files.notExists(closedCleanly));
            process.terminate();

            assertThat(process.awaitExit(EXIT_WITHIN)).as(process.output()).isEqualTo(1);
            assertThat(process.output()).contains("jobwatch: ended by a signal before it was done").doesNotContain("Exception");
        }
        assertThat(closedCleanly).exists();
    }

    @Test
    void shouldEndACheckThatWaitsForASourceWhenItIsTerminated() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path config = Files.writeString(folder.resolve("jobwatch.yaml"), """
                    data-dir: %s
                    sources:
                      - {name: silent, type: ams-v2, url: "http://127.0.0.1:%d/api", account: contoso, request-timeout: 10m}
                      - {name: next, type: ams-v2, url: "http://127.0.0.1:%2$d/api", account: contoso}
                    """.formatted(folder.resolve("data"), silent.getLocalPort()));
            try (JobwatchProcess process = start("check", config)) {
                silent.setSoTimeout((int) WITHIN.toMillis());
                silent.accept();
                process.terminate();

                assertThat(process.awaitExit(EXIT_WITHIN)).as(process.output()).isEqualTo(1);
                assertThat(process.output()).contains("ok      registry", "jobwatch: ended by a signal before it was done")
                        .doesNotContain("FAILED", "source next", "Exception");
            }
        }
    }

    private JobwatchProcess start(String command, Path config) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.addAll(List.of("-c", config.toString()));
        return JobwatchProcess.start(Files.createTempFile(folder, "output", ".log"), Map.of(), arguments.toArray(String[]::new));
    }
}
