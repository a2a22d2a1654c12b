package io.jobwatch.cli;

import io.jobwatch.topic.ApplicationNames;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.JmxReporter;
import org.apache.kafka.common.metrics.KafkaMetric;

/**
 * Shows a chosen part of what Kafka's clients measure of themselves, under the names that Micrometer gives them, as it is when it is asked
 * for. Thread-safe.
 *
 * <p>Micrometer's own binder shows all of it, thousands of series with a broker, a topic or a partition each; and where a metric is there
 * both by client and by partition, as {@code records-lag-max} is, it keeps the latter, which a registry then refuses for the clients that
 * have none.
 */
final class KafkaCollector implements MultiCollector {
    /** By group, without what all groups end in, and name; each is there once a client, with no other tag than its (or its thread's). */
    private static final Set<String> SHOWN = Set.of(
            "consumer-fetch-manager records-lag-max", "consumer-fetch-manager records-consumed-total",
            "consumer-fetch-manager bytes-consumed-total", "consumer-fetch-manager fetch-latency-avg",
            "consumer-coordinator assigned-partitions", "consumer-coordinator rebalance-total",
            "consumer-coordinator failed-rebalance-total", "consumer-coordinator rebalance-latency-max",
            "consumer-coordinator last-heartbeat-seconds-ago", "consumer-coordinator commit-latency-max",
            "consumer last-poll-seconds-ago", "consumer time-between-poll-max", "consumer connection-count",
            "consumer failed-authentication-total",
            "producer record-send-total", "producer record-error-total", "producer record-retry-total", "producer request-latency-avg",
            "producer request-latency-max", "producer produce-throttle-time-max", "producer requests-in-flight",
            "producer buffer-available-bytes", "producer outgoing-byte-total", "producer txn-commit-time-ns-total",
            "producer txn-abort-time-ns-total", "producer connection-count", "producer failed-authentication-total",
            "stream alive-stream-threads", "stream failed-stream-threads",
            "stream-thread process-total", "stream-thread process-latency-avg", "stream-thread process-latency-max",
            "stream-thread process-ratio", "stream-thread poll-ratio", "stream-thread commit-ratio", "stream-thread punctuate-ratio",
            "stream-thread commit-total", "stream-thread commit-latency-avg", "stream-thread commit-latency-max",
            "stream-thread blocked-time-ns-total");
    /** Counters, though Kafka does not say so at the end of their names. */
    private static final Set<String> COUNTERS = Set.of("failed-stream-threads");
    private static final String TOTAL = "-total";
    /** Kafka Streams puts it into the ids of its clients; one folder has always the same, and says no more than that. */
    private static final Pattern UUID = Pattern.compile("-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private final String applicationId;
    private final Map<MetricName, KafkaMetric> metrics = new ConcurrentHashMap<>();

    /** @param applicationId begins the ids of the clients that are shown: those that stay, and have a name */
    KafkaCollector(String applicationId) {
        this.applicationId = applicationId;
    }

    /** {@return settings of a Kafka client that has itself shown here} Its metrics stay in JMX, where Kafka puts them by itself. */
    Map<String, Object> watching(Map<String, Object> settings) {
        Map<String, Object> result = new HashMap<>(settings);
        Set<String> reporters = new LinkedHashSet<>();
        reporters.add(String.valueOf(settings.getOrDefault("metric.reporters", JmxReporter.class.getName())));
        reporters.add(KafkaMetricsReporter.class.getName());
        reporters.remove("");
        result.put("metric.reporters", String.join(",", reporters));
        result.put(KafkaMetricsReporter.COLLECTOR, this);
        return result;
    }

    /** {@return whether the metric is one of those that are shown} */
    boolean add(KafkaMetric metric) {
        boolean shown = client(metric.metricName()).isPresent();
        if (shown) {
            metrics.put(metric.metricName(), metric);
        }
        return shown;
    }

    void remove(KafkaMetric metric) {
        metrics.remove(metric.metricName(), metric);
    }

    /** {@return whose metric it is, if it is shown} */
    private Optional<String> client(MetricName name) {
        boolean known = name.group().endsWith("-metrics")
                && SHOWN.contains(name.group().substring(0, name.group().length() - "-metrics".length()) + " " + name.name());
        if (!known || name.tags().containsKey("topic") || name.tags().containsKey("partition")) {
            return Optional.empty();
        }
        String id = name.tags().getOrDefault("client-id", name.tags().getOrDefault("thread-id", ""));
        return Optional.of(UUID.matcher(id).replaceAll("")).filter(label -> label.equals(applicationId)
                || label.startsWith(applicationId + "-")
                || label.startsWith("producer-" + new ApplicationNames(applicationId).laneTransactionPrefix()));
    }

    @Override
    public MetricSnapshots collect() {
        Map<String, Family> families = new TreeMap<>();
        metrics.forEach((name, metric) -> client(name).ifPresent(client -> {
            if (metric.metricValue() instanceof Number value) {
                families.computeIfAbsent(name.group() + " " + name.name(), any -> new Family(name)).values.put(client,
                        value.doubleValue());
            }
        }));
        return new MetricSnapshots(families.values().stream().map(Family::snapshot).toArray(MetricSnapshot[]::new));
    }

    private static final class Family {
        private final MetricName of;
        /** A client that was closed and one that took its place may be there for a moment: an id must not come twice. */
        private final Map<String, Double> values = new TreeMap<>();

        private Family(MetricName of) {
            this.of = of;
        }

        private MetricSnapshot snapshot() {
            boolean counter = of.name().endsWith(TOTAL) || COUNTERS.contains(of.name());
            String bare = of.name().endsWith(TOTAL) ? of.name().substring(0, of.name().length() - TOTAL.length()) : of.name();
            String name = "kafka_" + (of.group().substring(0, of.group().length() - "metrics".length()) + bare).replace('-', '_');
            return counter ? counter(name) : gauge(name);
        }

        private MetricSnapshot counter(String name) {
            CounterSnapshot.Builder result = CounterSnapshot.builder().name(name).help(of.description());
            values.forEach((client, value) -> result.dataPoint(CounterDataPointSnapshot.builder()
                    .labels(Labels.of("client_id", client)).value(Math.max(0, value)).build()));   // NaN stays
            return result.build();
        }

        private MetricSnapshot gauge(String name) {
            GaugeSnapshot.Builder result = GaugeSnapshot.builder().name(name).help(of.description());
            values.forEach((client, value) -> result.dataPoint(GaugeDataPointSnapshot.builder()
                    .labels(Labels.of("client_id", client)).value(value).build()));
            return result.build();
        }
    }
}
