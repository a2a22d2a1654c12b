package io.jobwatch.cli;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;

/**
 * Hands the metrics of a Kafka client to the {@link KafkaCollector} that its configuration holds. Kafka makes one for each client, and
 * closes it with the client.
 */
public final class KafkaMetricsReporter implements MetricsReporter {
    /** Key of the client's configuration with the collector. */
    static final String COLLECTOR = "jobwatch.kafka.collector";

    private final Set<KafkaMetric> shown = ConcurrentHashMap.newKeySet();
    private KafkaCollector collector;

    @Override
    public void configure(Map<String, ?> configs) {
        collector = (KafkaCollector) configs.get(COLLECTOR);
    }

    @Override
    public void init(List<KafkaMetric> metrics) {
        metrics.forEach(this::metricChange);
    }

    @Override
    public void metricChange(KafkaMetric metric) {
        if (collector.add(metric)) {
            shown.add(metric);
        }
    }

    @Override
    public void metricRemoval(KafkaMetric metric) {
        if (shown.remove(metric)) {
            collector.remove(metric);
        }
    }

    @Override
    public void close() {
        shown.forEach(collector::remove);   // Kafka does not remove what it ends with
        shown.clear();
    }
}
