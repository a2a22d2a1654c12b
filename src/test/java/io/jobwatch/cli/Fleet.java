package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jobwatch.embedded.EmbeddedBroker;
import io.jobwatch.embedded.EmbeddedRegistry;
import io.jobwatch.registry.HttpSchemaRegistry;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import io.jobwatch.topic.TopicSetup;
import io.jobwatch.topic.TopicSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/**
 * Instances of the packaged jar in every role, each with a standby of the others' state, that share a steady load on a cluster of the
 * test's own; what an operator does to instances is done to them.
 */
final class Fleet implements AutoCloseable {
    static final List<String> INSTANCES = List.of("one", "two");
    static final String APPLICATION_ID = "fleet";
    /** Further settings of Kafka Streams, to measure what they change: such as {@code , main.consumer.heartbeat.interval.ms: 3000}. */
    private static final String MORE_PROPERTIES = System.getProperty("jobwatch.fleet.properties", "");
    private static final int PARTITIONS = 6;
    private static final Duration START_WITHIN = Duration.ofSeconds(90);
    private static final Duration SHARED_WITHIN = Duration.ofSeconds(60);
    private static final Duration EXIT_WITHIN = Duration.ofSeconds(20);

    private final Map<String, JobwatchProcess> running = new HashMap<>();
    private final Set<String> endedLate = new HashSet<>();
    private final Set<String> seenToKeep = new HashSet<>();
    private final Path folder;
    private final String groupProtocol;
    private final SteadyLoad load;
    private final EmbeddedBroker broker;
    private final Map<String, Object> kafka;
    private final EmbeddedRegistry embeddedRegistry;
    private final SchemaRegistry registry;
    private final Admin admin;
    private final ProcessGroup group;
    private final LoadWitness witness;
    private int starts;

    /**
     * @param folder        takes what the cluster and the instances keep and print
     * @param groupProtocol {@code classic} or {@code streams}
     * @param load          what the instances look at; is not closed here
     */
    Fleet(Path folder, String groupProtocol, SteadyLoad load) {
        this.folder = folder;
        this.groupProtocol = groupProtocol;
        this.load = load;
        this.broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
        this.kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
        this.embeddedRegistry = EmbeddedRegistry.start(kafka, "127.0.0.1", 0);
        this.registry = new HttpSchemaRegistry(HttpSchemaRegistry.urls(embeddedRegistry.url()), Map.of());
        this.admin = Admin.create(kafka);
        TopicNames topics = new TopicNames("jobwatch.");
        List<TopicSpec> specs = TopicSpec.all(topics, PARTITIONS);
        new TopicSetup(admin, specs).createAndVerify();
        this.group = new ProcessGroup(admin, APPLICATION_ID, topics.jobStateEvents(), PARTITIONS, streams());
        if (streams()) {
            setStandbyOfGroup();
        }
        this.witness = new LoadWitness(kafka, topics, TopicSchemas.register(registry, specs));
    }

    private boolean streams() {
        return groupProtocol.equals("streams");
    }

