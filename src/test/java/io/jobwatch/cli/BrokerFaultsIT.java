package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.InternalServerErrorException;
import com.github.dockerjava.api.model.ContainerNetwork;
import io.jobwatch.MachineNetworks;
import io.jobwatch.config.AccessToken;
import io.jobwatch.registry.HttpSchemaRegistry;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.topic.TopicNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.containers.Network;
import org.testcontainers.lifecycle.Startables;

/**
 * The application's image at work while its broker is restarted, stopped, halted and cut off, and its registry halted: it goes on by
 * itself, tells meanwhile that it is late, says in its log what is wrong and when it is over, and in the end the topics agree with the
 * simulated encoder. {@link DockerEngine#require} says when it is skipped.
 */
@Timeout(600)
@ExtendWith(MachineNetworks.Change.class)
class BrokerFaultsIT {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerFaultsIT.class);
    private static final Duration BACK_WITHIN = Duration.ofSeconds(90);
    private static final Duration STOPPED_FOR = Duration.ofSeconds(30);
    /** Longer than a session (10 s) and than a transaction of the topology may last (10 s). */
    private static final Duration SILENT_FOR = Duration.ofSeconds(14);
    /** In a log that one reads, of thirty seconds without a broker. */
    private static final int MOST_LINES = 40;
    private static final double CAUGHT_UP_SECONDS = 3;

    @TempDir
    private static Path folder;
    private static Network network;
    private static KafkaNode kafka;
    private static RegistryContainer registry;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        DockerEngine.require(BrokerFaultsIT.class, TestImage.KAFKA, TestImage.REGISTRY, TestImage.JOBWATCH);
        network = Network.newNetwork();
        kafka = KafkaNode.open(network);
        registry = new RegistryContainer(network);
        Startables.deepStart(kafka.container(), registry.container()).join();
        String config = Files.writeString(folder.resolve("setup.yaml"), config(kafka.fromHere(), registry.fromHere(), folder.toString()))
                .toString();
        // A broker that has just started, on a machine that is busy, may take longer to answer than the command waits.
        await().atMost(BACK_WITHIN).untilAsserted(() -> {
            CommandRun setup = CommandRun.of("setup", "-c", config);
            assertThat(setup.status()).as(setup.err()).isZero();
        });
    }

    @AfterAll
    static void stop() {
        if (network != null) {
            registry.close();
            kafka.close();
            network.close();
        }
    }

    @Test
    void shouldLoseAndRepeatNothingWhateverBecomesOfTheBroker() throws Exception {
        JobwatchContainer jobwatch = new JobwatchContainer(network, "jobwatch", "run", "-c", JobwatchContainer.CONFIG).withQueries()
                .withConfig(config(KafkaNode.INSIDE, RegistryContainer.URL, "/var/lib/jobwatch"));
        try (SimulatedEncoder encoder = new SimulatedEncoder(network, 300, 5, 10); jobwatch) {
            try {
                Startables.deepStart(encoder.container().container(), jobwatch.container()).join();
                Watched watched = new Watched(jobwatch);
                watched.awaitCaughtUp("the start");
                DockerClient docker = DockerEngine.client();
                String broker = kafka.container().getContainerId();

                docker.restartContainerCmd(broker).withTimeout(10).exec();
                watched.awaitCaughtUp("a restart of the broker");

                int before = watched.lines();
                docker.stopContainerCmd(broker).withTimeout(10).exec();
                watched.mustBeAliveAndTellItsAge(STOPPED_FOR);
                int told = watched.lines() - before;
                docker.startContainerCmd(broker).exec();
                watched.awaitCaughtUp("a broker that was stopped");
                assertThat(told).as("lines logged in %s without a broker", STOPPED_FOR).isBetween(1, MOST_LINES);

                pause(broker);
                watched.mustBeAliveAndTellItsAge(SILENT_FOR);
                docker.unpauseContainerCmd(broker).exec();
                watched.awaitCaughtUp("a broker that was halted");

                docker.disconnectFromNetworkCmd().withNetworkId(network.getId()).withContainerId(broker).exec();
                watched.mustBeAliveAndTellItsAge(SILENT_FOR);
                docker.connectToNetworkCmd().withNetworkId(network.getId()).withContainerId(broker)
                        .withContainerNetwork(new ContainerNetwork().withAliases(KafkaNode.HOST)).exec();
                watched.awaitCaughtUp("a network that was cut");

                pause(registry.container().getContainerId());
                watched.awaitCaughtUp("a registry that is halted");
                docker.unpauseContainerCmd(registry.container().getContainerId()).exec();

                assertTopicsAgree(encoder, watched);
                assertThat(jobwatch.isRunning()).isTrue();
                assertThat(jobwatch.container().getCurrentContainerInfo().getRestartCount()).isZero();
            } finally {
                Files.writeString(Path.of("target/broker-faults.log"), jobwatch.log());
            }
        }
    }

    /** A busy container cannot always be frozen at the first attempt (runc: "unable to freeze"); it then goes on. */
    private static void pause(String container) {
        await().atMost(Duration.ofSeconds(30)).ignoreException(InternalServerErrorException.class).until(() -> {
            DockerEngine.client().pauseContainerCmd(container).exec();
            return true;
        });
    }

    private static void assertTopicsAgree(SimulatedEncoder encoder, Watched watched) throws Exception {
        try (SchemaRegistry schemas = new HttpSchemaRegistry(HttpSchemaRegistry.urls(registry.fromHere()), Map.of());
                DemoTopics told = DemoTopics.fromTheBeginning(Map.of("bootstrap.servers", kafka.fromHere()), new TopicNames("jobwatch."),
                        schemas)) {
            await().atMost(Duration.ofSeconds(120)).untilAsserted(() -> {
                told.read();
                assertThat(DemoTruth.disagreements(encoder.truth(), told.transitions(), told.reports())).isEmpty();
            });
            await().atMost(BACK_WITHIN).untilAsserted(() -> assertThat(watched.ended()).isEqualTo(encoder.truth().size()));
        }
    }

    private static String config(String bootstrapServers, String registryUrl, String dataDir) {
        return """
                application-id: faults
                data-dir: %s
                kafka: {bootstrap-servers: "%s"}
                schema-registry: {url: "%s"}
                topics: {prefix: "jobwatch.", partitions: 2}
                sources:
                  - {name: encoder, type: ams-v2, url: "%s", account: contoso, poll-interval: 1s, start-from: all}
                report: {console: "off"}
                query:
                  host: 0.0.0.0
                  auth: {type: bearer, tokens: [{name: test, sha256: "%s"}]}
                """.formatted(dataDir, bootstrapServers, registryUrl, SimulatedEncoder.URL,
                AccessToken.of("test", Watched.TOKEN).sha256());
    }

    /** The instance, as someone sees it who asks it. */
    private static final class Watched {
        private static final String TOKEN = "a-token-that-opens-the-queries-of-the-faults";

        private final JobwatchContainer container;
        private final QueryApi queries;

        private Watched(JobwatchContainer container) {
            this.container = container;
            this.queries = container.queries(TOKEN);
        }

        private int lines() {
            return (int) container.log().lines().count();
        }

        private double lag() throws IOException, InterruptedException {
            return Double.parseDouble(queries.get("/api/v1/jobs?limit=1").headers().firstValue("X-Jobwatch-View-Lag").orElseThrow());
        }

        /** Until the view has caught up; whether the other roles have shows in the end. */
        private void awaitCaughtUp(String after) {
            long began = System.currentTimeMillis();
            await().atMost(BACK_WITHIN).ignoreExceptions()
                    .until(() -> queries.get("/health/ready").statusCode() == 200 && lag() < CAUGHT_UP_SECONDS);
            LOG.info("the view has caught up {} ms after {}", System.currentTimeMillis() - began, after);
        }

        private int ended() throws Exception {
            int ended = 0;
            for (String state : List.of("FINISHED", "ERROR", "CANCELED")) {
                ended += queries.json("/api/v1/jobs?limit=500&state=" + state).get("items").size();
            }
            return ended;
        }

        /** Throughout an outage it lives, and in the end it is either not ready or says how old its view is. */
        private void mustBeAliveAndTellItsAge(Duration outage) {
            long until = System.nanoTime() + outage.toNanos();
            await().atMost(outage.plusSeconds(30)).pollInterval(Duration.ofMillis(500)).until(() -> {
                assertThat(queries.get("/health/live").statusCode()).isEqualTo(200);
                return System.nanoTime() > until;
            });
            try {
                boolean ready = queries.get("/health/ready").statusCode() == 200;
                if (ready) {
                    assertThat(lag()).as("seconds that the view says it is late").isGreaterThan(outage.toSeconds() / 2.0);
                }
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
