package io.jobwatch.topology;

import io.jobwatch.event.JobStateEvent;
import io.jobwatch.registry.AvroDecoder;
import io.jobwatch.registry.MalformedValueException;
import io.jobwatch.topic.JobKey;
import io.jobwatch.topology.BadRecordException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/** Reads a record of job-state-events and checks that key and value agree. An instance belongs to one thread. */
final class EventReader {
    /**
     * A broker refuses records from further in the future (log.message.timestamp.after.max.ms, by default), and the outputs have the
     * time of the look.
     */
    private static final Duration MOST_AHEAD = Duration.ofHours(1);

    private final AvroDecoder<JobStateEvent> decoder;

    EventReader(AvroDecoder<JobStateEvent> decoder) {
        this.decoder = decoder;
    }

    /**
     * {@return the event}
     *
     * @param now milliseconds since 1970
     * @throws BadRecordException if the record is none
     */
    JobStateEvent read(byte[] key, byte[] value, long now) {
        if (key == null || value == null) {
            keyOf(key);
            throw new BadRecordException(Reason.NULL_VALUE, "an event cannot be a tombstone");
        }
        JobStateEvent event;
        try {
            event = decoder.decode(value);
        } catch (MalformedValueException e) {
            keyOf(key);
            throw new BadRecordException(Reason.MALFORMED_VALUE, e.getMessage(), e);
        }
        if (!isKeyOf(event, key)) {
            throw new BadRecordException(Reason.KEY_CONTRADICTS_VALUE,
                    "the value is about " + event.getSource() + "/" + event.getJobId() + ", the key is " + keyOf(key));
        }
        requirePossible(event.getObservedAt(), now);
        return event;
    }

    /** Makes the key anew and compares bytes: that is less work than to read it, and it nearly always is the same. */
    private static boolean isKeyOf(JobStateEvent event, byte[] key) {
        return !event.getSource().isEmpty() && event.getSource().indexOf('/') < 0 && !event.getJobId().isEmpty()
                && Arrays.equals(new JobKey(event.getSource(), event.getJobId()).bytes(), key);
    }

    private static void requirePossible(Instant observedAt, long now) {
        if (observedAt.toEpochMilli() < 0) {
            throw new BadRecordException(Reason.MALFORMED_VALUE, "observedAt is " + observedAt + ", before any record's time");
        }
        if (observedAt.toEpochMilli() > now + MOST_AHEAD.toMillis()) {
            throw new BadRecordException(Reason.MALFORMED_VALUE, "observedAt is " + observedAt + ", more than " + MOST_AHEAD.toHours()
                    + " h in the future: is the clock right where it was published?");
        }
    }

    /** {@return the job that a key names; what is wrong with a key comes before what is wrong with a value} */
    private static JobKey keyOf(byte[] key) {
        if (key == null) {
            throw new BadRecordException(Reason.BAD_KEY, "the key is null");
        }
        try {
            String text = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT).decode(ByteBuffer.wrap(key)).toString();
            return JobKey.parse(text).orElseThrow(() -> new BadRecordException(Reason.BAD_KEY,
                    "expected <source>/<jobId>, both not empty, found '" + text + "'"));
        } catch (CharacterCodingException e) {
            throw new BadRecordException(Reason.BAD_KEY, "not UTF-8", e);
        }
    }
}
