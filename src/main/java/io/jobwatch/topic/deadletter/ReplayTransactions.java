package io.jobwatch.topic.deadletter;

import io.jobwatch.topic.ApplicationNames;
import io.jobwatch.topic.DeadLetterHeaders;
import io.jobwatch.topic.TopicException;
import io.jobwatch.topic.deadletter.DeadLetterReplay.Outcome;
import io.jobwatch.topic.deadletter.DeadLetterReplay.Replayed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes records and the notes about them, some at a time in one transaction, which is open for no longer than it takes to write them: who
 * reads committed records of the topic waits meanwhile. Belongs to one thread; after a failure it is only good to be closed.
 */
final class ReplayTransactions implements AutoCloseable {
    private static final int ANSWER_WITHIN_MILLIS = 30_000;
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);
    private static final int COMMIT_ATTEMPTS = 3;
    /** After this time the broker ends the transaction of a process that was killed, or that cannot reach it. */
    private static final int TRANSACTION_MILLIS = 15_000;
    /** What a transaction holds at the most, or by one record more: it should end long before its time-out. */
    private static final int MOST_RECORDS = 200;
    private static final int MOST_BYTES = 4 << 20;

    private final Producer<byte[], byte[]> producer;
    private final String deadLetters;
    private final String applicationId;
    private final List<Waiting> waiting = new ArrayList<>();
    private int bytes;

    private record Waiting(LetterId letter, Place from, ProducerRecord<byte[], byte[]> record) {
    }

    /** @param producer ready to begin a transaction; closed by this */
    ReplayTransactions(Producer<byte[], byte[]> producer, String deadLetters, String applicationId) {
        this.producer = producer;
        this.deadLetters = deadLetters;
        this.applicationId = applicationId;
    }

    /** Ends the transaction that another one of the application may have open, and keeps it from beginning a next one. */
    static ReplayTransactions begin(Map<String, Object> kafka, String deadLetters, String applicationId) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, new ApplicationNames(applicationId).replayTransaction());
        settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MILLIS);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, ANSWER_WITHIN_MILLIS);
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        try {
            producer.initTransactions();
            return new ReplayTransactions(producer, deadLetters, applicationId);
        } catch (RuntimeException e) {
            producer.close();
            throw e;
        }
    }

    /** Takes the record; it is there, and told of, when the transaction that holds it is committed, now or later. */
    void putBack(ConsumerRecord<byte[], byte[]> record, LetterId letter, Place to, Consumer<Outcome> told) {
        RecordHeaders headers = new RecordHeaders();
        DeadLetterHeaders.copyEvent(record.headers(), headers);
        DeadLetterHeaders.add(headers, DeadLetterHeaders.REPLAYED_FROM, letter.toString());
        // With the present time: letters are kept for longer than events, so with the old one retention could delete the record at once.
        waiting.add(new Waiting(letter, to, new ProducerRecord<>(to.topic(), to.partition(), record.key(), record.value(), headers)));
        bytes += Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
        if (waiting.size() >= MOST_RECORDS || bytes >= MOST_BYTES) {
            commit(told);
        }
    }

    /** Writes what was taken in one transaction and tells of it. */
    void commit(Consumer<Outcome> told) {
        if (waiting.isEmpty()) {
            return;
        }
        List<Outcome> outcomes = new ArrayList<>();
        failingClearly(() -> {
            producer.beginTransaction();
            List<Future<RecordMetadata>> sent = waiting.stream().map(each -> producer.send(each.record())).toList();
            producer.flush();
            List<Future<RecordMetadata>> notes = new ArrayList<>();
            for (int i = 0; i < sent.size(); i++) {
                RecordMetadata there = result(sent.get(i));
                Waiting each = waiting.get(i);
                Place place = new Place(there.topic(), there.partition(), there.offset());
                notes.add(producer.send(ReplayNote.write(deadLetters, each.letter(), each.record().key(), place)));
                outcomes.add(new Replayed(each.letter(), each.from(), Optional.of(place)));
            }
            producer.flush();
            notes.forEach(ReplayTransactions::result);
        });
        commitTransaction();
        waiting.clear();
        bytes = 0;
        outcomes.forEach(told);
    }

    private static RecordMetadata result(Future<RecordMetadata> sent) {
        try {
            return sent.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /**
     * A commit that timed out may have happened: it is asked for again and never taken back. As all was written before, no failure tells
     * whether it happened; an interrupt must not make one of it.
     */
    private void commitTransaction() {
        boolean interrupted = false;
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    producer.commitTransaction();
                    return;
                } catch (TimeoutException e) {
                    if (attempt == COMMIT_ATTEMPTS) {
                        throw e;
                    }
                } catch (InterruptException e) {
                    interrupted = Thread.interrupted();
                }
            }
        } catch (KafkaException e) {
            throw new TopicException("it is not known whether the last " + waiting.size() + " records were put back, of which nothing was"
                    + " told (" + e.getMessage() + "): try again without --again, which puts back those that were not", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void failingClearly(Runnable work) {
        try {
            work.run();
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            // A producer cannot tell one from the other.
            throw new TopicException("another replay of the application " + applicationId + " began meanwhile and goes on in place of this"
                    + " one, or the broker did not take " + waiting.size() + " records within " + TRANSACTION_MILLIS / 1_000
                    + " s; what was not told to be put back was left as it is", e);
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            throw new TopicException("the broker did not take " + waiting.size() + " records (" + e.getMessage()
                    + "): what was not told to be put back was left as it is; try again, which repeats nothing", e);
        }
    }

    /** What was not committed is aborted; where no broker takes that any more, by the next replay, or at the end of its time. */
    @Override
    public void close() {
        producer.close(CLOSE_WITHIN);
    }
}
