package io.jobwatch.topic.deadletter;

import io.jobwatch.topic.DeadLetterHeaders;
import io.jobwatch.topic.JobKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * What a dead letter says of itself. All texts may be of foreign origin and hold any character. What a header should tell and does not is
 * {@value #UNKNOWN}.
 *
 * @param time         when it became a dead letter
 * @param origin       {@link DeadLetterHeaders#POLL} or {@link DeadLetterHeaders#STREAM}
 * @param reason       what is wrong, in one word
 * @param message      the same for people
 * @param exception    the class of the failure
 * @param source       the source that it came from or is about, as far as that can be told
 * @param from         where the record was read; empty for items of a service
 * @param key          as it is; null where the record had none
 * @param valueBytes   how long the value is, or -1 where the record had none
 * @param cut          whether key or value are only the beginning of what was there
 * @param replayedFrom the letter from which the record had been put back, only to become this one
 */
public record DeadLetter(LetterId id, Instant time, String origin, String reason, String message, String exception,
                         Optional<String> source, Optional<Place> from, byte[] key, int valueBytes, boolean cut,
                         Optional<LetterId> replayedFrom) {
    static final String UNKNOWN = "unknown";

    static DeadLetter of(ConsumerRecord<byte[], byte[]> record) {
        String origin = header(record, DeadLetterHeaders.ORIGIN).orElse(UNKNOWN);
        return new DeadLetter(new LetterId(record.partition(), record.offset()), Instant.ofEpochMilli(record.timestamp()), origin,
                header(record, DeadLetterHeaders.REASON).orElse(UNKNOWN), header(record, DeadLetterHeaders.MESSAGE).orElse(UNKNOWN),
                header(record, DeadLetterHeaders.EXCEPTION).orElse(UNKNOWN),
                header(record, DeadLetterHeaders.SOURCE).or(() -> sourceOf(record.key())), from(record), record.key(),
                record.value() == null ? -1 : record.value().length,
                header(record, DeadLetterHeaders.KEY_LENGTH).isPresent() || header(record, DeadLetterHeaders.VALUE_LENGTH).isPresent(),
                header(record, DeadLetterHeaders.REPLAYED_FROM).flatMap(LetterId::parse));
    }

    static Optional<String> header(ConsumerRecord<byte[], byte[]> record, String name) {
        return Optional.ofNullable(record.headers().lastHeader(name)).map(Header::value)
                .map(value -> new String(value, StandardCharsets.UTF_8));
    }

    private static Optional<String> sourceOf(byte[] key) {
        return Optional.ofNullable(key).flatMap(bytes -> JobKey.parse(new String(bytes, StandardCharsets.UTF_8))).map(JobKey::source);
    }

    private static Optional<Place> from(ConsumerRecord<byte[], byte[]> record) {
        try {
            return header(record, DeadLetterHeaders.TOPIC).flatMap(topic -> header(record, DeadLetterHeaders.PARTITION)
                    .flatMap(partition -> header(record, DeadLetterHeaders.OFFSET)
                            .map(offset -> new Place(topic, Integer.parseInt(partition), Long.parseLong(offset)))));
        } catch (NumberFormatException e) {
            return Optional.empty();   // a letter of somebody else's
        }
    }
}
