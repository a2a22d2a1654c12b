package io.jobwatch.embedded;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The log in a compacted topic of one partition, as Confluent's registry keeps it. One registry at a time may write to it. */
final class TopicSchemaLog implements SchemaLog {
    static final String TOPIC = "_schemas";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);

    private final Map<String, Object> clientProperties;
    private final Producer<String, String> producer;

    /**
     * Creates the topic where it is missing.
     *
     * @param clientProperties {@code bootstrap.servers} and whatever security the cluster asks for
     * @throws EmbeddedException if the cluster does not answer, or the topic is not one that keeps schemas
     */
    TopicSchemaLog(Map<String, Object> clientProperties) {
        this.clientProperties = Map.copyOf(clientProperties);
        createTopic();
        Map<String, Object> settings = new HashMap<>(clientProperties);
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, "jobwatch-schema-registry");
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // A request waits for its record: it should fail before its client gives up.
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 8_000);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 4_000);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 8_000);
        this.producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    private void createTopic() {
        Map<String, Object> settings = new HashMap<>(clientProperties);
        settings.put("client.id", "jobwatch-schema-registry-admin");
        try (Admin admin = Admin.create(settings)) {
            NewTopic topic = new NewTopic(TOPIC, Optional.of(1), Optional.empty())
                    .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
            try {
                admin.createTopics(List.of(topic)).all().get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
                verify(admin);
            }
        } catch (ExecutionException e) {
            throw failed("prepare", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("prepare", e);
        } catch (KafkaException e) {
            throw failed("prepare", e);
        }
    }

    /** With more partitions the order is lost, and without compaction the schemas are, after a week. */
    private static void verify(Admin admin) throws ExecutionException, InterruptedException {
        int partitions = admin.describeTopics(List.of(TOPIC)).allTopicNames().get().get(TOPIC).partitions().size();
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
        String cleanup = admin.describeConfigs(List.of(resource)).all().get().get(resource).get(TopicConfig.CLEANUP_POLICY_CONFIG).value();
        if (partitions != 1 || !cleanup.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            throw new EmbeddedException("topic " + TOPIC + " has " + partitions + " partitions and cleanup.policy " + cleanup
                    + ", expected 1 and compact: it is not fit for the log of a Schema Registry; correct it, or set schema-registry.url to "
                    + "the registry that owns it");
        }
    }

    @Override
    public void replay(BiConsumer<String, String> record) {
        Map<String, Object> settings = new HashMap<>(clientProperties);
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "jobwatch-schema-registry-reader");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            long end = endOffset(consumer);
            long deadline = System.nanoTime() + READ_TIMEOUT.toNanos();
            while (consumer.position(PARTITION) < end) {
                for (ConsumerRecord<String, String> found : consumer.poll(Duration.ofMillis(200))) {
                    record.accept(found.key(), found.value());
                }
                if (System.nanoTime() > deadline) {
                    throw new EmbeddedException("cannot read topic " + TOPIC + " to its end within " + READ_TIMEOUT.toSeconds()
                            + " s: check that the Kafka cluster is up");
                }
            }
        } catch (KafkaException e) {
            throw failed("read", e);
        }
    }

    /** A topic that was just created may not be known to every broker yet; the client's own time-out ends the waiting. */
    private static long endOffset(KafkaConsumer<String, String> consumer) {
        long deadline = System.nanoTime() + READ_TIMEOUT.toNanos();
        while (true) {
            try {
                return consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
            } catch (UnknownTopicOrPartitionException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void append(String key, String value) {
        try {
            producer.send(new ProducerRecord<>(TOPIC, 0, key, value)).get();
        } catch (ExecutionException e) {
            throw failed("write to", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("write to", e);
        } catch (KafkaException e) {
            throw failed("write to", e);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }

    private static EmbeddedException failed(String what, Throwable cause) {
        return new EmbeddedException("the embedded Schema Registry cannot " + what + " its topic " + TOPIC + " (" + cause.getMessage()
                + "): check that the Kafka cluster is up and what this client may do there", cause);
    }
}
