package io.jobwatch.cli;

import io.jobwatch.event.AlertKind;
import io.jobwatch.event.JobAlert;
import io.jobwatch.event.SourceStatus;
import io.jobwatch.registry.AvroEncoder;
import io.jobwatch.topic.JobKey;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Publishes how two sources are doing, and alerts of some jobs of a third that begin and end in turn, all the time. Each source and
 * each alert counts what is said of it: the source in {@code jobsSeen}, the alert in its message, where odd numbers are beginnings.
 */
final class TroubleLoad implements AutoCloseable {
    static final String ALERTED_SOURCE = "alarms";
    private static final List<String> SOURCES = List.of("farm-a", "farm-b");
    private static final int ALERTED_JOBS = 12;
    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final TopicNames topics;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AvroEncoder<JobAlert> alerts;
    private final AvroEncoder<SourceStatus> sources;
    private final Sightings published = new Sightings();
    private final Sightings committed = new Sightings();
    private final Thread thread = new Thread(this::publish, "trouble-load");
    private volatile boolean closing;
    private volatile Exception failure;

    TroubleLoad(Map<String, Object> kafka, TopicNames topics, TopicSchemas schemas) {
        this.topics = topics;
        this.producer = new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer());
        this.alerts = schemas.encoder(topics.jobAlerts());
        this.sources = schemas.encoder(topics.sourceStatus());
    }

    /** Begins to publish. */
    void start() {
        thread.start();
    }

    /** {@return what was handed to the producer when, by source or by the key of the alerted job} */
    Sightings published() {
        return published;
    }

    /** {@return what was on the topics when: not before, and possibly later} */
    Sightings committed() {
        if (failure != null) {
            throw new IllegalStateException("an alert or a source's status could not be published", failure);
        }
        return committed;
    }

    private void publish() {
        for (int i = 0; !closing; i++) {
            if (i % 2 == 0) {
                String source = SOURCES.get(i / 2 % SOURCES.size());
                send(topics.sourceStatus(), source, i / 2 / SOURCES.size() + 1);
            } else {
                String job = new JobKey(ALERTED_SOURCE, "job-" + i / 2 % ALERTED_JOBS).toString();
                send(topics.jobAlerts(), job, i / 2 / ALERTED_JOBS + 1);
            }
            LockSupport.parkNanos(EVERY_NANOS);
        }
    }

    private void send(String topic, String key, int number) {
        Instant now = Instant.now();
        byte[] value = topic.equals(topics.sourceStatus())
                ? sources.encode(source(key, number, now))
                : alerts.encode(alert(key, number, now));
        published.saw(key, number);
        producer.send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value), (record, e) -> {
            if (e == null) {
                committed.saw(key, number);
            } else if (!closing) {
                failure = e;
            }
        });
    }

    private static SourceStatus source(String source, int number, Instant now) {
        return SourceStatus.newBuilder().setSource(source).setSourceType("ams-v2").setUpdatedAt(now).setLastPollAt(now)
                .setLastSuccessAt(now).setJobsSeen(number).setOwner("host-1").build();
    }

    private static JobAlert alert(String key, int number, Instant now) {
        JobKey job = JobKey.parse(key).orElseThrow();
        return JobAlert.newBuilder().setSource(job.source()).setJobId(job.jobId()).setKind(AlertKind.STUCK).setActive(isActive(number))
                .setSince(now).setDetectedAt(now).setMessage(Integer.toString(number)).build();
    }

    /** {@return whether the alert holds after so many records of it} */
    static boolean isActive(long number) {
        return number % 2 == 1;
    }

    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        producer.close(Duration.ZERO);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
