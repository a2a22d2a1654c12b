package io.jobwatch.seed;

import io.jobwatch.topic.TopicException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads the committed records of a partition as far as anything is written when the reading begins, outside of any group. What belongs to
 * a transaction that is still open is waited for until it ends. Belongs to one thread.
 */
final class CommittedReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(1);
    /** A transaction that nobody ends is ended by the broker: at most a minute at what jobwatch sets. */
    static final Duration TRANSACTION_ENDS_WITHIN = Duration.ofSeconds(90);

    private final Side side;
    private final KafkaConsumer<byte[], byte[]> committed;
    private final KafkaConsumer<byte[], byte[]> written;

    CommittedReader(Side side) {
        this.side = side;
        committed = consumer(side, "read_committed");
        written = consumer(side, "read_uncommitted");
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Side side, String isolation) {
        Map<String, Object> settings = new HashMap<>(side.kafka());
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // What retention removes while it is read is not missed.
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 4 << 20);
        // The consumer asks ahead for what comes after the end, and closes only when the broker has answered that: half a second.
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 15_000);
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Reads a partition from its beginning.
     *
     * @throws TopicException if the cluster does not answer or refuses, or a transaction does not end
     */
    void read(TopicPartition partition, Consumer<ConsumerRecord<byte[], byte[]>> taker) {
        readFrom(partition, 0, end(partition), record -> {
            taker.accept(record);
            return true;
        });
    }

    /** {@return whether there is a record at an offset or later} */
    boolean holdsAnyFrom(TopicPartition partition, long offset) {
        return holdsAny(partition, offset, end(partition));
    }

    /** {@return whether there is a record before the first transaction that is open} Nothing is waited for. */
    boolean holdsAnyNow(TopicPartition partition) {
        return holdsAny(partition, 0, end(committed, partition));
    }

    /** {@return the offset after all that is written to a partition, committed or not} */
    long end(TopicPartition partition) {
        return end(written, partition);
    }

    private boolean holdsAny(TopicPartition partition, long offset, long end) {
        boolean[] found = new boolean[1];
        readFrom(partition, offset, end, record -> {
            found[0] = true;
            return false;
        });
        return found[0];
    }

    private long end(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) {
        return Answers.asked(side, "tell the end of " + partition, () -> consumer.endOffsets(List.of(partition)).get(partition));
    }

    private void readFrom(TopicPartition partition, long offset, long end, Predicate<ConsumerRecord<byte[], byte[]>> goOn) {
        Answers.asked(side, "read topic " + partition.topic(), () -> {
            List<TopicPartition> one = List.of(partition);
            committed.assign(one);
            committed.seek(partition, Math.max(offset, committed.beginningOffsets(one).get(partition)));
            long deadline = deadline();
            while (committed.position(partition) < end) {
                long before = committed.position(partition);
                for (ConsumerRecord<byte[], byte[]> record : committed.poll(POLL)) {
                    if (record.offset() < end && !goOn.test(record)) {
                        return null;
                    }
                }
                deadline = committed.position(partition) > before ? deadline() : deadline;
                if (System.nanoTime() > deadline) {
                    throw new TopicException("nothing came of " + partition + " for " + TRANSACTION_ENDS_WITHIN.toSeconds()
                            + " s: a broker does not answer, or a transaction on it was left open; see kafka-transactions.sh "
                            + "--bootstrap-server " + side.kafka().get("bootstrap.servers")
                            + " find-hanging --topic " + partition.topic());
                }
            }
            return null;
        });
    }

    private static long deadline() {
        return System.nanoTime() + TRANSACTION_ENDS_WITHIN.toNanos();
    }

    @Override
    public void close() {
        committed.close(CloseOptions.timeout(CLOSE_WITHIN));
        written.close(CloseOptions.timeout(CLOSE_WITHIN));
    }
}
