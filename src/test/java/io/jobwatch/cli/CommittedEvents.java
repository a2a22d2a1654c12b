package io.jobwatch.cli;

import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.registry.AvroDecoder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads job-state-events as anyone would who must not see what was never committed: from the beginning on, until it is closed. */
final class CommittedEvents implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);

    private final Map<String, Object> settings;
    private final String topic;
    private final AvroDecoder<JobStateEvent> decoder;
    private final Consumer<Published> listener;
    private final List<Published> events = new ArrayList<>();
    private final Thread thread = new Thread(this::read, "committed-events");
    private volatile boolean closing;
    private volatile RuntimeException failure;

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
        this.settings = new HashMap<>(kafka);
        settings.put("isolation.level", "read_committed");
        this.topic = topic;
        this.decoder = decoder;
        this.listener = listener;
        thread.start();
    }

    /** {@return what was read until now, in the order of each partition} */
    List<Published> all() {
        if (failure != null) {
            throw new IllegalStateException("the events could not be read", failure);
        }
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    private void read() {
        try (KafkaConsumer<byte[], byte[]> consumer =
                     new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!closing) {
                take(consumer);
            }
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                take(consumer);
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private void take(KafkaConsumer<byte[], byte[]> consumer) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            Published event = Published.of(record, decoder.decode(record.value()));
            synchronized (events) {
                events.add(event);
            }
            listener.accept(event);
        }
    }

    /** Reads on to what is the end now, and stops. */
    @Override
    public void close() {
        closing = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
