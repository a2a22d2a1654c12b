package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {
    @TempDir
    private Path folder;

    /** Only a client of the registry can judge its properties, and check opens none of the embedded one, nor does run before that is up. */
    @ParameterizedTest
    @CsvSource({"check, embedded", "check, http://127.0.0.1:9", "setup, embedded", "setup, http://127.0.0.1:9", "run, embedded",
            "run, http://127.0.0.1:9"})
    void shouldRefuseAWrongPropertyOfTheRegistryBeforeAnythingIsStarted(String command, String url) throws IOException {
        Path file = Files.writeString(folder.resolve("jobwatch.yaml"), """
                data-dir: %s
                roles: [report]
                kafka: {embedded-port: 0}
                schema-registry: {url: "%s", embedded-port: 0, properties: {basic.auth.user.inf: "alice:s3cret"}}
                """.formatted(folder.resolve("data"), url));

        CommandRun run = CommandRun.of(command, "-c", file.toString());

        assertThat(run.status()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains("schema-registry.properties.basic.auth.user.inf: not supported; did you mean basic.auth.user.info?")
                .doesNotContain("s3cret");
        assertThat(folder.resolve("data")).as("nothing was started").doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "setup", "run"})
    void shouldRefuseAPasswordForKafkaWhoseFileEndsInALineFeed(String command) throws IOException {
        Path secrets = Files.createDirectory(folder.resolve("secrets"));
        Files.writeString(secrets.resolve("kafka-password"), "s3cret\n");
        Path file = Files.writeString(folder.resolve("jobwatch.yaml"), """
                data-dir: %s
                roles: [report]
                kafka:
                  bootstrap-servers: 127.0.0.1:9
                  properties:
                    security.protocol: SASL_PLAINTEXT
                    sasl.mechanism: PLAIN
                    sasl.jaas.config: >-
                      org.apache.kafka.common.security.plain.PlainLoginModule required
                      username="alice" password="$${secrets:%s:kafka-password}";
                    config.providers: secrets
                    config.providers.secrets.class: org.apache.kafka.common.config.provider.DirectoryConfigProvider
                schema-registry: {url: "http://127.0.0.1:9"}
                """.formatted(folder.resolve("data"), secrets));

        CommandRun run = CommandRun.of(command, "-c", file.toString());

        assertThat(run.status()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains("sasl.jaas.config in kafka.properties cannot be read", "end in a line feed?")
                .doesNotContain("s3cret");
    }
}
