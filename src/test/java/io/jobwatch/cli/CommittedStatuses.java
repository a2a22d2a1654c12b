package io.jobwatch.cli;

import io.jobwatch.event.JobStatus;
import io.jobwatch.registry.AvroDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads job-status as anyone would who must not see what was never committed: from the beginning on, until it is closed. */
final class CommittedStatuses implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);

    private final Map<String, Object> settings;
    private final String topic;
    private final AvroDecoder<JobStatus> decoder;
    private final Sightings sightings = new Sightings();
    private final Map<String, JobStatus> latest = new ConcurrentHashMap<>();
    private final Thread thread = new Thread(this::read, "committed-statuses");
    private volatile boolean closing;
    private volatile RuntimeException failure;

    CommittedStatuses(Map<String, Object> kafka, String topic, AvroDecoder<JobStatus> decoder) {
        this.settings = new HashMap<>(kafka);
        settings.put("isolation.level", "read_committed");
        this.topic = topic;
        this.decoder = decoder;
        thread.start();
    }

    /** {@return what was committed when: not before, and possibly later} */
    Sightings sightings() {
        requireReading();
        return sightings;
    }

    /** {@return the last status of each job, by key} */
    Map<String, JobStatus> latest() {
        requireReading();
        return Map.copyOf(latest);
    }

    private void requireReading() {
        if (failure != null) {
            throw new IllegalStateException("the statuses could not be read", failure);
        }
    }

    private void read() {
        try (KafkaConsumer<byte[], byte[]> consumer =
                     new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!closing) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    JobStatus status = decoder.decode(record.value());
                    String key = new String(record.key(), StandardCharsets.UTF_8);
                    latest.put(key, status);
                    sightings.saw(key, status.getSequence());
                }
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
