package io.jobwatch.topology;

import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;

/**
 * Knows from the metrics of the consumers whether a partition has been read to its end. Thread-safe.
 *
 * <p>The lag of a partition is measured with each fetch that brings something, and counts committed records only. A partition that has
 * brought nothing since it was assigned has none, and counts as read: so it is for the caller to give the first fetch some time.
 */
public final class InputLag implements CaughtUp {
    private static final String METRIC = "records-lag";

    private final String topic;
    private volatile KafkaStreams streams;

    /** @param topic the topology's input */
    public InputLag(String topic) {
        this.topic = topic;
    }

    /** Tells whose consumers read the topic. Until then nothing has caught up. */
    public void of(KafkaStreams readers) {
        streams = readers;
    }

    @Override
    public boolean with(int partition) {
        KafkaStreams readers = streams;
        return readers != null && readers.metrics().entrySet().stream()
                .filter(metric -> isLagOf(metric.getKey(), partition))
                .noneMatch(metric -> behind(metric.getValue()));
    }

    private boolean isLagOf(MetricName name, int partition) {
        Map<String, String> tags = name.tags();
        return name.name().equals(METRIC) && Integer.toString(partition).equals(tags.get("partition"))
                // Kafka tags a topic with dots in its name twice, once with underscores instead.
                && topic.equals(tags.get("topic"));
    }

    private static boolean behind(Metric lag) {
        return lag.metricValue() instanceof Double records && records > 0;
    }
}
