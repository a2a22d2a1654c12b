package io.jobwatch.topic;

import io.jobwatch.embedded.EmbeddedBroker;
import io.jobwatch.event.EventRecord;
import io.jobwatch.registry.AvroEncoder;
import io.jobwatch.registry.InMemorySchemaRegistry;
import io.jobwatch.registry.SchemaRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/** jobwatch's topics on a broker of the test's own, and a transactional producer for them. */
public final class TestTopics implements AutoCloseable {
    public static final int PARTITIONS = 3;

    private final Path dataDir;
    private final int port;
    private EmbeddedBroker broker;
    private final TopicNames names = new TopicNames("jobwatch.");
    private final SchemaRegistry registry = new InMemorySchemaRegistry();
    private final TopicSchemas schemas;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;

    public TestTopics(Path dataDir) {
        this.dataDir = dataDir;
        broker = EmbeddedBroker.start(dataDir, 0);
        port = Integer.parseInt(broker.bootstrapServers().replaceAll(".*:", ""));
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()));
        List<TopicSpec> specs = TopicSpec.all(names, PARTITIONS);
        new TopicSetup(admin, specs).createAndVerify();
        schemas = TopicSchemas.register(registry, specs);
        producer = new KafkaProducer<>(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers(),
                ProducerConfig.TRANSACTIONAL_ID_CONFIG, "test"), new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
    }

    public Map<String, Object> kafkaProps() {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }

    public void stopBroker() {
        broker.close();
    }

    /** Starts the broker again after {@link #stopBroker()}, on the same port and data. */
    public void startBroker() {
        broker = EmbeddedBroker.start(dataDir, port);
    }

    /** Deletes a topic and creates one of the same name. */
    public void recreate(String topic) throws Exception {
        admin.deleteTopics(List.of(topic)).all().get(20, TimeUnit.SECONDS);
        // The broker learns of it somewhat later than the controller.
        Awaitility.await().atMost(Duration.ofSeconds(20)).ignoreException(TopicException.class)
                .until(() -> new TopicSetup(admin, TopicSpec.all(names, PARTITIONS)).createAndVerify().contains(topic));
    }

    public TopicSchemas schemas() {
        return schemas;
    }

    public TopicNames names() {
        return names;
    }

    public SchemaRegistry registry() {
        return registry;
    }

    public Admin admin() {
        return admin;
    }

    /** {@return a record of a topic, not sent yet} A null value is a tombstone. */
    public <T extends EventRecord> ProducerRecord<byte[], byte[]> record(String topic, String key, T value) {
        AvroEncoder<T> encoder = schemas.encoder(topic);
        return new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value == null ? null : encoder.encode(value));
    }

    /** Sends all in one transaction, and returns when it is committed. */
    public void send(List<ProducerRecord<byte[], byte[]>> records) {
        begin(records);
        commit();
    }

    /** Sends all in one transaction and leaves it open. */
    public void begin(List<ProducerRecord<byte[], byte[]>> records) {
        producer.beginTransaction();
        records.forEach(producer::send);
        producer.flush();
    }

    public void commit() {
        producer.commitTransaction();
    }

    public void abort() {
        producer.abortTransaction();
    }

    /** {@return what a topic holds now} */
    public List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers(), ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed"),
                new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition())).toList();
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

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
        admin.close();
        broker.close();
    }
}
