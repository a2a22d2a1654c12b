package io.jobwatch.seed;

import io.jobwatch.event.EventRecord;
import io.jobwatch.event.JobStatus;
import io.jobwatch.registry.AvroDecoder;
import io.jobwatch.registry.AvroEncoder;
import io.jobwatch.registry.MalformedValueException;
import io.jobwatch.seed.Transfer.Destination;
import io.jobwatch.topic.EventHeaders;
import io.jobwatch.topic.Partitions;
import io.jobwatch.topic.TopicException;
import io.jobwatch.topic.TopicSchemas;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Makes the records of the new deployment out of those of the old one. Values are read with the old registry and written with the ids of
 * the new one, in the schemas of this release. What a record becomes depends on nothing else. Belongs to one thread.
 */
final class Recoder {
    private final Side old;
    private final TopicSchemas schemas;
    private final int partitions;
    private final EventHeaders.Maker headers;
    private final Map<String, AvroDecoder<EventRecord>> decoders = new HashMap<>();
    private final Map<String, AvroEncoder<EventRecord>> encoders = new HashMap<>();

    /**
     * @param schemas    of the new deployment
     * @param partitions of the new topics that are keyed by job
     */
    Recoder(Side old, Side now, TopicSchemas schemas, int partitions) {
        this.old = old;
        this.schemas = schemas;
        this.partitions = partitions;
        this.headers = new EventHeaders(now.applicationId()).maker();
    }

    /** {@return a decoder of a transfer's values, as they are in the old deployment} */
    static AvroDecoder<EventRecord> decoder(Side old, Transfer transfer) {
        return new AvroDecoder<>(old.registry(), transfer.schema());
    }

    /** @throws TopicException if the value cannot be read */
    static EventRecord decode(AvroDecoder<EventRecord> decoder, ConsumerRecord<byte[], byte[]> record) {
        try {
            return decoder.decode(record.value());
        } catch (MalformedValueException e) {
            throw new TopicException("the record " + record.topic() + "-" + record.partition() + "@" + record.offset()
                    + " cannot be read: " + e.getMessage() + " (is schema-registry.url of the old configuration right?)", e);
        }
    }

    /** {@return the record for each destination of the transfer} */
    List<ProducerRecord<byte[], byte[]>> recode(Transfer transfer, ConsumerRecord<byte[], byte[]> record) {
        EventRecord value = decode(decoders.computeIfAbsent(transfer.from(), topic -> decoder(old, transfer)), record);
        byte[] bytes = encoders.computeIfAbsent(transfer.type(), schemas::encoder).encode(value);
        return transfer.to().stream().map(to -> new ProducerRecord<>(to.topic(), partition(to, record), record.timestamp(), record.key(),
                bytes, headers(to, record, value))).toList();
    }

    private int partition(Destination to, ConsumerRecord<byte[], byte[]> record) {
        return switch (to.place()) {
            case BY_KEY -> Partitions.ofKey(record.key(), partitions);
            case SAME -> record.partition();
            case FIRST -> 0;
        };
    }

    private Headers headers(Destination to, ConsumerRecord<byte[], byte[]> record, EventRecord value) {
        return switch (to.with()) {
            case ITS_HEADERS -> new RecordHeaders(record.headers());
            case NO_HEADERS -> new RecordHeaders();
            case STATUS_HEADERS -> ofStatus(record.key(), (JobStatus) value);
        };
    }

    private Headers ofStatus(byte[] key, JobStatus status) {
        return headers.of(status.getSchema(), key, status.getFirstSeenAt().toEpochMilli() + "." + status.getSequence() + "@"
                + status.getObservedAt().toEpochMilli(), status.getObservedAt());
    }
}
