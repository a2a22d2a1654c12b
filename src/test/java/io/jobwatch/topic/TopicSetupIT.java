package io.jobwatch.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jobwatch.embedded.EmbeddedBroker;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicSetupIT {
    @TempDir
    private static Path dataDir;
    private static EmbeddedBroker broker;
    private static Admin admin;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(dataDir, 0);
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()));
    }

    @AfterAll
    static void stopBroker() {
        admin.close();
        broker.close();
    }

    @Test
    void shouldCreateEveryTopicAsTheDesignHasIt() throws Exception {
        TopicNames names = new TopicNames("created.");

        assertThat(setup(names, 6).createAndVerify()).isEqualTo(names.all());

        Map<String, TopicDescription> found = admin.describeTopics(names.all()).allTopicNames().get();
        assertThat(found.values()).allSatisfy(topic -> assertThat(topic.partitions())
                .hasSize(topic.name().equals("created.poll-cursors") ? 32 : 6));
        for (String compacted : List.of(names.jobStatus(), names.sourceStatus(), names.pollCursors())) {
            assertThat(setting(compacted, "cleanup.policy")).as(compacted).isEqualTo("compact");
        }
        assertRetained(names.jobStateEvents(), 7);
        assertRetained(names.jobTransitions(), 30);
        assertRetained(names.jobErrorReports(), 90);
        assertRetained(names.jobAlerts(), 30);
        assertRetained(names.deadLetters(), 30);
    }

    @Test
    void shouldChangeNothingTheSecondTime() {
        TopicNames names = new TopicNames("again.");
        setup(names, 2).createAndVerify();

        assertThat(setup(names, 2).createAndVerify()).isEmpty();
        setup(names, 2).verify();
    }

    @Test
    void shouldCreateOnlyWhatIsMissing() throws Exception {
        TopicNames names = new TopicNames("some.");
        admin.createTopics(List.of(new NewTopic(names.jobStatus(), 2, (short) 1))).all().get();

        assertThat(setup(names, 2).createAndVerify()).hasSize(7).doesNotContain(names.jobStatus());
    }

    /** A first batch that was refused made a producer repeat it for 120 seconds, as the second one had been taken meanwhile. */
    @Test
    void shouldLeaveNoPartitionThatRefusesTheFirstRecord() {
        Map<String, Object> neverAgain = Map.of("bootstrap.servers", broker.bootstrapServers(), "retries", 0, "enable.idempotence", false);
        TopicNames names = new TopicNames("led.");
        setup(names, 40).createAndVerify();

        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(neverAgain, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = IntStream.range(0, 40).boxed().flatMap(partition -> names.all().stream()
                    .filter(name -> partition < 32 || !name.equals(names.pollCursors()))
                    .map(name -> producer.send(new ProducerRecord<>(name, partition, new byte[1], new byte[1])))).toList();
            assertThat(sent).allSatisfy(record -> record.get(60, TimeUnit.SECONDS));
        }
    }

    @Test
    void shouldNameTheWayToMigrateWhenTheNumberOfPartitionsDiffers() {
        TopicNames names = new TopicNames("migrate.");
        setup(names, 2).createAndVerify();

        TopicSetup other = setup(names, 3);
        assertThatThrownBy(other::createAndVerify).isInstanceOf(TopicException.class)
                .hasMessageContaining("migrate.job-state-events has 2 partitions and should have 3")
                .hasMessageContaining("Set topics.partitions to 2")
                .hasMessageContaining("in a new configuration choose another topics.prefix and application-id, and run: "
                        + "jobwatch seed -c NEW --from OLD");
        assertThatThrownBy(other::verify).isInstanceOf(TopicException.class).hasMessageContaining("Set topics.partitions to 2");
    }

    @Test
    void shouldNotSuggestAnotherNumberOfLanes() throws Exception {
        TopicNames names = new TopicNames("lanes.");
        admin.createTopics(List.of(new NewTopic(names.pollCursors(), 2, (short) 1))).all().get();

        assertThatThrownBy(() -> setup(names, 2).createAndVerify()).isInstanceOf(TopicException.class)
                .hasMessageContaining("lanes.poll-cursors has 2 partitions and should have 32").hasMessageContaining("new topics.prefix")
                .hasMessageNotContaining("topics.partitions");
    }

    @Test
    void shouldNameTheMissingTopicsAndTheCommandThatCreatesThem() {
        assertThatThrownBy(() -> setup(new TopicNames("missing."), 2).verify()).isInstanceOf(TopicException.class)
                .hasMessageContaining("missing.job-state-events, missing.job-transitions").hasMessageContaining("jobwatch setup");
    }

    @Test
    void shouldSayOnceAndClearlyThatNoBrokerAnswers() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
             Admin toNobody = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:" + silent.getLocalPort(),
                     AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 500, AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 1_000))) {
            TopicSetup setup = new TopicSetup(toNobody, TopicSpec.all(new TopicNames("nobody."), 2));

            assertThatThrownBy(setup::createAndVerify).isInstanceOf(TopicException.class)
                    .hasMessageContaining("the Kafka cluster does not answer").hasMessageContaining("kafka.bootstrap-servers");
            assertThatThrownBy(setup::verify).isInstanceOf(TopicException.class).hasMessageContaining("kafka.bootstrap-servers");
        }
    }

    private static TopicSetup setup(TopicNames names, int partitions) {
        return new TopicSetup(admin, TopicSpec.all(names, partitions));
    }

    private static void assertRetained(String topic, int days) throws Exception {
        assertThat(setting(topic, "cleanup.policy")).as(topic).isEqualTo("delete");
        assertThat(setting(topic, "retention.ms")).as(topic).isEqualTo(Long.toString(days * 86_400_000L));
    }

    private static String setting(String topic, String name) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
        return config.get(name).value();
    }
}
