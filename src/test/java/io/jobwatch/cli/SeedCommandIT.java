package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jobwatch.embedded.EmbeddedBroker;
import io.jobwatch.embedded.EmbeddedRegistry;
import io.jobwatch.embedded.Ports;
import io.jobwatch.embedded.simulator.EncoderSimulator;
import io.jobwatch.embedded.simulator.ManualClock;
import io.jobwatch.embedded.simulator.SimulatorSettings;
import io.jobwatch.event.JobAlert;
import io.jobwatch.registry.HttpSchemaRegistry;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.topic.TopicNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A deployment that moves in the middle of its work, with real processes: to more partitions in the same cluster, then out of the embedded
 * broker into another cluster, whose registry has other ids. The service knows nothing of it and goes on.
 */
class SeedCommandIT {
    private static final int JOBS = 40;
    private static final Duration WITHIN = Duration.ofSeconds(180);
    private static final Duration EXIT_WITHIN = Duration.ofSeconds(60);
    private static final Duration STEP = Duration.ofMillis(250);
    private static final int MOST_UNSEEN = 3;
    private static final String HISTORY = "--history=reports,alerts,transitions";

    @TempDir
    private Path folder;
    private final int kafkaPort = Ports.free();
    private final int registryPort = Ports.free();
    private final QueryApi api = new QueryApi(Ports.free());
    private final List<Path> consoles = new ArrayList<>();
    private final ManualClock clock = new ManualClock(Instant.now().minus(Duration.ofMinutes(10)).toString());
    private EncoderSimulator simulator;

    /** Where a deployment is, and what it is called. */
    private record Place(String name, String prefix, int partitions, Path data, String kafka, String registry) {
    }

    @BeforeEach
    void startSimulator() {
        simulator = EncoderSimulator.start(SimulatorSettings.of(JOBS, 5, 8), clock);
    }

    @AfterEach
    void stopSimulator() {
        simulator.close();
    }

