package io.jobwatch.cli.doctor;

import static io.jobwatch.cli.doctor.Findings.kinds;
import static io.jobwatch.cli.doctor.Findings.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.config.TestKeys;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with brokers, on two of them, and with the way to them. */
class BrokerFindingsIT {
    @TempDir
    private static Path folder;
    private static DoctorCluster brokers;

    @BeforeAll
    static void start() throws Exception {
        brokers = DoctorCluster.start(folder, 2);
    }

    @AfterAll
    static void stop() {
        brokers.close();
    }

    @Test
    void shouldTellWhyTheBrokersDoNotAnswer() throws Exception {
        String registry = "schema-registry: {url: \"http://127.0.0.1:9\"}";
        Deployment fine = brokers.as("alice", "reach", registry);
        assertThat(new ReachExamination(fine).examine().findings()).isEmpty();

        Deployment stranger = brokers.withPassword("alice", "a-wrong-password", "reach", registry);
        Finding refused = only(new ReachExamination(stranger).examine(), Ailment.BROKER_REFUSES_CREDENTIALS);
        assertThat(refused.found()).contains("refuse this user").doesNotContain("a-wrong-password");

        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            String yaml = "kafka: {bootstrap-servers: \"127.0.0.1:" + silent.getLocalPort() + "\"";
            assertThat(only(new ReachExamination(brokers.with("reach", yaml + "}", registry)).examine(), Ailment.BROKER_UNREACHABLE)
                    .found()).startsWith("no answer with security.protocol PLAINTEXT");
        }
        TestKeys keys = TestKeys.make(folder, "foreign", "EC");
        try (ServerSocket tls = keys.server().getServerSocketFactory().createServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> Handshakes.take(tls));
            server.setDaemon(true);
            server.start();
            Deployment distrusting = brokers.with("reach", "kafka: {bootstrap-servers: \"127.0.0.1:" + tls.getLocalPort()
                    + "\", properties: {security.protocol: SSL}}", registry);

            assertThat(only(new ReachExamination(distrusting).examine(), Ailment.BROKER_TLS).remedy()).contains("ssl.truststore.location");
        }
    }

    @Test
    void shouldFindWhatABrokerThatIsGoneTakesWithIt() throws Exception {
        Deployment pair = brokers.deployment("pair", "schema-registry: {url: \"http://127.0.0.1:9\"}");
        Map<Integer, List<Integer>> onBoth = Map.of(0, List.of(1, 2), 1, List.of(1, 2));
        brokers.admin().createTopics(List.of(
                new NewTopic("pair.job-state-events", onBoth),
                new NewTopic("pair.job-status", onBoth).configs(Map.of("min.insync.replicas", "2")),
                // One copy is written to all the same: a broker asks for no more copies than there are (KAFKA-15583).
                new NewTopic("pair.job-alerts", Map.of(0, List.of(2), 1, List.of(1))).configs(Map.of("min.insync.replicas", "2"))))
                .all().get();
        try (Cluster cluster = Cluster.of(pair)) {
            ReplicationExamination examination = new ReplicationExamination(pair, cluster);
            Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() ->
                    assertThat(kinds(examination.examine())).contains(Ailment.NOT_REPLICATED).containsOnly(Ailment.NOT_REPLICATED));
            assertThat(only(examination.examine(), Ailment.NOT_REPLICATED, "pair.job-alerts").severity()).isEqualTo(Severity.WARN);

            brokers.send(List.of(new ProducerRecord<>("pair.job-alerts", 1, new byte[] {1}, new byte[] {2})));

            brokers.stop(2);
            Awaitility.await().atMost(Duration.ofSeconds(30))
                    .until(() -> kinds(examination.examine()).contains(Ailment.PARTITION_OFFLINE));
            Result result = examination.examine();

            assertThat(only(result, Ailment.BROKER_OFFLINE)).satisfies(offline -> {
                assertThat(offline.subject()).isEqualTo("broker 2");
                assertThat(offline.found()).contains("5 copies of partitions");
            });
            assertThat(only(result, Ailment.PARTITION_OFFLINE, "pair.job-alerts").found()).startsWith("partition 0 without a leader");
            assertThat(only(result, Ailment.UNDER_REPLICATED, "pair.job-state-events")).satisfies(behind -> {
                assertThat(behind.found()).startsWith("2 partitions 0, 1 with copies that are not in sync");
                assertThat(behind.remedy()).contains("--describe --topic pair.job-state-events");
            });
            assertThat(only(result, Ailment.UNDER_MIN_ISR, "pair.job-status")).satisfies(below -> {
                assertThat(below.severity()).isEqualTo(Severity.FAIL);
                assertThat(below.found()).contains("min.insync.replicas (2)");
            });
            GroupLag.Look lag = new GroupLag(cluster, pair.kafka()).look(Map.of(), List.of("pair.job-alerts"));
            assertThat(lag.untold()).as("what has no leader tells nothing, and keeps nothing from being told")
                    .containsOnlyKeys(new TopicPartition("pair.job-alerts", 0));
            assertThat(lag.lags()).hasSize(1).hasEntrySatisfying(new TopicPartition("pair.job-alerts", 1),
                    partition -> assertThat(partition.waiting()).isPresent());
        }
    }
}
