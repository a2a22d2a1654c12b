package io.jobwatch.cli;

import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.registry.AvroDecoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads job-state-events as anyone would who must not see what was never committed: from the beginning on, until it is closed. */
final class CommittedEvents implements AutoCloseable {
    private final AvroDecoder<JobStateEvent> decoder;
    private final Consumer<Published> listener;
    private final List<Published> events = new ArrayList<>();
    private final CommittedRecords records;

    /**
     * An event, in short.
     *
     * @param version of the job: its name
     * @param request the number of the listing that it came from; of an event that says that the job is gone, the one before
     */
    record Published(String source, String jobId, String version, JobState state, boolean gone, boolean details, int request,
                     Instant observedAt, int partition, long offset) {

        private static Published of(ConsumerRecord<byte[], byte[]> record, JobStateEvent event) {
            return new Published(event.getSource(), event.getJobId(), event.getJobName(), event.getState(), event.getGone(),
                    event.getDetailsAvailable(), Integer.parseInt(event.getAttributes().get("TemplateId")), event.getObservedAt(),
                    record.partition(), record.offset());
        }

        @Override
        public String toString() {
            return jobId + " " + version + (gone ? " gone" : "") + " of #" + request + " at " + partition + "/" + offset;
        }
    }

    /** @param listener told of each event, on a thread of its own */
    CommittedEvents(Map<String, Object> kafka, String topic, AvroDecoder<JobStateEvent> decoder, Consumer<Published> listener) {
        this.decoder = decoder;
        this.listener = listener;
        this.records = new CommittedRecords(kafka, List.of(topic), this::take);
    }

    /** {@return what was read until now, in the order of each partition} */
    List<Published> all() {
        records.requireReading();
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        Published event = Published.of(record, decoder.decode(record.value()));
        synchronized (events) {
            events.add(event);
        }
        listener.accept(event);
    }

    /** Reads on to what is the end now, and stops. */
    @Override
    public void close() {
        records.closeAtTheEnd();
    }
}
