package io.jobwatch.query;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Tells how far a group has come with a topic, from what it committed; any member's protocol will do, and none need be alive.
 *
 * <p>Transaction markers and aborted records take offsets, but a group may never commit past them. So where a group stands still before an
 * end, a short read tells whether any record is left for it; what was found holds until the group moves. Belongs to one thread.
 */
final class GroupProgress implements AutoCloseable {
    private static final long ANSWER_WITHIN_MILLIS = 5_000;
    private static final Duration READ_WITHIN = Duration.ofMillis(500);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(1);

    private final Admin admin;
    private final String group;
    private final Map<String, Object> kafkaProps;
    private final Map<TopicPartition, Stretch> stretches = new HashMap<>();
    private KafkaConsumer<byte[], byte[]> reader;

    /** What lies before the group: nothing for it up to an offset, and there a record, if one was found. */
    private record Stretch(long from, long emptyTo, boolean recordThere) {
        private boolean isEmptyTo(long end) {
            return emptyTo >= end;
        }
    }

    /** @param kafkaProps how any Kafka client reaches the cluster */
    GroupProgress(Admin admin, String group, Map<String, Object> kafkaProps) {
        this.admin = admin;
        this.group = group;
        this.kafkaProps = kafkaProps;
    }

    /**
     * {@return for each partition how far the group has come: at least the given end if nothing before it is left for the group}
     *
     * @throws ExecutionException                    if the broker refuses
     * @throws TimeoutException                      if it does not answer
     * @throws org.apache.kafka.common.KafkaException if what lies before the group cannot be read
     */
    Map<TopicPartition, Long> towards(Map<TopicPartition, Long> ends) throws ExecutionException, TimeoutException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()
                .get(ANSWER_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
        Map<TopicPartition, Long> reached = new HashMap<>();
        ends.forEach((partition, end) -> {
            OffsetAndMetadata offset = committed.get(partition);
            long position = offset == null ? 0 : offset.offset();
            reached.put(partition, position < end && nothingLeft(partition, position, end) ? end : Long.valueOf(position));
        });
        return reached;
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close(CloseOptions.timeout(CLOSE_WITHIN));
        }
    }

    private boolean nothingLeft(TopicPartition partition, long position, long end) {
        Stretch known = stretches.get(partition);
        if (known == null || known.from() != position) {
            stretches.put(partition, new Stretch(position, position, false));   // it moves, so it may arrive by itself
            return false;
        }
        if (!known.isEmptyTo(end) && !known.recordThere()) {
            known = read(partition, known, end);
            stretches.put(partition, known);
        }
        return known.isEmptyTo(end);
    }

    private Stretch read(TopicPartition partition, Stretch known, long end) {
        if (reader == null) {
            reader = new KafkaConsumer<>(readerSettings(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }
        reader.assign(List.of(partition));
        reader.seek(partition, known.emptyTo());
        long deadline = System.nanoTime() + READ_WITHIN.toNanos();
        do {
            ConsumerRecords<byte[], byte[]> records = reader.poll(READ_WITHIN);
            if (!records.isEmpty()) {
                return new Stretch(known.from(), records.iterator().next().offset(), true);
            }
        } while (reader.position(partition) < end && System.nanoTime() < deadline);
        return new Stretch(known.from(), reader.position(partition), false);
    }

    private Map<String, Object> readerSettings() {
        Map<String, Object> settings = new HashMap<>(kafkaProps);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // What retention removed is not left for anyone.
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 16 << 10);
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWER_WITHIN_MILLIS);
        settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) ANSWER_WITHIN_MILLIS);
        return settings;
    }
}
