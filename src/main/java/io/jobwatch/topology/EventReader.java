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
        JobKey job = keyOf(key);
        if (value == null) {
            throw new BadRecordException(Reason.NULL_VALUE, "an event cannot be a tombstone");
        }
        JobStateEvent event;
        try {
            event = decoder.decode(value);
        } catch (MalformedValueException e) {
            throw new BadRecordException(Reason.MALFORMED_VALUE, e.getMessage(), e);
        }
        if (!job.source().equals(event.getSource()) || !job.jobId().equals(event.getJobId())) {
            throw new BadRecordException(Reason.KEY_CONTRADICTS_VALUE,
                    "the value is about " + event.getSource() + "/" + event.getJobId() + ", the key is " + job);
        }
        if (event.getObservedAt().toEpochMilli() < 0) {
            throw new BadRecordException(Reason.MALFORMED_VALUE, "observedAt is " + event.getObservedAt() + ", before any record's time");
        }
        return event;
    }

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
