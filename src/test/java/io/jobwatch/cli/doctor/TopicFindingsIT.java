package io.jobwatch.cli.doctor;

import static io.jobwatch.cli.doctor.Findings.kinds;
import static io.jobwatch.cli.doctor.Findings.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.topic.access.Right;
import io.jobwatch.topic.access.Rights;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with topics and with rights, on a real broker with access control. */
class TopicFindingsIT {
    @TempDir
    private static Path folder;
    private static DoctorCluster brokers;

    @BeforeAll
    static void start() throws Exception {
        brokers = DoctorCluster.start(folder, 1);
    }

    @AfterAll
    static void stop() {
        brokers.close();
    }

    @Test
    void shouldFindNothingWrongWithTopicsAsSetupMakesThem() throws Exception {
        Deployment fine = brokers.setUp(brokers.deployment("fine"));

        assertThat(topics(fine).findings()).isEmpty();
        assertThat(replication(fine).findings()).isEmpty();
        assertThat(rights(fine).findings()).isEmpty();
        assertThat(internal(fine)).satisfies(result -> {
            assertThat(result.findings()).isEmpty();
            assertThat(result.summary()).contains("not made yet");
        });
    }

    @Test
    void shouldFindAMissingTopicAndOneWithAnotherNumberOfPartitions() throws Exception {
        Deployment broken = brokers.setUp(brokers.deployment("broken"));
        brokers.admin().deleteTopics(List.of("broken.job-alerts")).all().get();
        brokers.admin().createPartitions(Map.of("broken.job-status", NewPartitions.increaseTo(5),
                "broken.poll-cursors", NewPartitions.increaseTo(33))).all().get();
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> kinds(topics(broken)).size() == 3);

        Result result = topics(broken);

