package io.jobwatch.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jobwatch.config.ProcessConfig.StateStore;
import io.jobwatch.config.ProcessConfig;
import io.jobwatch.embedded.EmbeddedBroker;
import io.jobwatch.embedded.EmbeddedRegistry;
import io.jobwatch.event.EventRecord;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.JobTransition;
import io.jobwatch.job.JobEvents;
import io.jobwatch.job.StateMachine;
import io.jobwatch.registry.AvroDecoder;
import io.jobwatch.registry.HttpSchemaRegistry;
import io.jobwatch.topic.EventHeaders;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import io.jobwatch.topic.TopicSetup;
import io.jobwatch.topic.TopicSpec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopologyRunnerIT {
    private static final int JOBS = 500;
    private static final int EVENTS = 10_000;
    private static final Duration SOON = Duration.ofSeconds(60);
    /** Not long ago: records of outputs have the time of the look, and the topics keep records for some days. */
    private static final long START = System.currentTimeMillis() - Duration.ofHours(1).toMillis();
    /** Each attempt of a job takes these steps; the repeated state carries news but no change. */
    private static final List<JobState> LIFE = List.of(JobState.QUEUED, JobState.SCHEDULED, JobState.PROCESSING, JobState.PROCESSING,
            JobState.ERROR);

    private static final int TRANSITIONS = EVENTS / LIFE.size() * 4;

    private final TopicNames topics = new TopicNames("jobwatch.");
    @TempDir
    private Path folder;
    private EmbeddedBroker broker;
    private EmbeddedRegistry embeddedRegistry;
    private HttpSchemaRegistry registry;
    private TopicSchemas schemas;
    private Map<String, Object> kafka;

    @BeforeEach
    void startCluster() {
        broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
        kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
        embeddedRegistry = EmbeddedRegistry.start(kafka, "127.0.0.1", 0);
        registry = new HttpSchemaRegistry(HttpSchemaRegistry.urls(embeddedRegistry.url()), Map.of());
        List<TopicSpec> specs = TopicSpec.all(topics, 3);
        try (Admin admin = Admin.create(kafka)) {
            new TopicSetup(admin, specs).createAndVerify();
        }
        schemas = TopicSchemas.register(registry, specs);
    }

    @AfterEach
    void stopCluster() {
        registry.close();
        embeddedRegistry.close();
        broker.close();
    }

    @Test
    void shouldTellEveryTransitionOnceAndInOrderOverRestartsAndALostDisk() throws Exception {
        List<ProducerRecord<byte[], byte[]>> bad = badRecords();
        List<ProducerRecord<byte[], byte[]>> input = mixed(events(), bad);
        int part = input.size() / 4;
        for (int run = 0; run < 4; run++) {
            // Close while records are on their way: some were processed, some not, some not committed.
            List<ProducerRecord<byte[], byte[]>> now = input.subList(run * part, run == 3 ? input.size() : (run + 1) * part);
            long statusesBefore = count(topics.jobStatus());
            if (run == 2) {
                Utils.delete(folder.resolve("state").toFile());
            }
            send(now);
            try (TopologyRunner runner = runner()) {
                runner.start();
                await().atMost(SOON).until(() -> count(topics.jobStatus()) > statusesBefore);
                if (run == 3) {
                    await().atMost(SOON).untilAsserted(() -> assertThat(read(topics.jobTransitions())).hasSize(TRANSITIONS));
                    assertThat(runner.running()).isTrue();
                }
            }
        }

        assertTransitions();
        assertReports();
        assertStatuses();
        List<ConsumerRecord<byte[], byte[]>> letters = read(topics.deadLetters());
        assertThat(letters.stream().map(record -> text(record.key()) + "=" + length(record.value())))
                .containsExactlyInAnyOrderElementsOf(bad.stream()
                        .map(record -> text(record.key()) + "=" + Math.min(length(record.value()), BadRecordHandler.MAX_VALUE_BYTES))
                        .toList());
    }

    private void assertTransitions() {
        Map<String, List<JobTransition>> byJob = byJob(topics.jobTransitions());
        assertThat(byJob).hasSize(JOBS);
        int attempts = EVENTS / JOBS / LIFE.size();
        List<String> expected = new ArrayList<>();
        for (int attempt = 1; attempt <= attempts; attempt++) {
            for (JobState state : LIFE.stream().distinct().toList()) {
                expected.add(attempt + " " + state);
            }
        }
        byJob.forEach((job, transitions) -> {
            assertThat(transitions).as(job).extracting(t -> t.getAttempt() + " " + t.getCurrentState()).isEqualTo(expected);
            assertThat(transitions).as(job).extracting(JobTransition::getSequence)
                    .isEqualTo(LongStream.rangeClosed(1, expected.size()).boxed().toList());
        });
    }

    private void assertReports() {
        Map<String, List<JobErrorReport>> byJob = byJob(topics.jobErrorReports());
        assertThat(byJob).hasSize(JOBS);
        byJob.forEach((job, reports) -> assertThat(reports).as(job).extracting(JobErrorReport::getAttempt).containsExactly(1, 2, 3, 4));
    }

    /** Only the last one of each job: the topic is compacted. */
    private void assertStatuses() {
        Map<String, List<JobStatus>> byJob = byJob(topics.jobStatus());
        assertThat(byJob).hasSize(JOBS);
        byJob.forEach((job, statuses) -> {
            JobStatus latest = statuses.get(statuses.size() - 1);
            assertThat(latest.getState()).as(job).isEqualTo(JobState.ERROR);
            assertThat(latest.getSequence()).as(job).isEqualTo(16);
            assertThat(latest.getProgress()).as("%s: news without a change", job).isEqualTo(EVENTS / JOBS - 1);
        });
    }

    /** {@return the looks at all jobs, each at one after the other, so that a restart finds every job in the middle of its life} */
    private List<ProducerRecord<byte[], byte[]>> events() {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int look = 0; look < EVENTS / JOBS; look++) {
            for (int job = 0; job < JOBS; job++) {
                JobStateEvent event = JobEvents.event("job-" + job, LIFE.get(look % LIFE.size()), START + look * 1_000);
                event.setAttempt(1 + look / LIFE.size());
                event.setProgress(look);
                records.add(new ProducerRecord<>(topics.jobStateEvents(), DrivenTopology.key(event),
                        schemas.<JobStateEvent>encoder(topics.jobStateEvents()).encode(event)));
            }
        }
        return records;
    }

    private List<ProducerRecord<byte[], byte[]>> badRecords() {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            records.add(new ProducerRecord<>(topics.jobStateEvents(), utf8("encoder-eu/job-" + i), utf8("no Avro " + i)));
        }
        records.add(new ProducerRecord<>(topics.jobStateEvents(), utf8("encoder-eu/job-1"), null));
        records.add(new ProducerRecord<>(topics.jobStateEvents(), null, utf8("no key")));
        records.add(new ProducerRecord<>(topics.jobStateEvents(), utf8("encoder-eu/too-large"), utf8("x".repeat(1_048_000))));
        records.add(new ProducerRecord<>(topics.jobStateEvents(), utf8("encoder-eu/compressed"), utf8("x".repeat(4_000_000))));
        JobStateEvent longId = JobEvents.event("7".repeat(80_000), JobState.QUEUED, START);
        longId.setNativeReason("x".repeat(700_000));
        records.add(new ProducerRecord<>(topics.jobStateEvents(), DrivenTopology.key(longId),
                schemas.<JobStateEvent>encoder(topics.jobStateEvents()).encode(longId)));
        return records;
    }

    private static <T> List<T> mixed(List<T> records, List<T> between) {
        Random random = new Random(7);
        List<T> result = new ArrayList<>(records);
        between.forEach(record -> result.add(random.nextInt(result.size()), record));
        return result;
    }

    private void send(List<ProducerRecord<byte[], byte[]>> records) throws Exception {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put("compression.type", "lz4");
        settings.put("max.request.size", 10_000_000);
        try (KafkaProducer<byte[], byte[]> producer =
                     new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = records.stream().map(producer::send).toList();
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        }
    }

    private TopologyRunner runner() {
        ProcessConfig config = new ProcessConfig(StateStore.ROCKSDB, 0, Map.of(), Duration.ofMinutes(5), Duration.ofDays(7), Map.of());
        JobTopology topology = new JobTopology(topics, schemas, new StateMachine(Duration.ofDays(7)), new EventHeaders("jobwatch"),
                new TopologyMetrics(new SimpleMeterRegistry()), config, new HeardLooks(), partition -> true);
        return new TopologyRunner(topology.build(), "jobwatch", kafka, config, folder.resolve("state"), topics.deadLetters());
    }

    private <T extends EventRecord> Map<String, List<T>> byJob(String topic) {
        AvroDecoder<T> decoder = schemas.decoder(topic);
        Map<String, List<T>> result = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : read(topic)) {
            result.computeIfAbsent(text(record.key()), key -> new ArrayList<>()).add(decoder.decode(record.value()));
        }
        return result;
    }

    private long count(String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            return consumer.endOffsets(partitions(consumer, topic)).values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** {@return what is committed in a topic now} */
    private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = partitions(consumer, topic);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> result = new ArrayList<>();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(result::add);
            }
            return result;
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put("isolation.level", "read_committed");
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer, String topic) {
        return consumer.partitionsFor(topic).stream().map(info -> new TopicPartition(topic, info.partition())).toList();
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    private static int length(byte[] bytes) {
        return bytes == null ? -1 : bytes.length;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
