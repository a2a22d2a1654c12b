package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jobwatch.embedded.EmbeddedRegistry;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.job.JobLoad;
import io.jobwatch.registry.AvroEncoder;
import io.jobwatch.registry.HttpSchemaRegistry;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.topic.JobKey;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import io.jobwatch.topic.TopicSetup;
import io.jobwatch.topic.TopicSpec;
import io.jobwatch.topology.ToldTopics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two instances of the packaged jar process one load on a cluster that is there already. One of them is killed in the middle of the work
 * and started again, three times over, and in the end every change has been told once.
 */
final class CrashCampaign implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CrashCampaign.class);
    static final long USUAL_SEED = 7;
    private static final String APPLICATION_ID = "crash";
    private static final int PARTITIONS = 6;
    private static final int EVENTS = 54_000;
    /** So many events of a quarter of the load are done when an instance is killed that works on half of it. */
    private static final long UNDER_WAY = 200;
    private static final Duration START_WITHIN = Duration.ofSeconds(90);
    /** A killed instance is noticed after ten seconds; by Kafka's defaults it would be 45. */
    private static final Duration TAKEN_OVER_WITHIN = Duration.ofSeconds(40);
    private static final Duration SHARED_WITHIN = Duration.ofSeconds(60);
    private static final Duration DONE_WITHIN = Duration.ofSeconds(180);
    private static final Duration EXIT_WITHIN = Duration.ofSeconds(20);

    private final TopicNames topics = new TopicNames("jobwatch.");
    private final JobLoad load;
    private final Map<String, JobwatchProcess> running = new HashMap<>();
    private final Map<String, Object> kafka;
    private final Path folder;
    private final String groupProtocol;
    private final EmbeddedRegistry embeddedRegistry;
    private final SchemaRegistry registry;
    private final TopicSchemas schemas;
    private final Admin admin;
    private final ProcessGroup group;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AvroEncoder<JobStateEvent> encoder;
    private int published;
    private int starts;

    /**
     * @param bootstrapServers of an empty cluster
     * @param folder           takes what the instances keep and print
     * @param groupProtocol    {@code classic} or {@code streams}
     * @param seed             of the load
     */
    CrashCampaign(String bootstrapServers, Path folder, String groupProtocol, long seed) {
        this.load = JobLoad.of(seed, EVENTS, Instant.now().minus(Duration.ofHours(1)));
        this.kafka = Map.of("bootstrap.servers", bootstrapServers);
        this.folder = folder;
        this.groupProtocol = groupProtocol;
        this.embeddedRegistry = EmbeddedRegistry.start(kafka, "127.0.0.1", 0);
        this.registry = new HttpSchemaRegistry(HttpSchemaRegistry.urls(embeddedRegistry.url()), Map.of());
        this.admin = Admin.create(kafka);
        List<TopicSpec> specs = TopicSpec.all(topics, PARTITIONS);
        new TopicSetup(admin, specs).createAndVerify();
        this.schemas = TopicSchemas.register(registry, specs);
        this.group = new ProcessGroup(admin, APPLICATION_ID, topics.jobStateEvents(), PARTITIONS, groupProtocol.equals("streams"));
        this.producer = new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer());
        this.encoder = schemas.encoder(topics.jobStateEvents());
    }

    /** Fails where a change was not told, or told twice, or where the campaign was not what it is meant to be. */
    void run() throws Exception {
        launch("one");
        launch("two");
        awaitRunning();
        awaitBothWork();
        killAndRestart("one", "two", true);
        // A supervisor starts it again at once: its place in the group has not run out yet.
        killAndRestart("two", "one", false);
        killAndRestart("one", "two", true);
        publish(load.events().size());
        await().atMost(DONE_WITHIN).until(() -> group.open() == 0);
        LOG.info("all is done");
        running.values().forEach(JobwatchProcess::terminate);
        for (JobwatchProcess process : running.values()) {
            assertThat(process.awaitExit(EXIT_WITHIN)).as(process.output()).isZero();
            assertNoThreadFailed(process);
        }
        new ToldTopics(kafka, topics, schemas).assertEachChangeToldOnce(load);
    }

    private void killAndRestart(String victim, String survivor, boolean moves) throws Exception {
        Set<Integer> itsPartitions = group.owned().get(victim);
        long before = group.committed(itsPartitions);
        int end = published + load.events().size() / 4;
        CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> publish(end));
        await().atMost(SHARED_WITHIN).pollInterval(Duration.ofMillis(20)).until(() -> group.committed(itsPartitions) > before + UNDER_WAY);
        JobwatchProcess process = running.remove(victim);
        process.kill();
        group.killed(victim);
        publishing.join();
        long open = group.open(itsPartitions);
        LOG.info("killed {} when {} of {} events were published, {} are open on its partitions {}", victim, end, load.events().size(), open,
                itsPartitions);
        assertThat(open).as("events open on the partitions of the killed instance").isPositive();
        assertNoThreadFailed(process);
        if (moves) {
            await().atMost(TAKEN_OVER_WITHIN).until(() -> group.sharedBy(survivor));
            LOG.info("{} took over", survivor);
        }
        launch(victim);
        awaitRunning();
        awaitBothWork();
    }

    private void awaitBothWork() throws Exception {
        await().atMost(SHARED_WITHIN).until(() -> group.sharedBy("one", "two"));
        LOG.info("they share the partitions: {}", group.owned());
    }

    /** Publishes the load up to this event, and returns when all of it is there. */
    private void publish(int end) {
        List<Future<RecordMetadata>> sent = load.events().subList(published, end).stream().map(event -> producer.send(new ProducerRecord<>(
                topics.jobStateEvents(), new JobKey(event.getSource(), event.getJobId()).bytes(), encoder.encode(event)))).toList();
        for (Future<RecordMetadata> each : sent) {
            try {
                each.get();
            } catch (ExecutionException | InterruptedException e) {
                throw new IllegalStateException("an event could not be published", e);
            }
        }
        published = end;
    }

    private void launch(String name) throws IOException {
        Path config = Files.writeString(folder.resolve(name + ".yaml"), """
                application-id: %s
                data-dir: %s
                roles: [process]
                kafka: {bootstrap-servers: "%s"}
                schema-registry: {url: "%s"}
                process:
                  properties:
                    client.id: %s
                    group.protocol: %s
                    # Partitions come back at once, and not only after a copy of their state has caught up beside the running one.
                    acceptable.recovery.lag: %d
                    # What belongs together leaves in different requests, so that nothing but the transaction keeps it together.
                    producer.batch.size: 1000
                """.formatted(APPLICATION_ID, folder.resolve(name), kafka.get("bootstrap.servers"), embeddedRegistry.url(), name,
                groupProtocol, EVENTS));
        JobwatchProcess process = JobwatchProcess.start(folder.resolve(name + "-output-" + ++starts), Map.of(), "run", "-c",
                config.toString());
        running.put(name, process);
    }

    private void awaitRunning() {
        running.values().forEach(process -> process.awaitOutput("running process", START_WITHIN));
    }

    /** A move and a kill elsewhere are nothing that a stream thread may die of. */
    private static void assertNoThreadFailed(JobwatchProcess process) throws IOException {
        assertThat(process.output()).doesNotContain("a stream thread failed");
    }

    @Override
    public void close() {
        running.values().forEach(JobwatchProcess::close);
        producer.close(Duration.ZERO);
        admin.close();
        registry.close();
        embeddedRegistry.close();
    }
}
