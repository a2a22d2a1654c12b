package io.jobwatch.cli.doctor;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads what is committed in partitions, in no group and within a time. Belongs to one thread. */
final class CommittedReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<byte[], byte[]> consumer;

    /** @param kafka how any Kafka client reaches the cluster */
    CommittedReader(Map<String, Object> kafka) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) Cluster.ANSWER_WITHIN.toMillis());
        settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) Cluster.ANSWER_WITHIN.toMillis() / 2);
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** {@return the partitions of a topic} It has to be there. */
    List<TopicPartition> partitions(String topic) {
        return consumer.partitionsFor(topic).stream().map(info -> new TopicPartition(topic, info.partition())).toList();
    }

    Map<TopicPartition, Long> beginnings(List<TopicPartition> partitions) {
        return consumer.beginningOffsets(partitions);
    }

    /** {@return the offset of the first record in each partition that is not older; one without any is left out} */
    Map<TopicPartition, Long> since(List<TopicPartition> partitions, long millis) {
        Map<TopicPartition, Long> question = new HashMap<>();
        partitions.forEach(partition -> question.put(partition, millis));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        consumer.offsetsForTimes(question).forEach((partition, found) -> {
            if (found != null) {
                offsets.put(partition, found.offset());
            }
        });
        return offsets;
    }

    /**
     * Reads partitions to where they end now, or until the visitor has enough.
     *
     * @param from    the partitions, and where to begin in each
     * @param visitor returns whether it wants more
     * @throws TimeoutException if the end is not reached in time
     */
    void read(Map<TopicPartition, Long> from, Duration within, Predicate<ConsumerRecord<byte[], byte[]>> visitor) {
        if (from.isEmpty()) {
            return;
        }
        Map<TopicPartition, Long> ends = consumer.endOffsets(from.keySet());
        consumer.assign(from.keySet());
        from.forEach(consumer::seek);
        long deadline = System.nanoTime() + within.toNanos();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < ends.get(new TopicPartition(record.topic(), record.partition())) && !visitor.test(record)) {
                    return;
                }
            }
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("not read to its end within " + within.toSeconds() + " s");
            }
        }
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
