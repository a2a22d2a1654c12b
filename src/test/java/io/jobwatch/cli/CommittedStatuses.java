package io.jobwatch.cli;

import io.jobwatch.event.JobStatus;
import io.jobwatch.registry.AvroDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads job-status as anyone would who must not see what was never committed: from the beginning on, until it is closed. */
final class CommittedStatuses implements AutoCloseable {
    private final AvroDecoder<JobStatus> decoder;
    private final Sightings sightings = new Sightings();
    private final Map<String, JobStatus> latest = new ConcurrentHashMap<>();
    private final CommittedRecords records;

    CommittedStatuses(Map<String, Object> kafka, String topic, AvroDecoder<JobStatus> decoder) {
        this.decoder = decoder;
        this.records = new CommittedRecords(kafka, List.of(topic), this::take);
    }

    /** {@return what was committed when: not before, and possibly later} */
    Sightings sightings() {
        records.requireReading();
        return sightings;
    }

    /** {@return the last status of each job, by key} */
    Map<String, JobStatus> latest() {
        records.requireReading();
        return Map.copyOf(latest);
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        JobStatus status = decoder.decode(record.value());
        String key = new String(record.key(), StandardCharsets.UTF_8);
        latest.put(key, status);
        sightings.saw(key, status.getSequence());
    }

    @Override
    public void close() {
        records.close();
    }
}
