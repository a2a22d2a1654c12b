package io.jobwatch.poll;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to write for the sources of one lane: a transactional producer whose transactions also carry the group's generation, so that
 * neither a former owner's producer nor a former generation can commit anything. Thread-safe; the sources of a lane commit one after
 * another.
 */
final class Lane implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    private static final int COMMIT_ATTEMPTS = 50;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(200);
    /** Below the time after which the broker ends the transaction (60 s). */
    private static final Duration SENT_WITHIN = Duration.ofSeconds(45);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

    private final int number;
    private final TopicPartition partition;
    private final Producer<byte[], byte[]> producer;
    private final Supplier<Ownership> ownership;
    private final Map<String, SourceMemory> memories;
    private long commits;
    private volatile boolean lost;

    /**
     * @param producer its transactions are initialised: every producer of this lane before it is fenced
     * @param memories what the lane's cursors said after that
     */
    Lane(int number, String cursorsTopic, Producer<byte[], byte[]> producer, Supplier<Ownership> ownership,
         Map<String, SourceMemory> memories) {
        this.number = number;
        this.partition = new TopicPartition(cursorsTopic, number);
        this.producer = producer;
        this.ownership = ownership;
        this.memories = memories;
    }

    int number() {
        return number;
    }

    /** {@return what is remembered of a source; the caller's thread owns it from now on} */
    synchronized SourceMemory memory(String source) {
        return memories.computeIfAbsent(source, name -> new SourceMemory());
    }

    /** {@return whether this object can commit no more, and the lane is to be opened anew if it is still owned} */
    boolean lost() {
        return lost;
    }

    /**
     * Publishes records in one transaction: all of them or none.
     *
     * @throws LaneLostException if the lane has another owner or the outcome is not known; this object is of no use any more
     * @throws KafkaException    if the transaction was aborted; nothing was published and it may be tried again
     */
    synchronized void commit(List<ProducerRecord<byte[], byte[]>> records) throws LaneLostException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            Ownership now = ownership.get();
            if (lost || !now.owns(number)) {
                throw lost("lane " + number + " belongs to another instance", null);
            }
            try {
                send(records, now);
            } catch (CommitFailedException e) {
                // A new generation of the group: if the lane is still ours, the same result is committed with the fresh proof.
                abort(e);
                if (attempt == COMMIT_ATTEMPTS) {
                    throw e;
                }
                wait(BETWEEN_ATTEMPTS.toMillis());
                continue;
            } catch (KafkaException e) {
                abort(e);
                throw e;
            } catch (IllegalStateException e) {
                throw lost("lane " + number + ": the producer is closed", e);
            }
            finish();
            commits++;
            return;
        }
    }

    private void send(List<ProducerRecord<byte[], byte[]>> records, Ownership now) {
        producer.beginTransaction();
        List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
        for (ProducerRecord<byte[], byte[]> record : records) {
            sent.add(producer.send(record));
        }
        // A record that the broker refuses shows here, where the transaction can still be aborted, and not in the commit, whose outcome
        // would then be unknown and cost all sources of the lane a new start.
        await(sent);
        // The offset itself says nothing; that the broker accepts it proves that the generation is the current one.
        producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(commits)), now.metadata());
    }

    /** Not {@code flush}, which waits for ever while the transaction's coordinator cannot be reached. */
    private static void await(List<Future<RecordMetadata>> sent) {
        long deadline = System.nanoTime() + SENT_WITHIN.toNanos();
        for (Future<RecordMetadata> future : sent) {
            try {
                future.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
            } catch (java.util.concurrent.TimeoutException e) {
                throw new TimeoutException("the records were not taken within " + SENT_WITHIN.toSeconds() + " s", e);
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        }
    }

    /** A commit that timed out may have been done, so it is asked again, never aborted. */
    private void finish() throws LaneLostException {
        while (true) {
            try {
                producer.commitTransaction();
                return;
            } catch (TimeoutException e) {
                LOG.warn("lane {}: the commit has not been answered yet, asking again", number);
                if (Thread.currentThread().isInterrupted()) {
                    throw lost("lane " + number + ": stopped while a commit was not answered", e);
                }
            } catch (KafkaException | IllegalStateException e) {
                throw lost("lane " + number + ": the commit failed: " + e.getMessage(), e);
            }
        }
    }

    private void abort(KafkaException cause) throws LaneLostException {
        try {
            producer.abortTransaction();
        } catch (KafkaException | IllegalStateException e) {
            e.addSuppressed(cause);
            throw lost("lane " + number + ": " + cause.getMessage(), e);
        }
    }

    private LaneLostException lost(String message, Throwable cause) {
        lost = true;
        return new LaneLostException(message, cause);
    }

    @Override
    public void close() {
        lost = true;
        producer.close(CLOSE_WITHIN);
    }
}
