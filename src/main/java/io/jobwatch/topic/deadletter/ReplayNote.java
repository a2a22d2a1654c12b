package io.jobwatch.topic.deadletter;

import io.jobwatch.topic.DeadLetterHeaders;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * The note that a letter was put back. It is a record beside the letter, in its partition and under its key, without a value, written in
 * the transaction that put the letter back: so there is one if, and only if, the other is there.
 *
 * @param of which letter
 * @param at when
 * @param to where it is now
 */
public record ReplayNote(LetterId of, Instant at, String to) {

    /** {@return what the record notes, or empty where it is a dead letter} */
    static Optional<ReplayNote> read(ConsumerRecord<byte[], byte[]> record) {
        if (!isNote(record)) {
            return Optional.empty();
        }
        // A note speaks of an earlier record of its partition; anything else was not written by us.
        return DeadLetter.header(record, DeadLetterHeaders.REPLAYED).flatMap(LetterId::parse)
                .filter(letter -> letter.partition() == record.partition() && letter.offset() < record.offset())
                .map(letter -> new ReplayNote(letter, Instant.ofEpochMilli(record.timestamp()),
                        DeadLetter.header(record, DeadLetterHeaders.REPLAYED_TO).orElse(DeadLetter.UNKNOWN)));
    }

    static boolean isNote(ConsumerRecord<byte[], byte[]> record) {
        return DeadLetter.header(record, DeadLetterHeaders.ORIGIN).filter(DeadLetterHeaders.REPLAY::equals).isPresent();
    }

    static ProducerRecord<byte[], byte[]> write(String topic, LetterId letter, byte[] key, Place to) {
        Headers headers = new RecordHeaders();
        DeadLetterHeaders.add(headers, DeadLetterHeaders.ORIGIN, DeadLetterHeaders.REPLAY);
        DeadLetterHeaders.add(headers, DeadLetterHeaders.REPLAYED, letter.toString());
        DeadLetterHeaders.add(headers, DeadLetterHeaders.REPLAYED_TO, to.toString());
        return new ProducerRecord<>(topic, letter.partition(), key, null, headers);
    }
}
