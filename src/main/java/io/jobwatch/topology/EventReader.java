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
import java.util.Arrays;

/** Reads a record of job-state-events and checks that key and value agree. An instance belongs to one thread. */
final class EventReader {
    private final AvroDecoder<JobStateEvent> decoder;

    EventReader(AvroDecoder<JobStateEvent> decoder) {
        this.decoder = decoder;
    }

    /**
     * {@return the event}
     *
     * @throws BadRecordException if the record is none
     */
    JobStateEvent read(byte[] key, byte[] value) {
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
        if (event.getObservedAt().toEpochMilli() < 0) {
            throw new BadRecordException(Reason.MALFORMED_VALUE, "observedAt is " + event.getObservedAt() + ", before any record's time");
        }
        return event;
    }

    /** Makes the key anew and compares bytes: that is less work than to read it, and it nearly always is the same. */
    private static boolean isKeyOf(JobStateEvent event, byte[] key) {
        return !event.getSource().isEmpty() && event.getSource().indexOf('/') < 0 && !event.getJobId().isEmpty()
                && Arrays.equals(new JobKey(event.getSource(), event.getJobId()).bytes(), key);
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
