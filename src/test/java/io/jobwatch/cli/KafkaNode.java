package io.jobwatch.cli;

import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import io.jobwatch.config.TestKeys;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;

/**
 * A cluster of one node in a container of {@link TestImage#KAFKA}. Other containers reach it as {@value #INSIDE}; this JVM at a port that
 * stays the same when the container is stopped and started.
 */
final class KafkaNode implements AutoCloseable {
    static final String HOST = "kafka";
    static final String INSIDE = HOST + ":9092";
    /** A name by which it is found, too, and which its certificate does not hold. */
    static final String OTHER_HOST = "other-name";
    private static final String SCRAM_LOGIN = "org.apache.kafka.common.security.scram.ScramLoginModule required;";
    private static final String SECRETS = "/etc/kafka/secrets/";

    private final GenericContainer<?> container;
    private final int port;
    private final int plainPort;

    private KafkaNode(Network network, Map<String, String> settings, Map<String, byte[]> files) throws IOException {
        this.port = freePort(20_000, 26_000);
        this.plainPort = freePort(26_000, 32_000);
        Map<String, String> environment = new HashMap<>(Map.ofEntries(
                Map.entry("KAFKA_NODE_ID", "1"),
                Map.entry("KAFKA_PROCESS_ROLES", "broker,controller"),
                Map.entry("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@localhost:9093"),
                Map.entry("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER"),
                Map.entry("KAFKA_INTER_BROKER_LISTENER_NAME", "ITSELF"),
                Map.entry("KAFKA_LISTENERS",
                        "INSIDE://:9092,HOST://:9094,PLAIN://:9095,ITSELF://localhost:9091,CONTROLLER://localhost:9093"),
                Map.entry("KAFKA_ADVERTISED_LISTENERS",
                        "INSIDE://" + INSIDE + ",HOST://localhost:" + port + ",PLAIN://localhost:" + plainPort
                                + ",ITSELF://localhost:9091"),
                Map.entry("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP",
                        "INSIDE:PLAINTEXT,HOST:PLAINTEXT,PLAIN:PLAINTEXT,ITSELF:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                Map.entry("KAFKA_LOG_DIRS", "/var/lib/kafka/data"),
                Map.entry("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false"),
                Map.entry("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1"),
                Map.entry("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "5"),
                Map.entry("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1"),
                Map.entry("KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "5"),
                Map.entry("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1"),
                Map.entry("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0")));
        environment.putAll(settings);
        container = new GenericContainer<>(TestImage.KAFKA.name())
                .withNetwork(network).withNetworkAliases(HOST, OTHER_HOST).withEnv(environment)
                .withCreateContainerCmdModifier(create -> create.getHostConfig().withPortBindings(published(9094, port),
                        published(9095, plainPort)))
                .waitingFor(Wait.forLogMessage(".*Kafka Server started.*", 1).withStartupTimeout(Duration.ofMinutes(3)));
        container.setExposedPorts(List.of(9094, 9095));
        files.forEach((name, content) -> container.withCopyToContainer(Transferable.of(content, 0644), SECRETS + name));
    }

    /** {@return a node that everybody may use} */
    static KafkaNode open(Network network) throws IOException {
        return new KafkaNode(network, Map.of(), Map.of());
    }

    /**
     * {@return a node that speaks TLS and wants a user (SCRAM-SHA-512), each of whom may do nothing that no ACL allows} At
     * {@link #asAdministrator} everything may be done. It logs what is allowed and denied to whom.
     *
     * @param keyStorePassword of the key store that is made in the folder
     */
    static KafkaNode secured(Network network, TestKeys keys, Path folder, String keyStorePassword) throws Exception {
        Path keyStore = keys.keyStore(folder.resolve("broker.p12"), keyStorePassword);
        return new KafkaNode(network, Map.ofEntries(
                Map.entry("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP",
                        "INSIDE:SASL_SSL,HOST:SASL_SSL,PLAIN:PLAINTEXT,ITSELF:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                Map.entry("KAFKA_SASL_ENABLED_MECHANISMS", "SCRAM-SHA-512"),
                // In these names three underscores are a hyphen.
                Map.entry("KAFKA_LISTENER_NAME_INSIDE_SCRAM___SHA___512_SASL_JAAS_CONFIG", SCRAM_LOGIN),
                Map.entry("KAFKA_LISTENER_NAME_HOST_SCRAM___SHA___512_SASL_JAAS_CONFIG", SCRAM_LOGIN),
                Map.entry("KAFKA_SSL_KEYSTORE_TYPE", "PKCS12"),
                Map.entry("KAFKA_SSL_KEYSTORE_LOCATION", SECRETS + "broker.p12"),
                Map.entry("KAFKA_SSL_KEYSTORE_PASSWORD", keyStorePassword),
                Map.entry("KAFKA_SSL_KEY_PASSWORD", keyStorePassword),
                Map.entry("KAFKA_AUTHORIZER_CLASS_NAME", "org.apache.kafka.metadata.authorizer.StandardAuthorizer"),
                Map.entry("KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND", "false"),
                Map.entry("KAFKA_SUPER_USERS", "User:ANONYMOUS"),
                Map.entry("KAFKA_LOG4J_LOGGERS", "kafka.authorizer.logger=DEBUG")),
                Map.of("broker.p12", Files.readAllBytes(keyStore)));
    }

    private static PortBinding published(int inside, int outside) {
        return new PortBinding(Ports.Binding.bindIpAndPort("127.0.0.1", outside), new ExposedPort(inside));
    }

    /**
     * {@return a free port from a range below 32768, where systems begin to hand out ports by themselves} The node takes it later, and again
     * whenever it is started: one that was handed out may be somebody else's by then.
     */
    private static int freePort(int from, int to) throws IOException {
        BindException taken = null;
        for (int tries = 0; tries < 100; tries++) {
            int port = ThreadLocalRandom.current().nextInt(from, to);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                taken = e;
            }
        }
        throw new IOException("no free port found from " + from + " to " + to, taken);
    }

    GenericContainer<?> container() {
        return container;
    }

    /** {@return where this JVM finds it} */
    String fromHere() {
        return "localhost:" + port;
    }

    /** {@return how this JVM reaches it as someone who may do everything} */
    Map<String, Object> asAdministrator() {
        return Map.of("bootstrap.servers", "localhost:" + plainPort);
    }

    @Override
    public void close() {
        container.close();
    }
}
