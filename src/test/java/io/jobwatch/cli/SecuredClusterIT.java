package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.config.AccessToken;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.testcontainers.lifecycle.Startables;

/**
 * The application's image on a cluster with TLS, SCRAM and ACLs: every role under a user of its own, who has the rights that the guide for
 * consumers names, read from its table, and no other. Skipped where there is no Docker, unless {@code JOBWATCH_REQUIRE_DOCKER=true}.
 */
@Timeout(240)
class SecuredClusterIT {
    private static final String APPLICATION = "secured";
    private static final TopicNames TOPICS = new TopicNames("jobwatch.");
    /** Whose topics are there. */
    private static final String LACKING = "lacking";
    /** Whose topics are not. */
    private static final String LACKING_NEW = "lacking-new";
    private static final TopicNames NEW = new TopicNames("new.");
    private static final Map<String, SecuredCluster.User> LACKING_USERS = new HashMap<>();
    private static final String CONSUMER_GROUP = "someone-elses";
    private static final String TOKEN = "a-token-that-opens-the-queries-of-the-secured-one";
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final List<String> ROLES = List.of("poll", "process", "report", "query");

    @TempDir
    private static Path folder;
    private static SecuredCluster cluster;
    private static Map<String, List<Right>> guide;

    @BeforeAll
    static void start() throws Exception {
        DockerEngine.require(SecuredClusterIT.class);
        guide = guide(APPLICATION, TOPICS);
        cluster = new SecuredCluster(folder);
        SecuredCluster.User installer = cluster.user("installer", guide.get("setup"));
        CommandRun setup = CommandRun.of("setup", "-c", configHere(APPLICATION, installer, "poll", TOPICS));
        assertThat(setup.status()).as(setup.err()).isZero();
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static Map<String, List<Right>> guide(String application, TopicNames topics) throws IOException {
        return new RightsGuide(application, topics).rows(CONSUMER_GROUP, List.of(topics.jobTransitions(), topics.jobErrorReports()));
    }

    @Test
    void shouldDoTheWorkOfEachRoleWithTheRightsThatTheGuideNames() throws Exception {
        Map<String, SecuredCluster.User> users = new LinkedHashMap<>();
        Map<String, JobwatchContainer> containers = new LinkedHashMap<>();
        SecuredCluster.User consumer = cluster.user("consumer", guide.get(RightsGuide.CONSUMER));
        SecuredCluster.User reader = cluster.user("reader", guide.get("dead-letters list, show"));
        SecuredCluster.User replayer = cluster.user("replayer", guide.get("dead-letters replay"));
        try (SimulatedEncoder encoder = new SimulatedEncoder(cluster.network(), 150, 3, 10, "--faults", "bad-items");
                SchemaRegistry registry = new HttpSchemaRegistry(HttpSchemaRegistry.urls(cluster.registry().fromHere()),
                        Map.of())) {
            for (String role : ROLES) {
                SecuredCluster.User user = cluster.user("the-" + role, guide.get("role " + role));
                users.put("role " + role, user);
                JobwatchContainer container = cluster.container(user, role, configInside(KafkaNode.INSIDE, user, role),
                        cluster.trustStore(), "run", "-c", JobwatchContainer.CONFIG);
                containers.put(role, role.equals("query") ? container.withQueries() : container);
            }
            Startables.deepStart(Stream.concat(Stream.of(encoder.container()), containers.values().stream())
                    .map(JobwatchContainer::container)).join();
            spoil(TOPICS.jobStateEvents());
            CommandRun listed = dead(reader, "list", "-o", "json");
            assertThat(listed.status()).as(listed.err()).isZero();
            await().atMost(SOON).until(() -> dead(reader, "list").out().contains("0:0"));
            assertThat(dead(reader, "show", "0:0").status()).isZero();
            CommandRun replayed = dead(replayer, "replay", "0:0");
            assertThat(replayed.status()).as(replayed.err()).isZero();
            await().atMost(SOON).until(() -> dead(reader, "list").out().contains("0:3"));   // the note, a mark, and the letter that it became

            spoil(TOPICS.jobErrorReports());
            await().atMost(SOON).until(() -> dead(reader, "list", "--reason", "malformed-value").out().contains(TOPICS.jobErrorReports()));
            users.putAll(Map.of("dead-letters list, show", reader, "dead-letters replay", replayer));
            assertNeededAndEnough(users);
            refuseEachRoleARightForAWhile(users, containers);

            Map<String, Object> consumerSettings = new HashMap<>(cluster.as(consumer));
            consumerSettings.put("group.id", CONSUMER_GROUP);
            try (DemoTopics told = DemoTopics.fromTheBeginning(consumerSettings, TOPICS, registry)) {
                await().atMost(Duration.ofSeconds(90)).untilAsserted(() -> {
                    told.read();
                    assertThat(DemoTruth.disagreements(encoder.truth(), told.transitions(), told.reports())).isEmpty();
                });
                assertReportsAreThere(containers.get("report"), told.reports().size());
                assertQueriesAreAnswered(containers.get("query").queries(TOKEN), told.transitions().size());
            }
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
                // What is described is usually asked for without a trace in this log, and implied by READ and WRITE.
                if (right.operation() != AclOperation.DESCRIBE) {
                    assertThat(audit).as("%s of %s on %s", right.operation(), holder, right.name()).anyMatch(line ->
                            line.contains("User:" + user.name() + " is Allowed operation = " + right.operation() + " ")
                                    && line.contains(":LITERAL:" + right.name()));
                }
            }
        });
    }

    /** Each loses a right while it works, says so, and works on when it is given back. */
    private static void refuseEachRoleARightForAWhile(Map<String, SecuredCluster.User> users, Map<String, JobwatchContainer> containers)
            throws Exception {
        Map<String, Right> lost = Map.of(
                "poll", right("role poll", TOPICS.jobStateEvents(), AclOperation.WRITE),
                "process", right("role process", TOPICS.jobTransitions(), AclOperation.WRITE),
                "report", right("role report", APPLICATION + "-report", AclOperation.READ),
                "query", right("role query", TOPICS.jobStatus(), AclOperation.READ));
        for (Map.Entry<String, Right> each : lost.entrySet()) {
            cluster.revoke(users.get("role " + each.getKey()), each.getValue());
        }
        for (Map.Entry<String, Right> each : lost.entrySet()) {
            String user = users.get("role " + each.getKey()).name();
            await().atMost(SOON).untilAsserted(() -> assertThat(containers.get(each.getKey()).log())
                    .contains("user " + user + " lacks a right on ", each.getValue().name() + ": kafka-acls.sh",
                            "--operation " + each.getValue().operation()));
            cluster.grant(users.get("role " + each.getKey()), each.getValue());
        }
        containers.forEach((role, container) -> assertThat(container.log().lines().filter(line -> line.contains("lacks a right")).count())
                .as("lines of role %s about one right", role).isBetween(1L, 40L));
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
        await().atMost(SOON).until(() -> {
            int found = 0;
            for (JsonNode byState : queries.json("/api/v1/summary").findValues("count")) {
                found += byState.asInt();
            }
            return found >= jobs;
        });
        JsonNode job = queries.json("/api/v1/jobs?limit=1").get("items").get(0);
        String path = "/api/v1/jobs/" + job.get("source").asText() + "/"
                + URLEncoder.encode(job.get("jobId").asText(), StandardCharsets.UTF_8);
        assertThat(queries.json(path).get("state").asText()).isEqualTo(job.get("state").asText());
        assertThat(queries.json(path + "/explain").toString()).contains("ADVANCED");
        assertThat(queries.json("/api/v1/sources").toString()).contains("encoder");
    }

    @ParameterizedTest
    @MethodSource("rights")
    void shouldSayWhichRightIsMissing(String holder, Right right) throws Exception {
        SecuredCluster.User user = lacking(holder);
        cluster.revoke(user, right);
        try {
            CommandRun refused = CommandRun.of(command(holder, user, right.operation() == AclOperation.CREATE));

            assertThat(refused.status()).as(refused.err()).isEqualTo(1);
            assertThat(refused.err().lines()).hasSize(2);
            assertThat(refused.err()).startsWith("jobwatch: user " + user.name() + " lacks rights on the Kafka cluster")
                    .containsPattern("needs [A-Z, ]*" + right.operation() + "[A-Z, ]* on [a-z ]+ " + right.name())
                    .contains("kafka-acls.sh", "--allow-principal User:" + user.name(), "--operation " + right.operation())
                    .doesNotContain(cluster.secrets());
        } finally {
            cluster.grant(user, right);
        }
    }

    /** Each right of the guide's table but the consumer's, and but what another one implies. */
    static Stream<Arguments> rights() throws IOException {
        return guide(LACKING, TOPICS).entrySet().stream().filter(row -> !row.getKey().equals(RightsGuide.CONSUMER))
                .flatMap(row -> row.getValue().stream().filter(right -> !implied(right, row.getValue()))
                        .map(right -> right.operation() == AclOperation.CREATE ? ofWhatIsNotThere(right) : right)
                        .map(right -> Arguments.of(row.getKey(), right)));
    }

    private static boolean implied(Right right, List<Right> all) {
        return right.operation() == AclOperation.DESCRIBE && all.stream().anyMatch(other -> other.name().equals(right.name())
                && (other.operation() == AclOperation.READ || other.operation() == AclOperation.WRITE));
    }

    /** To create a topic is a right that nobody needs once it is there. */
    private static Right ofWhatIsNotThere(Right right) {
        return new Right(right.holder(), right.type(), right.name().replace(LACKING, LACKING_NEW).replace(TOPICS.prefix(), NEW.prefix()),
                right.pattern(), right.operation());
    }

    private static SecuredCluster.User lacking(String holder) throws Exception {
        if (!LACKING_USERS.containsKey(holder)) {
            Set<Right> all = new LinkedHashSet<>(guide(LACKING, TOPICS).get(holder));
            all.addAll(guide(LACKING_NEW, holder.equals("setup") ? NEW : TOPICS).get(holder));
            LACKING_USERS.put(holder, cluster.user("lacking-" + LACKING_USERS.size(), all));
            for (Right right : all) {
                if (right.name().startsWith(LACKING + "-") && right.operation() == AclOperation.CREATE) {
                    cluster.create(right.name());
                }
            }
        }
        return LACKING_USERS.get(holder);
    }

    private static String[] command(String holder, SecuredCluster.User user, boolean nothingThere) throws IOException {
        String application = nothingThere ? LACKING_NEW : LACKING;
        String role = holder.startsWith("role ") ? holder.substring("role ".length()) : "poll";
        String config = configHere(application, user, role, nothingThere && holder.equals("setup") ? NEW : TOPICS);
        return switch (holder) {
            case "setup" -> new String[] {"setup", "-c", config};
            case "dead-letters list, show" -> new String[] {"dead-letters", "list", "-c", config};
            case "dead-letters replay" -> new String[] {"dead-letters", "replay", "--all", "-c", config};
            default -> new String[] {"run", "-c", config};
        };
    }

    @Test
    void shouldRefuseAConsumerWhoLacksARight() throws Exception {
        SecuredCluster.User user = cluster.user("lacking-consumer", guide.get(RightsGuide.CONSUMER));
        Map<String, Object> settings = new HashMap<>(cluster.as(user));
        settings.put("group.id", CONSUMER_GROUP);
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
        try (JobwatchContainer password = cluster.container(wrong, "a", configInside(KafkaNode.INSIDE, user, "query"), cluster.trustStore(),
                run);
                JobwatchContainer authority = cluster.container(user, "b", configInside(KafkaNode.INSIDE, user, "query"),
                        cluster.wrongTrustStore(), run);
                JobwatchContainer name = cluster.container(user, "c", configInside(KafkaNode.OTHER_HOST + ":9092", user, "query"),
                        cluster.trustStore(), run)) {
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
        List<String> command = new ArrayList<>(List.of("dead-letters", arguments[0], "-c", configHere(APPLICATION, user, "poll",
                TOPICS)));
        command.addAll(List.of(arguments).subList(1, arguments.length));
        return CommandRun.of(command.toArray(String[]::new));
    }

    /** Writes a record that nobody can read. */
    private static void spoil(String topic) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                     new KafkaProducer<>(cluster.kafka().asAdministrator(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, 0, "encoder/none".getBytes(StandardCharsets.UTF_8), new byte[] {7})).get();
        }
    }

    private static String configInside(String bootstrapServers, SecuredCluster.User user, String role) {
        return cluster.kafkaSection(bootstrapServers, user) + """
                application-id: %s
                data-dir: /var/lib/jobwatch
                roles: [%s]
                topics: {prefix: "jobwatch.", partitions: 1}
                sources:
                  - {name: encoder, type: ams-v2, url: "%s", account: contoso, poll-interval: 500ms, start-from: all}
                query:
                  host: 0.0.0.0
                  auth: {type: bearer, tokens: [{name: test, sha256: "%s"}]}
                """.formatted(APPLICATION, role, SimulatedEncoder.URL, AccessToken.of("test", TOKEN).sha256());
    }

    private static String configHere(String application, SecuredCluster.User user, String role, TopicNames topics)
            throws IOException {
        return Files.writeString(folder.resolve(application + "-" + user.name() + ".yaml"), cluster.kafkaSectionHere(user) + """
                application-id: %s
                data-dir: %s
                roles: [%s]
                topics: {prefix: "%s", partitions: 1}
                sources:
                  - {name: encoder, type: ams-v2, url: "http://127.0.0.1:1/api", account: contoso}
                query: {port: 0}
                """.formatted(application, folder.resolve("data-" + user.name()), role, topics.prefix())).toString();
    }
}
