package io.jobwatch.topology;

import io.jobwatch.log.LogContext;
import io.jobwatch.source.Printable;
import io.jobwatch.topic.DeadLetterHeaders;
import io.jobwatch.topic.JobKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a bad record to the dead letters, in the task's own transaction, and goes on; everything else fails the thread. Kafka's built-in
 * handler would go on after a full disk or a bug too, and the transition would be lost. A record that would not fit as a dead letter is
 * cut, and headers tell how long it was.
 */
public final class BadRecordHandler implements ProcessingExceptionHandler {
    /** The Streams setting that names the topic of dead letters. */
    public static final String TOPIC_CONFIG = "jobwatch.dead.letters.topic";

    /** A dead letter has more headers than the record had, and its batch may be less compressed, so the largest records would not fit. */
    static final int MAX_KEY_BYTES = 100_000;
    static final int MAX_VALUE_BYTES = 900_000;

    /** A service's id is shorter; a line of the log should not be longer. */
    private static final int MAX_LOGGED_KEY = 1_000;

    /** What may stand in the header of a record that an operator put back; anybody could have written it. */
    private static final Pattern LETTER_ID = Pattern.compile("[0-9]{1,10}:[0-9]{1,19}");

    private static final Logger LOG = LoggerFactory.getLogger(BadRecordHandler.class);

    private String topic;

    @Override
    public void configure(Map<String, ?> configs) {
        topic = String.valueOf(configs.get(TOPIC_CONFIG));
    }

    @Override
    public Response handleError(ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
        if (!(exception instanceof BadRecordException bad) || record == null) {
            return Response.fail();   // what goes by the clock works on no record
        }
        about((byte[]) record.key(), () -> LOG.warn("dead letter from {}-{} at offset {}: {}", context.topic(), context.partition(),
                context.offset(), Printable.quote(bad.getMessage())));
        Headers headers = DeadLetterHeaders.ofRecord(bad.reason().name(), bad, context.topic(), context.partition(), context.offset());
        DeadLetterHeaders.copyEvent(record.headers(), headers);
        replayedFrom(record.headers()).ifPresent(letter -> DeadLetterHeaders.add(headers, DeadLetterHeaders.REPLAYED_FROM, letter));
        byte[] key = cut((byte[]) record.key(), MAX_KEY_BYTES, DeadLetterHeaders.KEY_LENGTH, headers);
        byte[] value = cut((byte[]) record.value(), MAX_VALUE_BYTES, DeadLetterHeaders.VALUE_LENGTH, headers);
        return Response.resume(List.of(new ProducerRecord<>(topic, null, null, key, value, headers)));
    }

    /** Anybody could have written the key: it is told where it reads as one. */
    private static void about(byte[] key, Runnable log) {
        Optional<JobKey> job = key == null || key.length > MAX_LOGGED_KEY ? Optional.empty()
                : JobKey.parse(new String(key, StandardCharsets.UTF_8));
        job.ifPresentOrElse(known -> LogContext.ofJob(known.source(), known.jobId()).run(log), log);
    }

    private static Optional<String> replayedFrom(Headers headers) {
        return Optional.ofNullable(headers.lastHeader(DeadLetterHeaders.REPLAYED_FROM)).map(Header::value)
                .map(value -> new String(value, StandardCharsets.UTF_8)).filter(text -> LETTER_ID.matcher(text).matches());
    }

    private static byte[] cut(byte[] bytes, int limit, String lengthHeader, Headers headers) {
        if (bytes == null || bytes.length <= limit) {
            return bytes;
        }
        DeadLetterHeaders.add(headers, lengthHeader, Integer.toString(bytes.length));
        return Arrays.copyOf(bytes, limit);
    }
}
