package io.jobwatch.topic.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With Kafka's own client, which reads its settings before it connects. */
class JaasFaultTest {
    private static final String MODULE = "org.apache.kafka.common.security.plain.PlainLoginModule";

    @TempDir
    private Path folder;

    @Test
    void shouldAskForTheLineFeedThatAFileWithThePasswordEndsIn() throws IOException {
        Files.writeString(folder.resolve("kafka-password"), "s3cret\n");

        Throwable failure = catchThrowable(() -> connect(passwordFromFile()));

        assertThat(failure).isInstanceOf(KafkaException.class);
        assertThat(JaasFault.explain(failure)).get().asString()
                .contains("sasl.jaas.config in kafka.properties", "end in a line feed? printf %s").doesNotContain("s3cret", "\n");
    }

    @Test
    void shouldFindNoFaultInAFileWithoutALineFeed() throws IOException {
        Files.writeString(folder.resolve("kafka-password"), "s3cret");

        assertThat(catchThrowable(() -> connect(passwordFromFile()))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        MODULE + " required username=\"alice\" password=\"a\"s3cret\";",
        MODULE + " required username=\"alice\" password=\"a\ns3cret\";",
        MODULE + " s3cret;",
        MODULE + " required password=\"s3cret\"",
        MODULE,
        " "})
    void shouldNotTellThePartOfThePasswordThatKafkaStumblesOver(String jaas) {
        Throwable failure = catchThrowable(() -> connect(jaas));

        assertThat(JaasFault.explain(failure)).as("of %s", failure).get().asString().doesNotContain("s3cret");
    }

    @Test
    void shouldLeaveOtherFailuresAsTheyAre() {
        assertThat(JaasFault.explain(new KafkaException("outer", new IllegalArgumentException("Could not find a 'KafkaClient' entry in the "
                + "JAAS configuration. System property 'java.security.auth.login.config' is not set")))).isEmpty();
        assertThat(JaasFault.explain(new KafkaException("outer", new IllegalArgumentException()))).isEmpty();
    }

    private String passwordFromFile() {
        return MODULE + " required username=\"alice\" password=\"${secrets:" + folder + ":kafka-password}\";";
    }

    private static void connect(String jaas) {
        Admin.create(Map.of("bootstrap.servers", "127.0.0.1:9", "security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "PLAIN",
                "sasl.jaas.config", jaas, "config.providers", "secrets",
                "config.providers.secrets.class", "org.apache.kafka.common.config.provider.DirectoryConfigProvider")).close();
    }
}
