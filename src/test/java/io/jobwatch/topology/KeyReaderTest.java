package io.jobwatch.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class KeyReaderTest {

    /** A broker that creates topics when they are asked for (Kafka's default; the embedded one does not) would hide that one is missing. */
    @Test
    void shouldNotLetTheBrokerCreateATopicThatIsMissing() {
        assertThat(KeyReader.settings(Map.of("allow.auto.create.topics", true))).containsEntry("allow.auto.create.topics", false);
    }
}
