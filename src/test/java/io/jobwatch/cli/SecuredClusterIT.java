package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jobwatch.MachineNetworks;
import io.jobwatch.registry.HttpSchemaRegistry;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.access.Right;
import io.jobwatch.topic.access.RightsGuide;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.testcontainers.lifecycle.Startables;

/**
 * The application's image on a cluster with TLS, SCRAM and ACLs: every role under a user of its own, who has the rights that the guide for
 * consumers names, read from its table, and no other. {@link DockerEngine#require} says when it is skipped.
 */
@Timeout(600)
@ExtendWith(MachineNetworks.Change.class)
class SecuredClusterIT {
    private static final String APPLICATION = "secured";
    private static final TopicNames TOPICS = new TopicNames("jobwatch.");
    private static final Duration SOON = Duration.ofSeconds(120);
    private static final List<String> ROLES = List.of("poll", "process", "report", "query");

    @TempDir
    private static Path folder;
    private static SecuredCluster cluster;
    private static LackingUsers lacking;
    private static Map<String, List<Right>> guide;

    @BeforeAll
    static void start() throws Exception {
        DockerEngine.require(SecuredClusterIT.class, TestImage.KAFKA, TestImage.REGISTRY, TestImage.JOBWATCH);
        guide = LackingUsers.guide(APPLICATION, TOPICS);
        cluster = new SecuredCluster(folder);
        lacking = new LackingUsers(cluster, folder);
        SecuredCluster.User installer = cluster.user("installer", guide.get("setup"));
        String config = cluster.configHere(folder, APPLICATION, installer, "poll", TOPICS);
        // A broker that has just started, on a machine that is busy, may take longer to answer than the command waits.
        await().atMost(SOON).untilAsserted(() -> {
            CommandRun setup = CommandRun.of("setup", "-c", config);
            assertThat(setup.status()).as(setup.err()).isZero();
        });
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void shouldDoTheWorkOfEachRoleWithTheRightsThatTheGuideNames() throws Throwable {
        Map<String, SecuredCluster.User> users = new LinkedHashMap<>();
        Map<String, JobwatchContainer> containers = new LinkedHashMap<>();
        SecuredCluster.User consumer = cluster.user("consumer", guide.get(RightsGuide.CONSUMER));
        SecuredCluster.User reader = cluster.user("reader", guide.get("dead-letters list, show"));
        SecuredCluster.User replayer = cluster.user("replayer", guide.get("dead-letters replay"));
        spoil(TOPICS.jobStateEvents());
        spoil(TOPICS.jobErrorReports());
        Map<String, Object> consumerSettings = new HashMap<>(cluster.as(consumer));
        consumerSettings.put("group.id", LackingUsers.CONSUMER_GROUP);
        try (SimulatedEncoder encoder = new SimulatedEncoder(cluster.network(), 200, 3, 10, "--faults", "bad-items");
                SchemaRegistry registry = new HttpSchemaRegistry(HttpSchemaRegistry.urls(cluster.registry().fromHere()),
                        Map.of());
                DemoTopics told = DemoTopics.fromNow(consumerSettings, TOPICS, registry)) {
            for (String role : ROLES) {
                SecuredCluster.User user = cluster.user("the-" + role, guide.get("role " + role));
                users.put("role " + role, user);
                JobwatchContainer container = cluster.container(user, role, cluster.configInside(KafkaNode.INSIDE, APPLICATION, user, role),
                        cluster.trustStore(), "run", "-c", JobwatchContainer.CONFIG);
                containers.put(role, role.equals("query") ? container.withQueries() : container.untilRunning());
            }
            encoder.container().start();
            containers.values().forEach(JobwatchContainer::start);   // one by one: all at once would wait for each other
            await().atMost(SOON).until(() -> letters(reader, TOPICS.jobStateEvents()).size() == 1
                    && letters(reader, TOPICS.jobErrorReports()).size() == 1);
            String letter = letters(reader, TOPICS.jobStateEvents()).get(0);
            assertThat(dead(reader, "show", letter).status()).isZero();
            CommandRun replayed = dead(replayer, "replay", letter);
            assertThat(replayed.status()).as(replayed.err()).isZero();
            await("nobody can read it now either").atMost(SOON).until(() -> letters(reader, TOPICS.jobStateEvents()).size() == 2);
            await("an item of the service that is none").atMost(SOON).until(() -> dead(reader, "list", "--origin", "poll").out()
                    .contains("encoder"));
            users.putAll(Map.of("dead-letters list, show", reader, "dead-letters replay", replayer));
            assertQueriesAreAnswered(containers.get("query").queries(SecuredCluster.TOKEN), 1);
            assertNeededAndEnough(users);
            refuseEachRoleARightForAWhile(users, containers);
            await("what could not be put aside meanwhile").atMost(SOON)
                    .until(() -> letters(reader, TOPICS.jobStateEvents()).size() == 3);

            await().atMost(SOON).untilAsserted(() -> {
                told.read();
                assertThat(DemoTruth.disagreements(encoder.truth(), told.transitions(), told.reports())).isEmpty();
            });
            assertReportsAreThere(containers.get("report"), told.reports().size());
            assertQueriesAreAnswered(containers.get("query").queries(SecuredCluster.TOKEN), told.transitions().size());
            assertThat(containers.values()).allMatch(JobwatchContainer::isRunning);
            Stream.concat(containers.values().stream().map(JobwatchContainer::log), Stream.of(cluster.kafka().container().getLogs()))
                    .forEach(log -> assertThat(log).doesNotContain(cluster.secrets()));
        } finally {
            containers.forEach((role, container) -> keepLog(role, container));
            containers.values().forEach(JobwatchContainer::close);
        }
    }

    /** Nothing that was asked for was denied, and each right that the guide names was asked for: none can be spared. */
    private static void assertNeededAndEnough(Map<String, SecuredCluster.User> users) {
        List<String> audit = cluster.kafka().container().getLogs().lines().filter(line -> line.contains("Principal = User:")).toList();
        assertThat(audit).filteredOn(line -> line.contains(" is Denied ")
                && users.values().stream().anyMatch(user -> line.contains("User:" + user.name() + " "))).isEmpty();
        users.forEach((holder, user) -> {
            for (Right right : guide.get(holder)) {
                if (isAskedForHere(right)) {
                    assertThat(audit.stream().anyMatch(line ->
                            line.contains("User:" + user.name() + " is Allowed operation = " + right.operation() + " ")
                                    && line.contains(":LITERAL:" + right.name())))
                            .as("the authorizer was asked for %s of %s on %s", right.operation(), holder, right.name()).isTrue();
                }
            }
        });
    }

    /**
     * What is described leaves no trace in the log where a list is filtered by it. No alert is due while this runs, and what is kept of jobs
     * and alerts is read again only where the state was lost.
     */
    private static boolean isAskedForHere(Right right) {
        return right.operation() != AclOperation.DESCRIBE && !right.name().equals(TOPICS.jobAlerts())
                && !right.name().endsWith("-source-alerts-changelog")
                && !(right.name().endsWith("-changelog") && right.operation() == AclOperation.READ);
    }

    /** Each loses a right while it works, says so, and works on when it is given back. */
    private static void refuseEachRoleARightForAWhile(Map<String, SecuredCluster.User> users, Map<String, JobwatchContainer> containers)
            throws Throwable {
        // Written for a record that nobody can read, whether or not jobs still change.
        refuseForAWhile("process", right("role process", TOPICS.deadLetters(), AclOperation.WRITE), users, containers,
                () -> spoil(TOPICS.jobStateEvents()));
        // Each of these is needed anew within half a minute, whatever the jobs do: by a heartbeat, a fetch, and what tells that a source answers.
        refuseForAWhile("report", right("role report", APPLICATION + "-report", AclOperation.READ), users, containers, () -> { });
        refuseForAWhile("query", right("role query", TOPICS.jobStatus(), AclOperation.READ), users, containers, () -> { });
        refuseForAWhile("poll", right("role poll", TOPICS.sourceStatus(), AclOperation.WRITE), users, containers, () -> { });
        containers.forEach((role, container) -> assertThat(container.log().lines().filter(line -> line.contains("lacks a right")).count())
                .as("lines of role %s about one right", role).isBetween(1L, 40L));
    }

    private static void refuseForAWhile(String role, Right right, Map<String, SecuredCluster.User> users,
                                        Map<String, JobwatchContainer> containers, ThrowingCallable need) throws Throwable {
        SecuredCluster.User user = users.get("role " + role);
        cluster.revoke(user, right);
        need.call();
        await().atMost(SOON).untilAsserted(() -> assertThat(containers.get(role).log()).contains(
                "user " + user.name() + " lacks a right on ", right.name() + ": kafka-acls.sh", "--operation " + right.operation()));
        cluster.grant(user, right);
    }

    private static Right right(String holder, String name, AclOperation operation) {
        return guide.get(holder).stream().filter(right -> right.name().equals(name) && right.operation() == operation).findAny()
                .orElseThrow();
    }

    private static void assertReportsAreThere(JobwatchContainer reporting, int stops) {
        await().atMost(SOON).untilAsserted(() -> assertThat(reporting.execute("ls", "/var/lib/jobwatch/job-reports/encoder").lines())
                .hasSize(stops));
    }

    private static void assertQueriesAreAnswered(QueryApi queries, int jobs) throws Exception {
        await().atMost(SOON).until(() -> queries.json("/api/v1/jobs?limit=500").get("items").size() >= jobs);
        JsonNode job = queries.json("/api/v1/jobs?limit=1").get("items").get(0);
        String path = "/api/v1/jobs/" + job.get("source").asText() + "/"
                + URLEncoder.encode(job.get("jobId").asText(), StandardCharsets.UTF_8);
        assertThat(queries.json(path).get("state").asText()).isEqualTo(job.get("state").asText());
        assertThat(queries.json(path + "/explain").toString()).contains(TOPICS.jobStateEvents());
        assertThat(queries.json("/api/v1/sources").toString()).contains("encoder");
    }

    @ParameterizedTest
    @MethodSource("io.jobwatch.cli.LackingUsers#rights")
    void shouldSayWhichRightIsMissing(String holder, Right right) throws Exception {
        SecuredCluster.User user = lacking.user(holder);
        cluster.revoke(user, right);
        try {
            CommandRun refused = CommandRun.of(lacking.command(holder, user, right));

            assertThat(refused.status()).as(refused.err()).isEqualTo(1);
            assertThat(refused.err().lines()).hasSize(2);
            assertThat(refused.err()).startsWith("jobwatch: user " + user.name() + " lacks rights on the Kafka cluster")
                    .containsPattern("needs [A-Z, ]*" + right.operation() + "[A-Z, ]* on [a-z ]+ " + right.name())
                    .contains("kafka-acls.sh", "--allow-principal 'User:" + user.name() + "'", "--operation " + right.operation())
                    .doesNotContain(cluster.secrets());
        } finally {
            cluster.grant(user, right);
        }
    }

    @Test
    void shouldRefuseAConsumerWhoLacksARight() throws Exception {
        SecuredCluster.User user = cluster.user("lacking-consumer", guide.get(RightsGuide.CONSUMER));
        Map<String, Object> settings = new HashMap<>(cluster.as(user));
        settings.put("group.id", LackingUsers.CONSUMER_GROUP);
        for (Right right : guide.get(RightsGuide.CONSUMER)) {
            cluster.revoke(user, right);
            try (KafkaConsumer<byte[], byte[]> consumer =
                         new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                consumer.subscribe(List.of(TOPICS.jobTransitions(), TOPICS.jobErrorReports()));
                assertThatThrownBy(() -> consumer.poll(SOON)).isInstanceOf(AuthorizationException.class);
            }
            cluster.grant(user, right);
        }
    }

    @Test
    void shouldSayInOneLineWhyThereIsNoConnection() throws Exception {
        SecuredCluster.User user = cluster.user("connecting", guide.get("role query"));
        SecuredCluster.User wrong = new SecuredCluster.User(user.name(), "not-the-password-of-anybody");
        String[] run = {"run", "-c", JobwatchContainer.CONFIG};
        String config = cluster.configInside(KafkaNode.INSIDE, APPLICATION, user, "query");
        String otherName = cluster.configInside(KafkaNode.OTHER_HOST + ":9092", APPLICATION, user, "query");
        try (JobwatchContainer password = cluster.container(wrong, "a", config, cluster.trustStore(), run);
                JobwatchContainer authority = cluster.container(user, "b", config, cluster.wrongTrustStore(), run);
                JobwatchContainer name = cluster.container(user, "c", otherName, cluster.trustStore(), run)) {
            Startables.deepStart(password.container(), authority.container(), name.container()).join();

            assertSaysInOneLine(password, "refuses user connecting", "sasl.jaas.config");
            assertSaysInOneLine(authority, "no TLS connection to the Kafka cluster at kafka:9092", "ssl.truststore.location");
            assertSaysInOneLine(name, "no TLS connection to the Kafka cluster at other-name:9092", "kafka.bootstrap-servers");
            assertThat(password.log()).doesNotContain(wrong.password());
        }
    }

    private static void assertSaysInOneLine(JobwatchContainer container, String... parts) {
        int status = container.awaitExit(SOON);
        String log = container.log();
        assertThat(status).as(log).isEqualTo(1);
        assertThat(log.lines().filter(line -> !line.isBlank() && !line.contains("[warning][cds"))).singleElement().asString()
                .startsWith("jobwatch: ").contains(parts);
        assertThat(log).doesNotContain(cluster.secrets());
    }

    private static void keepLog(String role, JobwatchContainer container) {
        try {
            Files.writeString(Path.of("target/secured-" + role + ".log"), container.log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CommandRun dead(SecuredCluster.User user, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("dead-letters", arguments[0], "-c",
                cluster.configHere(folder, APPLICATION, user, "poll", TOPICS)));
        command.addAll(List.of(arguments).subList(1, arguments.length));
        return CommandRun.of(command.toArray(String[]::new));
    }

    /** {@return the ids of the dead letters that came from a topic} */
    private static List<String> letters(SecuredCluster.User user, String topic) throws IOException {
        CommandRun listed = dead(user, "list", "--origin", "stream", "-o", "json");
        assertThat(listed.status()).as(listed.err()).isZero();
        List<String> ids = new ArrayList<>();
        for (JsonNode item : new ObjectMapper().readTree(listed.out()).get("items")) {
            if (item.toString().contains(topic)) {
                ids.add(item.get("id").asText());
            }
        }
        return ids;
    }

    /** Writes a record that nobody can read. */
    private static void spoil(String topic) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                     new KafkaProducer<>(cluster.kafka().asAdministrator(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, 0, "encoder/none".getBytes(StandardCharsets.UTF_8), new byte[] {7})).get();
        }
    }
}