    /** Under the streams protocol the brokers decide. */
    private void setStandbyOfGroup() {
        try {
            admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.GROUP, APPLICATION_ID), List.of(
                    new AlterConfigOp(new ConfigEntry("streams.num.standby.replicas", "1"), AlterConfigOp.OpType.SET)))).all().get();
        } catch (Exception e) {
            throw new IllegalStateException("the standby replicas of the group could not be set", e);
        }
    }

    /** {@return the partitions that each instance works on} */
    Map<String, Set<Integer>> shares() throws ExecutionException, InterruptedException {
        return group.owned();
    }

    LoadWitness witness() {
        return witness;
    }

    /** Starts an instance of a release; it finds what an instance of that name kept before. */
    void launch(String name, Release release) throws IOException {
        Path config = configuration(name);
        running.put(name, JobwatchProcess.startOn(release.classPath(), folder.resolve(name + "-output-" + ++starts), "run", "-c",
                config.toString()));
    }

    /** {@return the file of an instance's configuration} */
    Path configuration(String name) throws IOException {
        return Files.writeString(folder.resolve(name + ".yaml"), """
                application-id: %s
                data-dir: %s
                kafka: {bootstrap-servers: "%s"}
                schema-registry: {url: "%s"}
                topics: {partitions: %d}
                process:
                  standby-replicas: %d
                  properties: {client.id: %s, group.protocol: %s%s}
                report: {console: off}
                query: {port: 0}
                sources:
                %s""".formatted(APPLICATION_ID, dataFolder(name), broker.bootstrapServers(), embeddedRegistry.url(), PARTITIONS,
                streams() ? 0 : 1, name, groupProtocol, MORE_PROPERTIES, load.configuration()));
    }

    /** {@return the folder of what an instance keeps} */
    Path dataFolder(String name) {
        return folder.resolve(name);
    }

    /** Ends an instance as a supervisor does, and returns when it has ended; it must end cleanly. */
    void end(String name) throws Exception {
        JobwatchProcess process = running.remove(name);
        process.terminate();
        assertThat(process.awaitExit(EXIT_WITHIN)).as(process.output()).isZero();
        assertNoThreadFailed(name, process);
        if (process.output().contains("the topology did not stop within")) {
            endedLate.add(name);
        }
    }

    /** Runs a command of a release to its end, with the configuration of an instance. */
    void command(Release release, String name, String command) throws Exception {
        Path output = folder.resolve(command + "-output-" + ++starts);
        String config = configuration(name).toString();
        try (JobwatchProcess process = JobwatchProcess.startOn(release.classPath(), output, command, "-c", config)) {
            assertThat(process.awaitExit(START_WITHIN)).as(process.output()).isZero();
        }
    }

    /** Replaces what an instance runs by another release, as an operator does, and returns when the work is shared again. */
    void replace(String name, Release release) throws Exception {
        end(name);
        launch(name, release);
        awaitShared(INSTANCES.toArray(String[]::new));
    }

    /** Ends an instance without a warning. */
    void kill(String name) throws Exception {
        running.remove(name).kill();
        group.killed(name);
    }

    /** Returns when these instances, and no others, share the work, and each has a copy of all state. */
    void awaitShared(String... names) {
        for (String name : names) {
            running.get(name).awaitOutput("running poll, process, report, query", START_WITHIN);
        }
        await().atMost(SHARED_WITHIN).until(() -> group.sharedBy(names));
        await().atMost(SHARED_WITHIN).untilAsserted(() -> {
            for (String name : names) {
                assertThat(storeNames(name)).as("tasks of which %s has the state", name).hasSize(PARTITIONS);
            }
        });
    }

    /**
     * {@return what RocksDB has named each store of an instance} A name is made with the store and stays as long as its files do, so
     * another one says that the state was fetched again.
     */
    Map<Path, String> storeNames(String name) throws IOException {
        Map<Path, String> names = new TreeMap<>();
        for (Path identity : identities(name)) {
            names.put(dataFolder(name).relativize(identity), Files.readString(identity).strip());
        }
        return names;
    }

    /**
     * Fails unless an instance goes on with the stores that it had. One that could not end in the time it takes for itself, on a machine
     * that is too busy, has to fetch its state again; that is printed, and counts in {@link #assertOneWasSeenToKeep}.
     *
     * @param before by {@link #storeNames}
     */
    void assertKept(String name, Map<Path, String> before) throws IOException {
        if (endedLate.contains(name)) {
            System.out.println(name + " could not end in time on this machine, and fetched its state again");
            return;
        }
        assertThat(storeNames(name)).as("stores of %s, which goes on with its files", name).isEqualTo(before);
        seenToKeep.add(name);
    }

    /** Fails where {@link #assertKept} has looked at the stores of no instance, since each had ended late: then it has proven nothing. */
    void assertOneWasSeenToKeep() {
        assertThat(seenToKeep).as("instances that were seen to go on with their files; too late to: %s", endedLate).isNotEmpty();
    }

    private List<Path> identities(String name) throws IOException {
        Path tasks = dataFolder(name).resolve("streams").resolve(APPLICATION_ID);
        try (Stream<Path> found = Files.isDirectory(tasks) ? Files.list(tasks) : Stream.empty()) {
            return found.map(task -> task.resolve("rocksdb/job-status/IDENTITY")).filter(Files::isRegularFile).toList();
        }
    }

    /** Fails unless, in the end, everything that happened was told, and once. The load must stand still. */
    void assertToldOnce() throws Exception {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(witness.disagreements(load)).isEmpty());
        for (Map.Entry<String, JobwatchProcess> each : running.entrySet()) {
            assertNoThreadFailed(each.getKey(), each.getValue());
        }
    }

    /** What is done to one instance is nothing that a stream thread of another may die of. */
    private static void assertNoThreadFailed(String name, JobwatchProcess process) throws IOException {
        assertThat(process.output()).as(name).doesNotContain("a stream thread failed");
    }

    @Override
    public void close() {
        running.values().forEach(JobwatchProcess::close);
        witness.close();
        admin.close();
        registry.close();
        embeddedRegistry.close();
        broker.close();
    }
}
