package io.jobwatch.bench;

import io.jobwatch.config.RegistryConfig;
import io.jobwatch.registry.SchemaRegistries;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import io.jobwatch.topic.TopicSetup;
import io.jobwatch.topic.TopicSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** The broker and the registry in a process of their own, with jobwatch's topics. One thread. */
final class Cluster implements AutoCloseable {
    private static final long ANSWER_WITHIN_SECONDS = 30;

    private final ChildProcess broker;
    private final String bootstrap;
    private final String registryUrl;
    private final int partitions;
    private final TopicNames topics = new TopicNames("bench.");
    private final List<TopicSpec> specs;
    private final Admin admin;
    private final SchemaRegistry registry;
    private final TopicSchemas schemas;

    private Cluster(ChildProcess broker, Facts ready, int partitions) {
        this.broker = broker;
        this.bootstrap = ready.text("bootstrap");
        this.registryUrl = ready.text("registry");
        this.partitions = partitions;
        this.specs = TopicSpec.all(topics, partitions);
        this.admin = Admin.create(kafka());
        this.registry = SchemaRegistries.of(new RegistryConfig(registryUrl, 0, Map.of())).open();
        new TopicSetup(admin, specs).createAndVerify();
        this.schemas = TopicSchemas.register(registry, specs);
    }

    /** Starts it with empty topics under the folder. */
    static Cluster start(Path folder, int partitions) {
        ChildProcess broker = ChildProcess.start("the broker", folder.resolve("broker.log"),
                List.of("-XX:+UseSerialGC", "-Xms1g", "-Xmx1g"), List.of("broker", "--data-dir", folder.resolve("broker").toString()));
        try {
            return new Cluster(broker, broker.await(BrokerCommand.READY, Duration.ofSeconds(60)), partitions);
        } catch (RuntimeException e) {
            broker.close();
            throw e;
        }
    }

    /** {@return what a Kafka client needs to reach it} */
    Map<String, Object> kafka() {
        return Map.of("bootstrap.servers", bootstrap);
    }

    String bootstrap() {
        return bootstrap;
    }

    String registryUrl() {
        return registryUrl;
    }

    TopicNames topics() {
        return topics;
    }

    TopicSchemas schemas() {
        return schemas;
    }

    int partitions() {
        return partitions;
    }

    /** {@return the processor time that the broker has taken} */
    Duration cpu() {
        return broker.cpu();
    }

    /** {@return how many records the changelogs of an application hold; control records count too, what compaction removed does not} */
    long changelogRecords(String applicationId) {
        List<TopicPartition> changelogs = await(admin.listTopics().names()).stream()
                .filter(name -> name.startsWith(applicationId + "-") && name.endsWith("-changelog"))
                .flatMap(name -> partitionsOf(name).stream()).toList();
        return offsets(changelogs, OffsetSpec.latest()) - offsets(changelogs, OffsetSpec.earliest());
    }

    private long offsets(List<TopicPartition> of, OffsetSpec spec) {
        return await(admin.listOffsets(of.stream().collect(Collectors.toMap(p -> p, p -> spec))).all()).values().stream()
                .mapToLong(result -> result.offset()).sum();
    }

    /** {@return the partitions of a topic} */
    List<TopicPartition> partitionsOf(String topic) {
        return IntStream.range(0, partitions).mapToObj(partition -> new TopicPartition(topic, partition)).toList();
    }

    /** {@return the sum of what a group has committed of a topic; 0 before its first commit} */
    long committed(String group, String topic) {
        Map<TopicPartition, OffsetAndMetadata> offsets =
                await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(group));
        return offsets.entrySet().stream().filter(entry -> entry.getKey().topic().equals(topic) && entry.getValue() != null)
                .mapToLong(entry -> entry.getValue().offset()).sum();
    }

    /** Replaces every topic but the input by an empty one, and removes those of an application that has ended. */
    void clear(String applicationId) {
        replace(Set.of(topics.jobStateEvents()), applicationId);
    }

    /** Replaces every topic by an empty one, the input too, and removes those of an application that has ended. */
    void clearAll(String applicationId) {
        replace(Set.of(), applicationId);
    }

    private void replace(Set<String> kept, String applicationId) {
        Set<String> gone = specs.stream().map(TopicSpec::name).filter(name -> !kept.contains(name)).collect(Collectors.toSet());
        gone.addAll(await(admin.listTopics().names()).stream().filter(name -> name.startsWith(applicationId + "-")).toList());
        await(admin.deleteTopics(gone).all());
        // The controller has removed them; the broker learns of it a little later, and until then would say that they exist.
        while (!Collections.disjoint(await(admin.listTopics().names()), gone)) {
            LockSupport.parkNanos(10_000_000);
        }
        new TopicSetup(admin, specs).createAndVerify();
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(2));
        registry.close();
        broker.close();
    }

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get(ANSWER_WITHIN_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted while waiting for the broker");
        } catch (ExecutionException | TimeoutException e) {
            throw new BenchException("the broker does not do what it is asked: " + e, e);
        }
    }
}
