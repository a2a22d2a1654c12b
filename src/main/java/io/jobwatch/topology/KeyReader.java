package io.jobwatch.topology;

import io.jobwatch.topic.Partitions;
import io.jobwatch.topic.TopicException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads the committed records of one key, in their order, as far as they are committed when it begins. All records of a key are in one
 * partition, the one that Kafka's default partitioner chooses, so only that one is read. Belongs to one thread.
 */
final class KeyReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(1);

    private final byte[] key;
    private final LongSupplier nanos;
    private final long deadline;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final long firstOffset;
    private final long endOffset;

    /**
     * Finds the partition, and where it begins and ends.
     *
     * @param within time for all of it, from now on
     * @throws TopicException if the cluster does not answer in time, or refuses
     */
    KeyReader(Map<String, Object> kafkaProperties, String topic, byte[] key, Duration within, LongSupplier nanos) {
        this.key = key;
        this.nanos = nanos;
        deadline = nanos.getAsLong() + within.toNanos();
        consumer = new KafkaConsumer<>(settings(kafkaProperties), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            partition = asked(topic, () -> partition(topic));
            List<TopicPartition> partitions = List.of(partition);
            firstOffset = asked(topic, () -> consumer.beginningOffsets(partitions, left())).get(partition);
            endOffset = asked(topic, () -> consumer.endOffsets(partitions, left())).get(partition);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    int partition() {
        return partition.partition();
    }

    /** {@return the offset of the oldest record that is still there} */
    long firstOffset() {
        return firstOffset;
    }

    /** {@return the offset after the last committed record when this began} */
    long endOffset() {
        return endOffset;
    }

    /**
     * Reads to the end, or until the time is over.
     *
     * @return the offset up to which all was read
     * @throws TopicException if the cluster does not answer, or refuses
     */
    long read(Consumer<ConsumerRecord<byte[], byte[]>> taker) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, firstOffset);
        return asked(partition.topic(), () -> {
            while (consumer.position(partition, left()) < endOffset && nanos.getAsLong() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (record.offset() < endOffset && Arrays.equals(record.key(), key)) {
                        taker.accept(record);
                    }
                }
            }
            return Math.min(consumer.position(partition, left()), endOffset);
        });
    }

    /** Takes a second at the most. */
    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(CLOSE_WITHIN));
    }

    private TopicPartition partition(String topic) {
        List<PartitionInfo> partitions = consumer.partitionsFor(topic, left());
        if (partitions == null || partitions.isEmpty()) {
            throw new UnknownTopicOrPartitionException("no partitions");
        }
        return new TopicPartition(topic, Partitions.ofKey(key, partitions.size()));
    }

    /** {@return the time that is left, never none: whoever asks the broker now waits for its answer at least a little} */
    private Duration left() {
        return Duration.ofNanos(Math.max(POLL.toNanos(), deadline - nanos.getAsLong()));
    }

    private static <T> T asked(String topic, Supplier<T> question) {
        try {
            return question.get();
        } catch (InterruptException e) {
            throw e;
        } catch (UnknownTopicOrPartitionException e) {
            throw new TopicException("there is no topic " + topic + "; create it with: jobwatch setup -c FILE", e);
        } catch (OffsetOutOfRangeException e) {
            throw new TopicException("records of " + topic + " were removed by its retention while they were read; ask again", e);
        } catch (TimeoutException e) {
            throw new TopicException("the Kafka cluster does not answer (cannot read " + topic
                    + "): check kafka.bootstrap-servers and that the cluster is up", e);
        } catch (KafkaException e) {
            throw new TopicException("the Kafka cluster refuses to let " + topic + " be read: " + e.getMessage()
                    + " (check kafka.properties and the rights of this user)", e);
        }
    }

    static Map<String, Object> settings(Map<String, Object> kafkaProperties) {
        Map<String, Object> settings = new HashMap<>(kafkaProperties);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 8 << 20);
        // The consumer asks ahead for what comes after the end, and closes only when the broker has answered that: half a second.
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
        return settings;
    }
}
