package io.jobwatch.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jobwatch.config.FolderLock;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedBrokerIT {
    @TempDir
    Path dataDir;

    @Test
    void shouldKeepItsDataFromOneStartToTheNext() throws Exception {
        String cluster;
        try (EmbeddedBroker broker = EmbeddedBroker.start(dataDir, 0); Admin admin = admin(broker)) {
            admin.createTopics(List.of(new NewTopic("kept", Optional.of(3), Optional.empty()))).all().get();
            cluster = admin.describeCluster().clusterId().get();
        }
        try (EmbeddedBroker broker = EmbeddedBroker.start(dataDir, 0); Admin admin = admin(broker)) {
            assertThat(admin.describeCluster().clusterId().get()).isEqualTo(cluster);
            assertThat(admin.listTopics().names().get()).isEqualTo(Set.of("kept"));
        }
    }

    /** Kafka would halt the process, and this test with it. */
    @Test
    void shouldStartInAThreadThatIsInterrupted() throws Exception {
        Thread.currentThread().interrupt();
        try (EmbeddedBroker broker = EmbeddedBroker.start(dataDir, 0)) {
            assertThat(Thread.interrupted()).isTrue();
            try (Admin admin = admin(broker)) {
                assertThat(admin.describeCluster().nodes().get()).hasSize(1);
            }
        }
    }

    @Test
    void shouldSayThatThePortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedBroker.start(dataDir, taken.getLocalPort()))
                    .isInstanceOf(EmbeddedException.class)
                    .hasMessageContaining("port " + taken.getLocalPort() + " is taken")
                    .hasMessageContaining("kafka.embedded-port");
        }
    }

    @Test
    void shouldSayThatTheFolderBelongsToARunningInstance() {
        try (EmbeddedBroker running = EmbeddedBroker.start(dataDir, 0)) {
            assertThat(running.bootstrapServers()).startsWith("127.0.0.1:");
            assertThatThrownBy(() -> EmbeddedBroker.start(dataDir, 0))
                    .isInstanceOf(FolderLock.FolderException.class)
                    .hasMessageContaining("belongs to a running instance (process " + ProcessHandle.current().pid() + ")");
        }
    }

    @Test
    void shouldRefuseADamagedFolderAndNameTheRemedy() throws Exception {
        EmbeddedBroker.start(dataDir, 0).close();
        Files.writeString(dataDir.resolve("kafka/logs/meta.properties"), "this is not what the broker wrote\n");
        assertThatThrownBy(() -> EmbeddedBroker.start(dataDir, 0))
                .isInstanceOf(EmbeddedException.class)
                .hasMessageContaining("cannot use its data in " + dataDir.resolve("kafka"))
                .hasMessageContaining("move it away to start empty");
    }

    /** At these Kafka would halt the process, or throw its topics away. */
    @ParameterizedTest
    @ValueSource(strings = {"__cluster_metadata-0/quorum-state", "__cluster_metadata-0/00000000000000000000.log",
        "kept-0/00000000000000000000.log"})
    void shouldNameTheRemedyWhereAFileIsDamaged(String file) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(dataDir, 0); Admin admin = admin(broker)) {
            admin.createTopics(List.of(new NewTopic("kept", Optional.of(1), Optional.empty()))).all().get();
            try (Producer<byte[], byte[]> producer = new KafkaProducer<>(Map.of("bootstrap.servers", broker.bootstrapServers()),
                    new ByteArraySerializer(), new ByteArraySerializer())) {
                producer.send(new ProducerRecord<>("kept", new byte[1000])).get();
            }
        }
        byte[] damage = new byte[100];
        Arrays.fill(damage, (byte) 0xff);
        Files.write(dataDir.resolve("kafka/logs").resolve(file), damage);

        assertThatThrownBy(() -> EmbeddedBroker.start(dataDir, 0))
                .isInstanceOf(EmbeddedException.class)
                .hasMessageContaining(dataDir.resolve("kafka").toString())
                .hasMessageContaining("move it away to start empty");
    }

    private static Admin admin(EmbeddedBroker broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }
}
