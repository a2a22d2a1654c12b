package io.jobwatch.seed;

import static org.awaitility.Awaitility.await;

import io.jobwatch.config.ProcessConfig.StateStore;
import io.jobwatch.event.EventRecord;
import io.jobwatch.event.PollCursor;
import io.jobwatch.registry.InMemorySchemaRegistry;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.topic.ApplicationNames;
import io.jobwatch.topic.TestTopics;
import io.jobwatch.topic.TopicException;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import io.jobwatch.topic.TopicSetup;
import io.jobwatch.topic.TopicSpec;
import io.jobwatch.topology.RunningTopology;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** Deployments in one cluster of the tests' own: old ones, and new ones with other partitions and a registry of other ids. */
final class SeedFixture implements AutoCloseable {
    static final int OLD_PARTITIONS = 3;
    static final int PARTITIONS = 5;
    static final Set<History> ALL = Set.of(History.values());
    static final Seed.Progress SILENT = new Seed.Progress() {
        @Override
        public void read(TopicPartition partition, long offset) {
            // not looked at
        }

        @Override
        public void verifying(String topic) {
            // not looked at
        }
    };

    final TestTopics cluster;
    private final Path folder;

    /** A deployment whose topics are set up. */
    record Made(Side side, int partitions, TopicSchemas schemas) {
        TopicNames topics() {
            return side.topics();
        }

        String application() {
            return side.applicationId();
        }

        <T extends EventRecord> ProducerRecord<byte[], byte[]> record(String topic, String key, T value) {
            return new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8),
                    value == null ? null : schemas.<T>encoder(topic).encode(value));
        }
    }

    SeedFixture(Path folder) {
        this.folder = folder;
        this.cluster = new TestTopics(folder.resolve("cluster"));
    }

    Made old(String name) {
        return made(name, OLD_PARTITIONS, new InMemorySchemaRegistry());
    }

    /** {@return a new deployment} */
    Made made(String name) {
        SchemaRegistry registry = new InMemorySchemaRegistry();
        registry.register("another application's", PollCursor.getClassSchema());   // so that all ids are others
        return made(name, PARTITIONS, registry);
    }

    private Made made(String name, int partitions, SchemaRegistry registry) {
        TopicNames names = new TopicNames(name + ".");
        List<TopicSpec> specs = TopicSpec.all(names, partitions);
        setUp(specs);
        return new Made(new Side(name, names, cluster.kafkaProps(), registry), partitions, TopicSchemas.register(registry, specs));
    }

    private void setUp(List<TopicSpec> specs) {
        new TopicSetup(cluster.admin(), specs).createAndVerify();
    }

    /** {@return an old deployment with changelogs, for a test that does not run its topology} */
    Made oldWithChangelogs(String name) {
        Made made = old(name);
        setUp(new ApplicationNames(name).changelogs().stream()
                .map(changelog -> new TopicSpec(changelog, OLD_PARTITIONS, Optional.empty(), Optional.empty())).toList());
        return made;
    }

    /** Loses topics. */
    void delete(List<String> names) throws Exception {
        cluster.admin().deleteTopics(names).all().get(20, TimeUnit.SECONDS);
        // The broker learns of it somewhat later than the controller.
        await().atMost(Duration.ofSeconds(20)).until(() -> cluster.admin().listTopics().names().get().stream().noneMatch(names::contains));
    }

    Seed open(Made from, StateFrom stateFrom) {
        return new Seed(from.side(), stateFrom, ALL, SILENT);
    }

    Seed.Result seed(Made from, Made to, StateFrom stateFrom) {
        try (Seed seed = open(from, stateFrom)) {
            seed.requireReady();
            seed.inspect(to.side(), to.partitions());
            return seed.seed(to.side(), to.partitions(), to.schemas());
        }
    }

    RunningTopology run(Made made, String protocol, StateStore store) {
        return RunningTopology.start(made.side().kafka(), made.topics(), made.schemas(), made.application(), store, protocol,
                folder.resolve(made.application() + "-state"));
    }

    void awaitNoLag(Made made) {
        await().atMost(Duration.ofSeconds(60)).ignoreExceptionsInstanceOf(TopicException.class).until(() -> {
            try (CommittedReader reader = new CommittedReader(made.side())) {
                return new Groups(cluster.admin(), made.side())
                        .behind(made.side().names().processGroup(), made.topics().jobStateEvents(), made.partitions(), reader).isEmpty();
            }
        });
    }

    @Override
    public void close() {
        cluster.close();
    }
}
