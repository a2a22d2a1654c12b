package io.jobwatch.topology;

import io.jobwatch.config.ProcessConfig;
import io.jobwatch.config.ProcessConfig.StateStore;
import io.jobwatch.embedded.EmbeddedBroker;
import io.jobwatch.embedded.EmbeddedRegistry;
import io.jobwatch.event.EventRecord;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.JobTransition;
import io.jobwatch.job.StateMachine;
import io.jobwatch.registry.AvroDecoder;
import io.jobwatch.registry.HttpSchemaRegistry;
import io.jobwatch.registry.RegistryTimeouts;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.topic.EventHeaders;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import io.jobwatch.topic.TopicSetup;
import io.jobwatch.topic.TopicSpec;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** A broker and a registry of the test's own, on which the topology runs as in production. Each test takes topics under its own prefix. */
final class StreamCluster implements AutoCloseable {
    /** The place of a thread that failed is free when its session has run out: the shortest that a broker takes. */
    private static final Map<String, String> SETTINGS = Map.of("main.consumer.session.timeout.ms", "6000");

    private final EmbeddedBroker broker;
    private final Map<String, Object> kafka;
    private final EmbeddedRegistry registry;

    StreamCluster(Path folder) {
        broker = EmbeddedBroker.start(folder, 0);
        kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
        registry = EmbeddedRegistry.start(kafka, "127.0.0.1", 0);
    }

    String bootstrapServers() {
        return broker.bootstrapServers();
    }

    String registryUrl() {
        return registry.url();
    }

    /** {@return topics of their own, set up, that name their application after the prefix} */
    Stream topics(String prefix) {
        return topics(prefix, registryUrl());
    }

    Stream topics(String prefix, String registryUrl) {
        return new Stream(new TopicNames(prefix + "."), prefix, registryUrl);
    }

    @Override
    public void close() {
        registry.close();
        broker.close();
    }

    /** The topics of one application. */
    final class Stream {
        final TopicNames topics;
        final SchemaRegistry registry;
        final TopicSchemas schemas;
        private final String applicationId;

        private Stream(TopicNames topics, String applicationId, String registryUrl) {
            this.topics = topics;
            this.applicationId = applicationId;
            List<TopicSpec> specs = TopicSpec.all(topics, 1);
            try (Admin admin = Admin.create(kafka)) {
                new TopicSetup(admin, specs).createAndVerify();
            }
            registry = new HttpSchemaRegistry(HttpSchemaRegistry.urls(registryUrl), Map.of(), RegistryTimeouts.WITHIN_A_TRANSACTION);
            schemas = TopicSchemas.register(registry, specs);
        }

        TopologyRunner start(MeterRegistry meters, Path stateDir) {
            ProcessConfig config =
                    new ProcessConfig(StateStore.ROCKSDB, 0, Map.of(), Duration.ofMinutes(5), Duration.ofDays(7), SETTINGS);
            JobTopology topology = new JobTopology(topics, schemas, new StateMachine(Duration.ofDays(7)), new EventHeaders(applicationId),
                    new TopologyMetrics(meters), config, new HeardLooks(), partition -> true);
            TopologyRunner runner =
                    new TopologyRunner(topology.build(), applicationId, kafka, config, stateDir, topics.deadLetters());
            runner.start();
            return runner;
        }

        byte[] encoded(JobStateEvent event) {
            return schemas.<JobStateEvent>encoder(topics.jobStateEvents()).encode(event);
        }

        void send(JobStateEvent... events) throws Exception {
            List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
            for (JobStateEvent event : events) {
                records.add(new ProducerRecord<>(topics.jobStateEvents(), DrivenTopology.key(event), encoded(event)));
            }
            send(records);
        }

        void send(byte[] key, byte[] value) throws Exception {
            send(List.of(new ProducerRecord<>(topics.jobStateEvents(), key, value)));
        }

        void send(List<ProducerRecord<byte[], byte[]>> records) throws Exception {
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

        List<JobTransition> transitions() {
            return decoded(topics.jobTransitions());
        }

        List<JobErrorReport> reports() {
            return decoded(topics.jobErrorReports());
        }

        /** {@return the latest status of each job, by its id} */
        Map<String, JobStatus> statuses() {
            Map<String, JobStatus> latest = new TreeMap<>();
            this.<JobStatus>decoded(topics.jobStatus()).forEach(status -> latest.put(status.getJobId(), status));
            return latest;
        }

        List<ConsumerRecord<byte[], byte[]>> deadLetters() {
            return read(topics.deadLetters());
        }

        private <T extends EventRecord> List<T> decoded(String topic) {
            AvroDecoder<T> decoder = schemas.decoder(topic);
            return read(topic).stream().map(record -> decoder.decode(record.value())).toList();
        }

        /** {@return what is committed in a topic of one partition now, in its order} */
        List<ConsumerRecord<byte[], byte[]>> read(String topic) {
            Map<String, Object> settings = new HashMap<>(kafka);
            settings.put("isolation.level", "read_committed");
            try (KafkaConsumer<byte[], byte[]> consumer =
                         new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                TopicPartition partition = new TopicPartition(topic, 0);
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                long end = consumer.endOffsets(List.of(partition)).get(partition);
                List<ConsumerRecord<byte[], byte[]>> result = new ArrayList<>();
                while (consumer.position(partition) < end) {
                    consumer.poll(Duration.ofMillis(100)).forEach(result::add);
                }
                return result;
            }
        }
    }

    /** {@return a condition that may take its time} Threads of the topology fail on purpose here. */
    static ConditionFactory await() {
        return Awaitility.await().dontCatchUncaughtExceptions().atMost(Duration.ofSeconds(90));
    }

    /** {@return how many threads of the runner have failed} */
    static int failedThreads(TopologyRunner runner) {
        return runner.streams().metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("failed-stream-threads"))
                .filter(metric -> metric.getKey().group().equals("stream-metrics"))
                .map(Map.Entry::getValue).map(Metric::metricValue).mapToInt(value -> ((Number) value).intValue()).sum();
    }

    static double count(MeterRegistry meters, String counter, String... tags) {
        return meters.find(counter).tags(tags).counters().stream().mapToDouble(Counter::count).sum();
    }

    static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