    @Test
    void shouldLoseAndRepeatNothingOnTheWayToMorePartitionsAndAnotherCluster() throws Exception {
        Place old = embedded("old", "jobwatch.", 6);
        Place more = embedded("more", "more.", 12);
        workUntil(JOBS / 4, old);
        assertThat(seed(old, more)).contains("wrote ").contains("more.job-transitions");
        workUntil(JOBS / 2, more);

        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("cluster"), 0);
             EmbeddedRegistry registry = EmbeddedRegistry.start(Map.of("bootstrap.servers", broker.bootstrapServers()), "127.0.0.1", 0);
             SchemaRegistry client = new HttpSchemaRegistry(HttpSchemaRegistry.urls(registry.url()), Map.of())) {
            client.register("another application's", JobAlert.getClassSchema());   // so that all ids are others
            Place cluster = new Place("old", "jobwatch.", 4, folder.resolve("data-of-cluster"),
                    "{bootstrap-servers: \"" + broker.bootstrapServers() + "\"}", "{url: \"" + registry.url() + "\"}");
            killSeeding(more, cluster);
            // On a machine that is slow to kill, the seeding may have come to its end before.
            assertThat(seed(more, cluster)).containsAnyOf("wrote ", "it had been done before").contains("jobwatch.job-transitions");
            assertThat(seed(more, cluster)).contains("it had been done before");

            assertAllIsToldOnce(cluster, broker, client);
        }
        assertThat(jobwatch("refused", "seed", "-c", config(old, "all").toString(), "--from", config(old, "all").toString()))
                .contains("there is local state of the application old");
    }

    /** Runs until so many jobs are known, lets nothing wait, and ends in the middle of the jobs. */
    private void workUntil(int jobs, Place place) throws Exception {
        try (JobwatchProcess running = run(place, "all", "running poll, process, report, query")) {
            await().atMost(WITHIN).ignoreExceptions().until(() -> knownAfterAStep() >= jobs);
            double polls = api.successfulPolls("encoder");   // the service stands still now
            await().atMost(WITHIN).ignoreExceptions().until(() -> api.successfulPolls("encoder") >= polls + 2 && nothingWaits(place));
            assertThat(simulator.allDone()).isFalse();
            running.terminate();
            assertThat(running.awaitExit(EXIT_WITHIN)).as(running.output()).isZero();
        }
    }

    /** The service does not run ahead of who looks at it, so that there is always a middle to be stopped in, however slow the machine. */
    private int knownAfterAStep() throws IOException, InterruptedException {
        int known = api.json("/api/v1/jobs?limit=100").path("items").size();
        if (known >= simulator.history().size() - MOST_UNSEEN) {
            clock.advance(STEP);
        }
        return known;
    }

    /** The last offset of a partition is a transaction's marker, which a group need not have passed. */
    private boolean nothingWaits(Place place) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + kafkaPort))) {
            TopicNames names = new TopicNames(place.prefix());
            return reached(admin, place.name(), names.jobStateEvents(), place.partitions())
                    && reached(admin, place.name() + "-report", names.jobErrorReports(), place.partitions());
        }
    }

    private static boolean reached(Admin admin, String group, String topic, int partitions) throws Exception {
        for (int i = 0; i < partitions; i++) {
            TopicPartition partition = new TopicPartition(topic, i);
            long end = admin.listOffsets(Map.of(partition, OffsetSpec.latest())).partitionResult(partition).get().offset();
            OffsetAndMetadata committed = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().get(partition);
            if (end > 0 && (committed == null || committed.offset() < end - 1)) {
                return false;
            }
        }
        return true;
    }

    private void killSeeding(Place from, Place to) throws Exception {
        try (JobwatchProcess seeding = JobwatchProcess.start(folder.resolve("killed.log"), Map.of(), "seed", "-c",
                config(to, "all").toString(), "--from", config(from, "all").toString(), HISTORY)) {
            seeding.awaitOutput("topics created, the schemas registered", WITHIN);
            seeding.kill();
        }
    }

    private String seed(Place from, Place to) throws Exception {
        return jobwatch("seed", "seed", "-c", config(to, "all").toString(), "--from", config(from, "all").toString(), HISTORY);
    }

    private String jobwatch(String name, String... arguments) throws Exception {
        boolean refused = name.equals("refused");
        try (JobwatchProcess process = JobwatchProcess.start(folder.resolve(name + ".log"), Map.of(), arguments)) {
            assertThat(process.awaitExit(WITHIN)).as(process.output()).isEqualTo(refused ? 1 : 0);
            return process.output();
        }
    }

    private void assertAllIsToldOnce(Place place, EmbeddedBroker broker, SchemaRegistry registry) throws Exception {
        try (JobwatchProcess running = run(place, "all", "running poll, process, report, query");
             DemoTopics topics = DemoTopics.fromTheBeginning(Map.of("bootstrap.servers", broker.bootstrapServers()),
                     new TopicNames(place.prefix()), registry)) {
            await().atMost(WITHIN).ignoreExceptions().until(() -> knownAfterAStep() == JOBS && simulator.allDone());
            await().atMost(WITHIN).untilAsserted(() -> {
                topics.read();
                assertThat(DemoTruth.disagreements(simulator.history(), topics.transitions(), topics.reports())).isEmpty();
            });
            await().atMost(WITHIN).ignoreExceptions().until(() -> api.json("/api/v1/jobs?limit=100").path("items").size() == JOBS);
            await().atMost(WITHIN).untilAsserted(() -> assertThat(reportFiles()).hasSize(topics.reports().size()));
            assertThat(new HashSet<>(reportFiles())).as("each written by one deployment").hasSameSizeAs(reportFiles());
            String oldest = simulator.history().get(0).jobId();
            assertThat(api.json("/api/v1/jobs/encoder/" + oldest.replace(":", "%3A") + "/explain").path("complete").asBoolean())
                    .as("its observations stayed in the old topic").isFalse();
            running.terminate();
            assertThat(running.awaitExit(EXIT_WITHIN)).as(running.output()).isZero();
            assertThat(printedReports()).hasSize(topics.reports().size()).doesNotHaveDuplicates();
        }
    }

    private List<String> printedReports() throws IOException {
        List<String> printed = new ArrayList<>();
        for (Path console : consoles) {
            Files.readAllLines(console).stream().filter(line -> line.startsWith("Job ID: ")).forEach(printed::add);
        }
        return printed;
    }

    private List<String> reportFiles() throws IOException {
        List<String> names = new ArrayList<>();
        for (Path data : Set.of(folder.resolve("data"), folder.resolve("data-of-cluster"))) {
            Path reports = data.resolve("job-reports/encoder");
            try (Stream<Path> files = Files.isDirectory(reports) ? Files.list(reports) : Stream.empty()) {
                files.forEach(file -> names.add(file.getFileName().toString()));
            }
        }
        return names;
    }

    private JobwatchProcess run(Place place, String roles, String started) throws IOException {
        Path console = folder.resolve("console-" + consoles.size());
        consoles.add(console);
        JobwatchProcess process = JobwatchProcess.start(console, Map.of(), "run", "-c", config(place, roles).toString());
        process.awaitOutput(started, WITHIN);
        return process;
    }

    private Place embedded(String name, String prefix, int partitions) {
        return new Place(name, prefix, partitions, folder.resolve("data"), "{embedded-port: %d}".formatted(kafkaPort),
                "{embedded-port: %d}".formatted(registryPort));
    }

    private Path config(Place place, String roles) throws IOException {
        return Files.writeString(folder.resolve(place.name() + "-" + place.partitions() + "-" + roles.length() + ".yaml"), """
                application-id: %s
                data-dir: %s
                roles: [%s]
                kafka: %s
                schema-registry: %s
                topics: {prefix: "%s", partitions: %d}
                sources:
                  - {name: encoder, type: ams-v2, url: "%s", account: contoso, poll-interval: 300ms, start-from: all}
                report: {console: compact}
                query: {port: %d}
                """.formatted(place.name(), place.data(), roles.equals("all") ? "poll, process, report, query" : roles, place.kafka(),
                place.registry(), place.prefix(), place.partitions(), simulator.url(), api.port()));
    }
}
