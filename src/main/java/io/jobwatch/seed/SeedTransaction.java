package io.jobwatch.seed;

import io.jobwatch.topic.TopicException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnTimeoutException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * All that a seeding writes, in one transaction: whenever it is killed, nothing of it counts, and the next one begins anew in topics that
 * are as good as empty. Nobody reads them meanwhile, so that it may last does not matter. Belongs to one thread.
 */
final class SeedTransaction implements AutoCloseable {
    /** The most that a broker allows by default (transaction.max.timeout.ms). */
    private static final int LONGEST_MILLIS = 15 * 60_000;
    private static final int COMMIT_ATTEMPTS = 10;
    private static final int ANSWER_WITHIN_MILLIS = 30_000;
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);

    private final Side side;
    private final String timeout;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    /** The offset after the last record; written by the producer's thread, read after a flush. */
    private final Map<TopicPartition, Long> ends = new ConcurrentHashMap<>();

    private SeedTransaction(Side side) {
        this.side = side;
        Map<String, Object> settings = new HashMap<>(side.kafka());
        settings.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Integer.toString(LONGEST_MILLIS));
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, side.names().seedTransaction());
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, ANSWER_WITHIN_MILLIS);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 4 << 20);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        this.timeout = settings.get(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG) + " ms";
        this.producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Ends what a seeding of the application that was killed has open, and keeps one that still runs from committing. */
    static SeedTransaction begin(Side side) {
        SeedTransaction transaction = new SeedTransaction(side);
        try {
            transaction.failingClearly(transaction.producer::initTransactions);
            return transaction;
        } catch (RuntimeException e) {
            transaction.close();
            throw e;
        }
    }

    void open() {
        failingClearly(producer::beginTransaction);
    }

    void send(ProducerRecord<byte[], byte[]> record) {
        requireNoFailure();
        failingClearly(() -> producer.send(record, this::sent));
    }

    private void sent(RecordMetadata at, Exception e) {
        if (e != null) {
            failure.compareAndSet(null, e);
        } else {
            ends.merge(new TopicPartition(at.topic(), at.partition()), at.offset() + 1, Math::max);
        }
    }

    /** {@return the offset after the last record that was written, of each partition} */
    Map<TopicPartition, Long> ends() {
        failingClearly(producer::flush);
        requireNoFailure();
        return Map.copyOf(ends);
    }

    /** Commits these offsets for a group together with all that was written; the group has no members. */
    void commit(String group, Map<TopicPartition, OffsetAndMetadata> offsets) {
        if (!offsets.isEmpty()) {
            failingClearly(() -> producer.sendOffsetsToTransaction(offsets, new ConsumerGroupMetadata(group)));
        }
        for (int attempt = 1; ; attempt++) {
            try {
                failingClearly(producer::commitTransaction);
                return;
            } catch (TopicException e) {
                // A commit that timed out may have been done: it is asked for again, and never taken back.
                if (!(e.getCause() instanceof TimeoutException) || attempt == COMMIT_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private void requireNoFailure() {
        Exception failed = failure.get();
        if (failed != null) {
            throw explained(failed);
        }
    }

    private void failingClearly(Runnable work) {
        try {
            work.run();
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            requireNoFailure();   // it came first and says more
            throw explained(e);
        }
    }

    private TopicException explained(Exception e) {
        if (saysTooLong(e)) {
            return new TopicException("the broker allows no transaction of " + timeout + ": raise its transaction.max.timeout.ms, or set "
                    + "transaction.timeout.ms to no more than that under kafka.properties of the new configuration", e);
        }
        if (e instanceof ProducerFencedException || e instanceof InvalidProducerEpochException) {
            // A producer cannot tell one from the other.
            return new TopicException("another seeding of the application " + side.applicationId() + " began meanwhile, or this one took "
                    + "longer than a transaction may (" + timeout + "): nothing was seeded. Against the latter raise the broker's "
                    + "transaction.max.timeout.ms and transaction.timeout.ms under kafka.properties of the new configuration", e);
        }
        return Answers.failed(side, "write the records of the new deployment", e);
    }

    /** The client of Kafka 4.3.1 puts this refusal into an exception of no kind of its own, without a cause. */
    private static boolean saysTooLong(Exception e) {
        return e instanceof InvalidTxnTimeoutException
                || String.valueOf(e.getMessage()).contains(Errors.INVALID_TRANSACTION_TIMEOUT.message());
    }

    /** What was not committed is aborted; where no broker takes that any more, by the next seeding, or at the end of its time. */
    @Override
    public void close() {
        producer.close(CLOSE_WITHIN);
    }
}
