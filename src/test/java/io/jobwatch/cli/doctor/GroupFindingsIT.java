package io.jobwatch.cli.doctor;

import static io.jobwatch.cli.doctor.Findings.kinds;
import static io.jobwatch.cli.doctor.Findings.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.topic.access.Right;
import io.jobwatch.topic.access.Rights;
import io.jobwatch.topic.access.RightsCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with groups, their lag and transactions, on a real broker. */
class GroupFindingsIT {
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final InstantSource NOW = InstantSource.system();
    private static final List<Cluster> CLUSTERS = new ArrayList<>();

    @TempDir
    private static Path folder;
    private static DoctorCluster brokers;

    @BeforeAll
    static void start() throws Exception {
        brokers = DoctorCluster.start(folder, 1);
    }

    @AfterAll
    static void stop() {
        CLUSTERS.forEach(Cluster::close);
        brokers.close();
    }

    @Test
    void shouldFindARoleThatNobodyHas() throws Exception {
        Deployment alone = brokers.setUp(brokers.deployment("alone", "roles: [process, report]"));

        Result result = judge(new GroupsWatch(alone, cluster(alone)), 2);

        assertThat(kinds(result)).containsExactly(Ailment.NO_MEMBERS, Ailment.NO_MEMBERS);
        assertThat(only(result, Ailment.NO_MEMBERS, "group alone").expected()).isEqualTo("an instance with the role process");
    }

