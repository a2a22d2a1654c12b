package io.jobwatch.poll;

import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.PollCursor;
import io.jobwatch.event.SourceStatus;
import io.jobwatch.registry.AvroEncoder;
import io.jobwatch.source.BadItem;
import io.jobwatch.topic.DeadLetterHeaders;
import io.jobwatch.topic.EventHeaders;
import io.jobwatch.topic.JobKey;
import io.jobwatch.topic.Partitions;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * Makes the records of a poll, each with its partition named: the order of a job's records must not rest on a partitioner's setting. One
 * thread.
 */
final class PollRecords {
    /** A bad item is as large as the service likes; a record that the broker refuses would stop the source. */
    private static final int BAD_ITEM_BYTES = 256 * 1024;

    private final String source;
    private final int lane;
    private final TopicNames topics;
    private final int partitions;
    private final EventHeaders.Maker headers;
    private final AvroEncoder<JobStateEvent> eventEncoder;
    private final AvroEncoder<PollCursor> cursorEncoder;
    private final AvroEncoder<SourceStatus> statusEncoder;

    PollRecords(String source, int lane, TopicNames topics, int partitions, TopicSchemas schemas, EventHeaders headers) {
        this.source = source;
        this.lane = lane;
        this.topics = topics;
        this.partitions = partitions;
        this.headers = headers.maker();
        this.eventEncoder = schemas.encoder(topics.jobStateEvents());
        this.cursorEncoder = schemas.encoder(topics.pollCursors());
        this.statusEncoder = schemas.encoder(topics.sourceStatus());
    }

    /** {@return events, what is remembered of their jobs, dead letters and the source's own record} */
    List<ProducerRecord<byte[], byte[]>> of(Changes changes, PollCursor sourceCursor) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(2 * changes.events().size() + 2);
        for (JobStateEvent event : changes.events()) {
            byte[] key = new JobKey(source, event.getJobId()).bytes();
            records.add(keyed(topics.jobStateEvents(), key, eventEncoder.encode(event), event.getObservedAt().toEpochMilli(),
                    headers.of(event.getSchema(), key, Long.toString(event.getObservedAt().toEpochMilli()), event.getObservedAt())));
        }
        changes.memory().forEach((jobId, memory) -> records.add(cursor(new JobKey(source, jobId).toString(),
                memory.map(known -> known.toCursor(source, jobId)))));
        for (BadItem item : changes.deadLetters()) {
            records.add(deadLetter(item));
        }
        records.add(cursor(source, Optional.of(sourceCursor)));
        return records;
    }

    ProducerRecord<byte[], byte[]> of(SourceStatus status) {
        byte[] key = utf8(source);
        return keyed(topics.sourceStatus(), key, statusEncoder.encode(status), status.getUpdatedAt().toEpochMilli(),
                headers.of(status.getSchema(), key, Long.toString(status.getUpdatedAt().toEpochMilli()), status.getUpdatedAt()));
    }

    private ProducerRecord<byte[], byte[]> deadLetter(BadItem item) {
        byte[] raw = item.raw();
        boolean whole = raw.length <= BAD_ITEM_BYTES;
        String reason = whole ? item.reason() : item.reason() + " (the item is cut, " + raw.length + " bytes in all)";
        Headers letterHeaders = DeadLetterHeaders.ofItem(source, reason);
        if (!whole) {
            DeadLetterHeaders.add(letterHeaders, DeadLetterHeaders.VALUE_LENGTH, Integer.toString(raw.length));
        }
        return keyed(topics.deadLetters(), utf8(source), whole ? raw : Arrays.copyOf(raw, BAD_ITEM_BYTES), null, letterHeaders);
    }

    private ProducerRecord<byte[], byte[]> cursor(String key, Optional<PollCursor> cursor) {
        return new ProducerRecord<>(topics.pollCursors(), lane, utf8(key), cursor.map(cursorEncoder::encode).orElse(null));
    }

    private ProducerRecord<byte[], byte[]> keyed(String topic, byte[] key, byte[] value, Long timestamp, Headers recordHeaders) {
        return new ProducerRecord<>(topic, Partitions.ofKey(key, partitions), timestamp, key, value, recordHeaders);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
