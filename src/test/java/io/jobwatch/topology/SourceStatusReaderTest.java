package io.jobwatch.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jobwatch.topic.TopicException;
import java.util.Map;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.junit.jupiter.api.Test;

class SourceStatusReaderTest {

    /** One that the broker makes has its settings, is not compacted, and fails the next setup. */
    @Test
    void shouldNotLetTheBrokerCreateATopicThatIsMissing() {
        assertThat(SourceStatusReader.settings(Map.of("allow.auto.create.topics", true)))
                .containsEntry("allow.auto.create.topics", false);
    }

    @Test
    void shouldSayThatTheTopicIsMissing() {
        try (MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none")) {
            assertThatThrownBy(() -> SourceStatusReader.partitions(consumer, "jobwatch.source-status"))
                    .isInstanceOf(TopicException.class).hasMessageContaining("topic jobwatch.source-status is missing")
                    .hasMessageContaining("jobwatch setup");
        }
    }
}