    /** A member that does not poll keeps the others waiting for as long as max.poll.interval.ms lets it. */
    @Test
    void shouldFindARebalanceThatAMemberHoldsUp() throws Exception {
        Deployment stuck = brokers.setUp(brokers.deployment("stuck", "roles: [report]"));
        AtomicBoolean ending = new AtomicBoolean();
        KafkaConsumer<byte[], byte[]> hung = member("stuck-report");
        KafkaConsumer<byte[], byte[]> other = member("stuck-report");
        try {
            hung.subscribe(List.of("stuck.job-error-reports"));
            Awaitility.await().atMost(WITHIN).until(() -> {
                hung.poll(Duration.ofMillis(100));
                return !hung.assignment().isEmpty();
            });
            GroupsWatch watch = new GroupsWatch(stuck, cluster(stuck));
            assertThat(watch.judge(List.of(watch.look())).findings()).as("while all is well").isEmpty();
            Thread joining = new Thread(() -> {
                other.subscribe(List.of("stuck.job-error-reports"));
                try {
                    while (!ending.get()) {
                        other.poll(Duration.ofMillis(100));
                    }
                } catch (WakeupException e) {
                    ending.set(true);
                }
            });
            joining.start();
            try {
                Awaitility.await().atMost(WITHIN).until(() -> watch.look().get("stuck-report").state() == GroupState.PREPARING_REBALANCE);

                Finding finding = only(judge(watch, 3), Ailment.STUCK_REBALANCE);

                assertThat(finding.found()).startsWith("PreparingRebalance at 3 looks in a row");
                assertThat(finding.remedy()).contains("--describe --members --group stuck-report");
            } finally {
                ending.set(true);
                other.wakeup();
                joining.join();
            }
        } finally {
            // Leaving would wait for the rebalance that nothing ends.
            other.close(CloseOptions.timeout(Duration.ZERO));
            hung.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    @Test
    void shouldFindAGroupOfTheStreamsProtocolThatIsNotReady() throws Exception {
        Deployment streams = brokers.deployment("unready", "roles: [process]", "process: {properties: {group.protocol: streams}}");
        Properties settings = new Properties();
        settings.putAll(brokers.kafka());
        settings.putAll(Map.of(StreamsConfig.APPLICATION_ID_CONFIG, "unready", StreamsConfig.STATE_DIR_CONFIG,
                folder.resolve("state").toString(), StreamsConfig.GROUP_PROTOCOL_CONFIG, "streams",
                StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class,
                StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class));
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream("unready.job-state-events").foreach((key, value) -> { });   // the topic is not there
        try (KafkaStreams topology = new KafkaStreams(builder.build(), settings)) {
            topology.setUncaughtExceptionHandler(failure -> StreamThreadExceptionResponse.REPLACE_THREAD);
            topology.start();
            GroupsWatch watch = new GroupsWatch(streams, cluster(streams));
            Awaitility.await().dontCatchUncaughtExceptions().atMost(WITHIN)
                    .until(() -> watch.look().get("unready").state() == GroupState.NOT_READY);

            assertThat(only(watch.judge(List.of(watch.look(), watch.look())), Ailment.STUCK_REBALANCE).found())
                    .startsWith("NotReady at 2 looks in a row");
            assertThatItsRightsAreTold();
        }
    }

    /** It answers to no question for consumer groups. */
    private static void assertThatItsRightsAreTold() throws Exception {
        brokers.admin().createAcls(List.of(describe(ResourceType.GROUP, "unready"),
                describe(ResourceType.TOPIC, "unready.job-state-events"))).all().get();
        Deployment alice = brokers.as("alice", "unready", "roles: [process]");
        RightsCheck check = new RightsCheck(cluster(alice).admin());

        Awaitility.await().atMost(WITHIN).untilAsserted(() -> assertThat(check.ask(Rights.of(alice.config())).missing())
                .hasEntrySatisfying(Right.onGroup("role process", "unready", AclOperation.READ),
                        found -> assertThat(found).isEqualTo("this user may only DESCRIBE")));
    }

    private static AclBinding describe(ResourceType type, String name) {
        return new AclBinding(new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry("User:alice", "*", AclOperation.DESCRIBE, AclPermissionType.ALLOW));
    }

    @Test
    void shouldTellStandingStillFromFallingBehindAndCatchingUp() throws Exception {
        Deployment lag = brokers.setUp(brokers.deployment("lag"));
        TopicPartition events = new TopicPartition("lag.job-state-events", 0);
        long anHourAgo = System.currentTimeMillis() - 3_600_000;
        brokers.send(records(events, 50, anHourAgo));
        commit("lag", events, 10);
        LagWatch watch = new LagWatch(lag, cluster(lag), NOW);

        LagWatch.Look first = watch.look();
        assertThat(only(watch.judge(List.of(first, watch.look())), Ailment.STANDS_STILL)).satisfies(still -> {
            assertThat(still.severity()).isEqualTo(Severity.FAIL);
            assertThat(still.subject()).isEqualTo("group lag");
            assertThat(still.found()).contains("40 records wait at the most", "the first for 1 h", "lag.job-state-events-0");
        });

        commit("lag", events, 40);
        assertThat(only(watch.judge(List.of(first, watch.look())), Ailment.CATCHING_UP)).satisfies(less -> {
            assertThat(less.severity()).isEqualTo(Severity.WARN);
            assertThat(less.found()).contains("10 records wait", "done in about");
        });

        brokers.send(records(events, 100, anHourAgo));
        assertThat(only(watch.judge(List.of(first, watch.look())), Ailment.FALLS_BEHIND).found()).contains("110 records wait");

        commit("lag", events, brokers.end(events));
        assertThat(watch.judge(List.of(first, watch.look())).findings()).as("all is done").isEmpty();
    }

    @Test
    void shouldFindWhatRetentionTookAndACommitBeyondTheEnd() throws Exception {
        Deployment lost = brokers.setUp(brokers.deployment("lost"));
        TopicPartition expired = new TopicPartition("lost.job-state-events", 0);
        TopicPartition recreated = new TopicPartition("lost.job-error-reports", 1);
        brokers.send(records(expired, 20, System.currentTimeMillis()));
        commit("lost", expired, 5);
        commit("lost-report", recreated, 1000);
        brokers.admin().deleteRecords(Map.of(expired, RecordsToDelete.beforeOffset(12))).all().get();

        Result result = judge(new LagWatch(lost, cluster(lost), NOW), 2);

        assertThat(kinds(result)).containsExactlyInAnyOrder(Ailment.OFFSET_EXPIRED, Ailment.OFFSET_BEYOND_END);
        assertThat(only(result, Ailment.OFFSET_EXPIRED).found()).contains("at offset 5", "everything before 12");
        assertThat(only(result, Ailment.OFFSET_BEYOND_END)).satisfies(finding -> {
            assertThat(finding.subject()).isEqualTo("group lost-report");
            assertThat(finding.found()).contains("committed 1000", "ends at 0");
        });
    }

    @Test
    void shouldFindATransactionThatNobodyEnds() throws Exception {
        Deployment held = brokers.setUp(brokers.deployment("held"));
        TopicPartition partition = new TopicPartition("held.job-status", 1);
        try (KafkaProducer<byte[], byte[]> producer = brokers.producer(Map.of("transactional.id", "held-lane-3", "transaction.timeout.ms",
                600_000))) {
            producer.initTransactions();
            producer.beginTransaction();
            records(partition, 3, System.currentTimeMillis()).forEach(producer::send);
            producer.flush();

            assertThat(judge(new TransactionsWatch(held, cluster(held), NOW), 2).findings()).as("it has just begun").isEmpty();
            InstantSource later = () -> Instant.now().plus(Duration.ofMinutes(5));
            Finding finding = only(judge(new TransactionsWatch(held, cluster(held), later), 2), Ailment.HANGING_TRANSACTION);

            assertThat(finding.severity()).isEqualTo(Severity.FAIL);
            assertThat(finding.subject()).isEqualTo("held.job-status-1");
            assertThat(finding.found()).contains("a transaction of held-lane-3 has been open for 5 min", "wait at offset 0");
            assertThat(finding.remedy()).contains("kafka-transactions.sh --bootstrap-server " + brokers.bootstrap()
                    + " abort --topic held.job-status --partition 1 --start-offset 0");

            producer.abortTransaction();
            // The coordinator answers before it has written to the partition that the transaction has ended.
            TransactionsWatch watch = new TransactionsWatch(held, cluster(held), later);
            Awaitility.await("it has ended").atMost(WITHIN).untilAsserted(() -> assertThat(judge(watch, 1).findings()).isEmpty());
        }
    }

    private static Cluster cluster(Deployment deployment) {
        Cluster cluster = Cluster.of(deployment);
        CLUSTERS.add(cluster);
        return cluster;
    }

    private static <T> Result judge(Watch<T> watch, int count) throws Exception {
        List<T> looks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            looks.add(watch.look());
        }
        return watch.judge(looks);
    }

    private static List<ProducerRecord<byte[], byte[]>> records(TopicPartition partition, int count, long timestamp) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(new ProducerRecord<>(partition.topic(), partition.partition(), timestamp, new byte[] {1}, new byte[] {2}));
        }
        return records;
    }

    private static void commit(String group, TopicPartition partition, long offset) throws Exception {
        brokers.admin().alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(offset))).all().get();
    }

    private static KafkaConsumer<byte[], byte[]> member(String group) {
        Map<String, Object> settings = new HashMap<>(brokers.kafka());
        settings.put("group.id", group);
        settings.put("group.protocol", "classic");
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