        assertThat(only(result, Ailment.TOPIC_MISSING)).satisfies(missing -> {
            assertThat(missing.subject()).isEqualTo("broken.job-alerts");
            assertThat(missing.remedy()).startsWith("jobwatch setup -c FILE");
            assertThat(missing.severity()).isEqualTo(Severity.FAIL);
        });
        assertThat(only(result, Ailment.PARTITION_COUNT, "broken.job-status")).satisfies(count -> {
            assertThat(count.found()).startsWith("5 partitions");
            assertThat(count.expected()).isEqualTo("2, by topics.partitions");
        });
        assertThat(only(result, Ailment.PARTITION_COUNT, "broken.poll-cursors").expected()).isEqualTo("32, always");
    }

    @Test
    void shouldFindEachSettingThatIsNotAsItShouldBe() throws Exception {
        Deployment set = brokers.setUp(brokers.deployment("set"));
        alter("set.job-status", Map.of("cleanup.policy", "delete"));
        alter("set.job-transitions", Map.of("retention.ms", "3600000", "retention.bytes", "1000000"));
        alter("set.job-error-reports", Map.of("retention.ms", "-1", "compression.type", "gzip"));
        alter("set.job-state-events", Map.of("max.message.bytes", "100000", "message.timestamp.type", "LogAppendTime"));
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> topics(set).findings().size() >= 7);

        Result result = topics(set);

        assertThat(kinds(result)).containsOnly(Ailment.TOPIC_SETTING);
        assertThat(result.findings()).extracting(finding -> finding.severity() + " " + finding.subject() + " " + finding.found())
                .containsExactlyInAnyOrder(
                        "FAIL set.job-status cleanup.policy is delete: what is known of a job is removed after a time",
                        "WARN set.job-transitions retention.ms is 3600000: records are removed before their time",
                        "WARN set.job-transitions retention.bytes is 1000000: records may be removed before their time",
                        "WARN set.job-error-reports retention.ms is -1: records are kept longer than they are needed",
                        "WARN set.job-error-reports compression.type is gzip: the brokers compress anew what the producers sent",
                        "FAIL set.job-state-events max.message.bytes is 100000: a large record is refused, and the role that writes it "
                                + "fails again and again",
                        "FAIL set.job-state-events message.timestamp.type is LogAppendTime: the time of a record is to be that of what it "
                                + "tells");
        assertThat(result.findings().get(0).remedy()).contains("kafka-configs.sh --bootstrap-server " + brokers.bootstrap()
                + " --alter --entity-type topics --entity-name ");
    }

    @Test
    void shouldFindChangelogsThatAreNotWhatStreamsNeeds() throws Exception {
        Deployment begun = brokers.setUp(brokers.deployment("begun"));
        brokers.admin().alterConsumerGroupOffsets("begun", Map.of(new TopicPartition("begun.job-state-events", 0),
                new OffsetAndMetadata(0))).all().get();
        assertThat(internal(begun).findings()).hasSize(2).allSatisfy(finding -> {
            assertThat(finding.ailment()).isEqualTo(Ailment.INTERNAL_TOPIC_MISSING);
            assertThat(finding.severity()).isEqualTo(Severity.FAIL);
        });
        brokers.admin().createTopics(List.of(
                new NewTopic("begun-job-status-changelog", Optional.of(3), Optional.empty()).configs(Map.of("cleanup.policy", "compact")),
                new NewTopic("begun-source-alerts-changelog", Optional.of(2), Optional.empty())
                        .configs(Map.of("cleanup.policy", "delete"))))
                .all().get();
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !kinds(internal(begun)).contains(Ailment.INTERNAL_TOPIC_MISSING));

        Result result = internal(begun);

        assertThat(only(result, Ailment.INTERNAL_TOPIC_PARTITIONS).found()).startsWith("3 partitions");
        assertThat(only(result, Ailment.INTERNAL_TOPIC_NOT_COMPACTED).subject()).isEqualTo("begun-source-alerts-changelog");
    }

    @Test
    void shouldNameTheMissingRightsAndTheCommandThatGivesThem() throws Exception {
        brokers.setUp(brokers.deployment("rights"));
        Deployment alice = brokers.as("alice", "rights");
        assertThat(kinds(rights(alice))).as("nothing was given").isNotEmpty().containsOnly(Ailment.MISSING_RIGHT);
        Set<AclBinding> given = new HashSet<>();
        for (Right right : Rights.of(alice.config())) {
            given.add(acl("alice", right.type(), right.name(), right.operation(), right.pattern()));
        }
        brokers.admin().createAcls(given).all().get();
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(rights(alice).findings()).isEmpty());

        List<AclBinding> taken = List.of(
                acl("alice", ResourceType.TOPIC, "rights.job-transitions", AclOperation.WRITE, PatternType.LITERAL),
                acl("alice", ResourceType.TRANSACTIONAL_ID, "rights-lane-", AclOperation.WRITE, PatternType.PREFIXED),
                acl("alice", ResourceType.TRANSACTIONAL_ID, "rights-", AclOperation.WRITE, PatternType.PREFIXED),
                acl("alice", ResourceType.GROUP, "rights-report", AclOperation.READ, PatternType.LITERAL),
                acl("alice", ResourceType.TOPIC, "rights-job-status-changelog", AclOperation.CREATE, PatternType.LITERAL));
        brokers.admin().deleteAcls(taken.stream().map(AclBinding::toFilter).toList()).all().get();
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(rights(alice).findings()).hasSize(5));

        Result result = rights(alice);
        String give = "kafka-acls.sh --bootstrap-server " + brokers.saslBootstrap()
                + " --command-config client.properties --add --allow-principal 'User:alice' ";
        assertThat(result.findings()).extracting(Finding::remedy).containsExactlyInAnyOrder(
                give + "--operation WRITE --topic rights.job-transitions (by an administrator)",
                give + "--operation WRITE --resource-pattern-type prefixed --transactional-id rights-lane- (by an administrator)",
                give + "--operation WRITE --resource-pattern-type prefixed --transactional-id rights- (by an administrator)",
                give + "--operation READ --group rights-report (by an administrator)",
                give + "--operation CREATE --topic rights-job-status-changelog (by an administrator)");
        assertThat(only(result, Ailment.MISSING_RIGHT, "topic rights.job-transitions")).satisfies(finding -> {
            assertThat(finding.found()).contains("READ").doesNotContain("WRITE");
            assertThat(finding.expected()).isEqualTo("WRITE for the role process");
        });
    }

    /** With the least rights of a role, what else there is to be looked at is not known, which is said, with the right that is missing. */
    @Test
    void shouldSayWhereThisUserMayNotLook() throws Exception {
        brokers.setUp(brokers.deployment("denied"));
        Deployment bob = brokers.as("bob", "denied");
        List<AclBinding> describe = new ArrayList<>();
        bob.topics().all().forEach(topic -> describe.add(
                acl("bob", ResourceType.TOPIC, topic, AclOperation.DESCRIBE, PatternType.LITERAL)));
        assertThat(topics(bob).findings()).hasSize(8).allSatisfy(finding -> {
            assertThat(finding.ailment()).isEqualTo(Ailment.LOOK_DENIED);
            assertThat(finding.expected()).isEqualTo("DESCRIBE on the topic " + finding.subject());
        });
        brokers.admin().createAcls(describe).all().get();
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(topics(bob).findings()).hasSize(1));

        assertThat(only(topics(bob), Ailment.LOOK_DENIED).expected())
                .startsWith("DESCRIBE_CONFIGS on the settings of denied.job-state-events");
        assertThat(kinds(replication(bob))).containsOnly(Ailment.LOOK_DENIED);
        List<Examined> told = new ArrayList<>();
        try (Cluster cluster = Cluster.of(bob)) {
            new Doctor(subject -> { }, told::add).watch(List.of(new GroupsWatch(bob, cluster)), 2, left -> { });
        }
        assertThat(told).singleElement().satisfies(groups -> {
            assertThat(groups.state()).isEqualTo(Examined.State.WARN);
            assertThat(groups.findings()).extracting(Finding::expected).containsExactly("DESCRIBE on the group denied-poll",
                    "DESCRIBE on the group denied", "DESCRIBE on the group denied-report");
        });
    }

    private static Result topics(Deployment deployment) throws Exception {
        try (Cluster cluster = Cluster.of(deployment)) {
            return new TopicsExamination(deployment, cluster).examine();
        }
    }

    private static Result internal(Deployment deployment) throws Exception {
        try (Cluster cluster = Cluster.of(deployment)) {
            return new InternalTopicsExamination(deployment, cluster).examine();
        }
    }

    private static Result replication(Deployment deployment) throws Exception {
        try (Cluster cluster = Cluster.of(deployment)) {
            return new ReplicationExamination(deployment, cluster).examine();
        }
    }

    private static Result rights(Deployment deployment) throws Exception {
        try (Cluster cluster = Cluster.of(deployment)) {
            return new RightsExamination(deployment, cluster).examine();
        }
    }

    private static AclBinding acl(String user, ResourceType type, String name, AclOperation operation, PatternType pattern) {
        return new AclBinding(new ResourcePattern(type, name, pattern),
                new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
    }

    private static void alter(String topic, Map<String, String> settings) throws Exception {
        List<AlterConfigOp> operations = settings.entrySet().stream()
                .map(each -> new AlterConfigOp(new ConfigEntry(each.getKey(), each.getValue()), AlterConfigOp.OpType.SET)).toList();
        brokers.admin().incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), operations)).all().get();
    }
}
