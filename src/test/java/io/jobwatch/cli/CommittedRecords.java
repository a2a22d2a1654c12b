package io.jobwatch.cli;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Follows topics as anyone would who must not see what was never committed: from their beginning on, until it is closed. */
final class CommittedRecords implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(20);

    private final Map<String, Object> settings;
    private final Collection<String> topics;
    private final Consumer<ConsumerRecord<byte[], byte[]>> taker;
    private final Thread thread = new Thread(this::read, "committed-records");
    private volatile boolean closing;
    private volatile boolean toTheEnd;
    private volatile RuntimeException failure;

    /** @param taker given each record, in the order of its partition, on a thread of this object; must be able to take one at once */
    CommittedRecords(Map<String, Object> kafka, Collection<String> topics, Consumer<ConsumerRecord<byte[], byte[]>> taker) {
        this.settings = new HashMap<>(kafka);
        settings.put("isolation.level", "read_committed");
        this.topics = topics;
        this.taker = taker;
        thread.start();
    }

    /** @throws IllegalStateException if the taker has not got all, as reading, or the taker, failed */
    void requireReading() {
        if (failure != null) {
            throw new IllegalStateException(topics + " could not be read", failure);
        }
    }

    private void read() {
        try (KafkaConsumer<byte[], byte[]> consumer =
                     new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = topics.stream().flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!closing) {
                consumer.poll(POLL).forEach(taker);
            }
            Map<TopicPartition, Long> ends = toTheEnd ? consumer.endOffsets(partitions) : Map.of();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(POLL).forEach(taker);
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    /** Reads on to what is the end now, and stops. */
    void closeAtTheEnd() {
        toTheEnd = true;
        close();
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
