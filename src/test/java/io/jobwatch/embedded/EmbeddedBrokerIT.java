package io.jobwatch.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jobwatch.config.FolderLock;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    private static Admin admin(EmbeddedBroker broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }
}
