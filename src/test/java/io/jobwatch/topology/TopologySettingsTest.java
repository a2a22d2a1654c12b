package io.jobwatch.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.config.ProcessConfig;
import io.jobwatch.config.ProcessConfig.StateStore;
import io.jobwatch.registry.RegistryTimeouts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.stream.IntStream;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class TopologySettingsTest {

    /** A stream thread that waits for the registry for longer than its transaction may last is fenced, and restores its store. */
    @Test
    void shouldGiveATransactionTwiceTheTimeThatALookUpInTheRegistryMayTake() {
        Object timeout = new StreamsConfig(settings(Map.of())).getProducerConfigs("producer").get("transaction.timeout.ms");

        assertThat(Duration.ofMillis(Long.parseLong(timeout.toString()))).isGreaterThanOrEqualTo(
                RegistryTimeouts.WITHIN_A_TRANSACTION.call().multipliedBy(2));
    }

    /** During the pause the transaction of the thread that failed is open, and keeps readers of committed records waiting. */
    @Test
    void shouldNotPauseForLongerThanATransactionMayLast() {
        Object timeout = new StreamsConfig(settings(Map.of())).getProducerConfigs("producer").get("transaction.timeout.ms");

        assertThat(IntStream.rangeClosed(1, 100).mapToObj(TopologyRunner::pauseMillis)).isSorted().startsWith(800L, 1_600L, 3_200L)
                .allMatch(pause -> pause < Long.parseLong(timeout.toString()));
    }

    @Test
    void shouldTakeFurtherSettingsOfTheConfiguration() {
        Properties settings = settings(Map.of("num.stream.threads", "3", "producer.transaction.timeout.ms", "90000"));

        assertThat(new StreamsConfig(settings).getInt("num.stream.threads")).isEqualTo(3);
        assertThat(new StreamsConfig(settings).getProducerConfigs("producer")).containsEntry("transaction.timeout.ms", "90000");
    }

    @Test
    void shouldNotLetTheConfigurationTouchWhatCorrectnessRestsOn() {
        StreamsConfig settings = new StreamsConfig(settings(Map.of("processing.guarantee", "at_least_once", "application.id", "other",
                "processing.exception.handler", "org.apache.kafka.streams.errors.LogAndContinueProcessingExceptionHandler")));

        assertThat(settings.getString("processing.guarantee")).isEqualTo("exactly_once_v2");
        assertThat(settings.getString("application.id")).isEqualTo("jobwatch");
        assertThat(settings.getClass("processing.exception.handler")).isEqualTo(BadRecordHandler.class);
    }

    private static Properties settings(Map<String, String> configured) {
        return TopologyRunner.settings("jobwatch", Map.of("bootstrap.servers", "127.0.0.1:9092"),
                new ProcessConfig(StateStore.ROCKSDB, 0, Map.of(), Duration.ofMinutes(5), Duration.ofDays(7), configured),
                Path.of("state"), "dead-letters");
    }
}
