package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;

/** With real clients, which need no broker to have metrics. */
class KafkaCollectorTest {
    private static final String LAG = "kafka_consumer_fetch_manager_records_lag_max";

    private final KafkaCollector collector = new KafkaCollector("app");

    @Test
    void shouldShowTheClientsOfTheApplicationUntilTheyAreClosed() {
        try (KafkaConsumer<byte[], byte[]> report = consumer("app-report");
             KafkaConsumer<byte[], byte[]> view = consumer("app-query-view-0c7d4c9e-9a0c-4dd3-8d1c-6a4a7c5d2f11-global-consumer");
             KafkaConsumer<byte[], byte[]> passing = consumer("consumer-null-7");
             KafkaConsumer<byte[], byte[]> other = consumer("apple")) {
            assertThat(List.of(report, view, passing, other)).allSatisfy(client -> assertThat(client.metrics()).isNotEmpty());
            assertThat(clients(LAG)).containsExactly("app-query-view-global-consumer", "app-report");
        }
        assertThat(clients(LAG)).isEmpty();
    }

    @Test
    void shouldShowAChosenPartWithTheTypeThatTheNameTells() {
        try (KafkaConsumer<byte[], byte[]> client = consumer("app-report")) {
            Set<String> names = collector.collect().stream().map(metric -> metric.getMetadata().getPrometheusName())
                    .collect(Collectors.toSet());
            assertThat(names).contains(LAG, "kafka_consumer_fetch_manager_records_consumed").hasSizeLessThan(20);
            assertThat(client.metrics().size()).isGreaterThan(4 * names.size());
            assertThat(snapshot(LAG)).isInstanceOf(GaugeSnapshot.class);
            assertThat(snapshot("kafka_consumer_fetch_manager_records_consumed")).isInstanceOf(CounterSnapshot.class);
        }
    }

    /** One that is being closed and the one that takes its place have the same name. */
    @Test
    void shouldShowAClientOnceThoughTwoHaveItsName() {
        try (KafkaConsumer<byte[], byte[]> first = consumer("app-view-0c7d4c9e-9a0c-4dd3-8d1c-6a4a7c5d2f11");
             KafkaConsumer<byte[], byte[]> second = consumer("app-view-1c7d4c9e-9a0c-4dd3-8d1c-6a4a7c5d2f11")) {
            assertThat(first.metrics()).isNotEqualTo(second.metrics());
            assertThat(snapshot(LAG).getDataPoints()).hasSize(1);
        }
    }

    @Test
    void shouldKeepTheReportersThatAreConfigured() {
        assertThat(collector.watching(Map.of()).get("metric.reporters"))
                .isEqualTo("org.apache.kafka.common.metrics.JmxReporter," + KafkaMetricsReporter.class.getName());
        assertThat(collector.watching(Map.of("metric.reporters", "com.example.Mine")).get("metric.reporters"))
                .isEqualTo("com.example.Mine," + KafkaMetricsReporter.class.getName());
        assertThat(collector.watching(Map.of("metric.reporters", "")).get("metric.reporters"))
                .isEqualTo(KafkaMetricsReporter.class.getName());
    }

    private KafkaConsumer<byte[], byte[]> consumer(String clientId) {
        Map<String, Object> settings = new HashMap<>(collector.watching(Map.of("bootstrap.servers", "127.0.0.1:1")));
        settings.put("client.id", clientId);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private MetricSnapshot snapshot(String name) {
        return collector.collect().stream().filter(metric -> metric.getMetadata().getPrometheusName().equals(name)).findFirst()
                .orElseThrow();
    }

    private Set<String> clients(String name) {
        return collector.collect().stream().filter(metric -> metric.getMetadata().getPrometheusName().equals(name))
                .flatMap(metric -> metric.getDataPoints().stream()).map(point -> point.getLabels().get("client_id"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
