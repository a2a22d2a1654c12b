package io.jobwatch.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jobwatch.config.ProcessConfig;
import io.jobwatch.config.ProcessConfig.StateStore;
import io.jobwatch.embedded.EmbeddedBroker;
import io.jobwatch.event.AlertKind;
import io.jobwatch.event.JobAlert;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.SourceStatus;
import io.jobwatch.job.JobEvents;
import io.jobwatch.job.StateMachine;
import io.jobwatch.registry.AvroDecoder;
import io.jobwatch.registry.AvroEncoder;
import io.jobwatch.registry.InMemorySchemaRegistry;
import io.jobwatch.topic.EventHeaders;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import io.jobwatch.topic.TopicSetup;
import io.jobwatch.topic.TopicSpec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts on a real broker, where a topology may come late to what has happened. */
class AlertsIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int JOBS = 20_000;

    private final TopicNames topics = new TopicNames("jobwatch.");
    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    @TempDir
    private Path folder;
    private EmbeddedBroker broker;
    private TopicSchemas schemas;
    private Map<String, Object> kafka;
    private KafkaProducer<byte[], byte[]> producer;

    @BeforeEach
    void startCluster() {
        broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
        kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
        List<TopicSpec> specs = TopicSpec.all(topics, 2);
        try (Admin admin = Admin.create(kafka)) {
            new TopicSetup(admin, specs).createAndVerify();
        }
        schemas = TopicSchemas.register(registry, specs);
        producer = new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @AfterEach
    void stopCluster() {
        producer.close();
        broker.close();
    }

    /**
     * Every job was queued for too long and the source has been looked at since; all but one have ended, which is told by events that wait
     * to be processed when the topology starts.
     */
    @Test
    void shouldAlertOfTheJobThatHangsAndNotOfThoseWhoseEndWaitsToBeRead() {
        AvroEncoder<JobStateEvent> encoder = schemas.encoder(topics.jobStateEvents());
        long queuedAt = System.currentTimeMillis() - Duration.ofHours(2).toMillis();
        for (int job = 0; job < JOBS; job++) {
            send(encoder, JobEvents.event("job-" + job, JobState.QUEUED, queuedAt));
        }
        for (int job = 1; job < JOBS; job++) {
            send(encoder, JobEvents.event("job-" + job, JobState.FINISHED, queuedAt + 60_000));
        }
        producer.flush();
        HeardLooks looks = new HeardLooks();
        looks.hear(status(), Instant.now().minus(Duration.ofMinutes(1)));

        InputLag lag = new InputLag(topics.jobStateEvents());
        try (TopologyRunner runner = runner(looks, lag)) {
            lag.of(runner.streams());
            runner.start();
            await().atMost(SOON).untilAsserted(() -> assertThat(alerts()).isNotEmpty());
            await().atMost(SOON).until(() -> lag.with(0) && lag.with(1));

            assertThat(alerts()).singleElement().satisfies(alert -> {
                assertThat(alert.getKind()).isEqualTo(AlertKind.STUCK);
                assertThat(alert.getJobId()).isEqualTo("job-0");
            });
        }
    }

    @Test
    void shouldKnowThatEventsWait() {
        InputLag lag = new InputLag(topics.jobStateEvents());
        assertThat(lag.with(0)).as("nobody reads").isFalse();
        AvroEncoder<JobStateEvent> encoder = schemas.encoder(topics.jobStateEvents());
        for (int job = 0; job < JOBS; job++) {
            send(encoder, JobEvents.event("job-" + job, JobState.QUEUED, System.currentTimeMillis()));
        }
        producer.flush();
        try (TopologyRunner runner = runner(new HeardLooks(), lag)) {
            lag.of(runner.streams());
            runner.start();
            await().atMost(SOON).pollInterval(Duration.ofMillis(2)).until(() -> !lag.with(0));
            await().atMost(SOON).until(() -> lag.with(0) && lag.with(1));
        }
    }

    @Test
    void shouldListenOnlyWhileTheClusterAnswers() {
        try (SourceStatusReader looks = new SourceStatusReader(kafka, topics.sourceStatus(), schemas.decoder(topics.sourceStatus()),
                Clock.systemUTC())) {
            tellOfALook();
            producer.send(new ProducerRecord<>(topics.sourceStatus(), utf8("broken"), utf8("no Avro")));
            producer.send(new ProducerRecord<>(topics.sourceStatus(), utf8("another"),
                    schemas.<SourceStatus>encoder(topics.sourceStatus()).encode(status())));
            looks.start();
            await().atMost(SOON).untilAsserted(() -> assertThat(looks.listeningSince()).isPresent());
            assertThat(looks.bySource()).containsOnlyKeys(JobEvents.SOURCE);

            int port = Integer.parseInt(broker.bootstrapServers().split(":")[1]);
            broker.close();
            await().atMost(SOON).untilAsserted(() -> assertThat(looks.listeningSince()).isEmpty());

            broker = EmbeddedBroker.start(folder.resolve("broker"), port);
            await().atMost(SOON).untilAsserted(() -> assertThat(looks.listeningSince()).isPresent());
            producer.send(new ProducerRecord<>(topics.sourceStatus(), utf8(JobEvents.SOURCE), null));
            await().atMost(SOON).untilAsserted(() -> assertThat(looks.bySource()).isEmpty());
        }
    }

    private TopologyRunner runner(SourceLooks looks, CaughtUp lag) {
        ProcessConfig config = new ProcessConfig(StateStore.ROCKSDB, 0, Map.of(JobState.QUEUED, Duration.ofHours(1)),
                Duration.ofMinutes(5), Duration.ofDays(7), Map.of());
        JobTopology topology = new JobTopology(topics, schemas, new StateMachine(Duration.ofDays(7)), new EventHeaders("jobwatch"),
                new TopologyMetrics(new SimpleMeterRegistry()), config, looks, lag);
        return new TopologyRunner(topology.build(), "jobwatch", kafka, config, folder.resolve("state"), topics.deadLetters());
    }

    private void send(AvroEncoder<JobStateEvent> encoder, JobStateEvent event) {
        producer.send(new ProducerRecord<>(topics.jobStateEvents(), DrivenTopology.key(event), encoder.encode(event)));
    }

    private void tellOfALook() {
        producer.send(new ProducerRecord<>(topics.sourceStatus(), utf8(JobEvents.SOURCE),
                schemas.<SourceStatus>encoder(topics.sourceStatus()).encode(status())));
        producer.flush();
    }

    private static SourceStatus status() {
        SourceStatus status = new SourceStatus();
        status.setSource(JobEvents.SOURCE);
        status.setSourceType("ams-v2");
        status.setAccount("contoso");
        status.setOwner("test");
        status.setUpdatedAt(Instant.now());
        status.setLastSuccessAt(Instant.now());
        return status;
    }

    private List<JobAlert> alerts() {
        AvroDecoder<JobAlert> decoder = schemas.decoder(topics.jobAlerts());
        List<JobAlert> alerts = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topics.jobAlerts()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> alerts.add(decoder.decode(record.value())));
            }
        }
        return alerts;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
