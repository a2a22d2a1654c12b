package io.jobwatch.seed;

import io.jobwatch.config.ProcessConfig.StateStore;
import io.jobwatch.event.EventRecord;
import io.jobwatch.event.PollCursor;
import io.jobwatch.registry.InMemorySchemaRegistry;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.topic.TestTopics;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import io.jobwatch.topic.TopicSetup;
import io.jobwatch.topic.TopicSpec;
import io.jobwatch.topology.JobTopology;
import io.jobwatch.topology.RunningTopology;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;

/** An old deployment in a cluster of the test's own, and new ones beside it, whose registry has other ids. */
final class SeedFixture implements AutoCloseable {
    static final int PARTITIONS = 5;
    static final Set<History> ALL = Set.of(History.values());
    static final Seed.Progress SILENT = new Seed.Progress() {
        @Override
        public void read(String topic, long records) {
            // not looked at
        }

        @Override
        public void verifying(String topic) {
            // not looked at
        }
    };

    final TestTopics topics;
    final Side old;
    private final Path folder;

    /** A deployment that is made. */
    record Made(Side side, TopicSchemas schemas) {
    }

    SeedFixture(Path folder) {
        this.folder = folder;
        this.topics = new TestTopics(folder.resolve("cluster"));
        this.old = new Side("jobwatch", topics.names(), topics.kafkaProps(), topics.registry());
    }

    /** {@return a new deployment whose topics are set up} */
    Made made(String name) {
        SchemaRegistry registry = new InMemorySchemaRegistry();
        registry.register("another application's", PollCursor.getClassSchema());   // so that all ids are others
        TopicNames names = new TopicNames(name + ".");
        List<TopicSpec> specs = TopicSpec.all(names, PARTITIONS);
        new TopicSetup(topics.admin(), specs).createAndVerify();
        return new Made(new Side(name, names, topics.kafkaProps(), registry), TopicSchemas.register(registry, specs));
    }

    /** Creates the changelogs of the old deployment, for a test that does not run its topology. */
    void makeChangelogs() {
        new TopicSetup(topics.admin(), JobTopology.changelogs(old.applicationId()).stream()
                .map(name -> new TopicSpec(name, TestTopics.PARTITIONS, Optional.empty(), Optional.empty())).toList()).createAndVerify();
    }

    Seed.Result seed(Made to, StateFrom stateFrom) {
        try (Seed seed = new Seed(old, stateFrom, ALL, SILENT)) {
            seed.requireReady();
            seed.inspect(to.side(), PARTITIONS);
            return seed.seed(to.side(), PARTITIONS, to.schemas());
        }
    }

    RunningTopology runOld(String protocol) {
        return RunningTopology.start(old.kafka(), old.topics(), topics.schemas(), old.applicationId(), StateStore.ROCKSDB, protocol,
                folder.resolve("old-state"));
    }

    RunningTopology run(Made made, String protocol, StateStore store) {
        return RunningTopology.start(made.side().kafka(), made.side().topics(), made.schemas(), made.side().applicationId(), store,
                protocol, folder.resolve(made.side().applicationId() + "-state"));
    }

    <T extends EventRecord> ProducerRecord<byte[], byte[]> record(Made to, String topic, String key, T value) {
        return new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), to.schemas().<T>encoder(topic).encode(value));
    }

    @Override
    public void close() {
        topics.close();
    }
}
