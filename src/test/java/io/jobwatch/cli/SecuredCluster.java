package io.jobwatch.cli;

import static org.awaitility.Awaitility.await;

import io.jobwatch.config.AccessToken;
import io.jobwatch.config.TestKeys;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.access.Right;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.testcontainers.containers.Network;
import org.testcontainers.lifecycle.Startables;

/** Kafka with TLS, users and ACLs, and a registry, in containers of one network. */
final class SecuredCluster implements AutoCloseable {
    static final String TOKEN = "a-token-that-opens-the-queries-of-the-secured-one";
    private static final String TRUST_STORE = "/etc/jobwatch/trust.p12";

    private final Network network = Network.newNetwork();
    private final KafkaNode kafka;
    private final RegistryContainer registry = new RegistryContainer(network);
    private final Admin admin;
    private final Path trustStore;
    private final Path wrongTrustStore;
    private final String keyStorePassword = secret();
    private final String trustStorePassword = secret();
    private final List<String> secrets = new ArrayList<>(List.of(keyStorePassword, trustStorePassword));

    /** Someone with a password of their own. */
    record User(String name, String password) {
        private String jaas(String shownPassword) {
            return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + name + "\" password=\"" + shownPassword
                    + "\";";
        }
    }

    SecuredCluster(Path folder) throws Exception {
        TestKeys keys = TestKeys.make(folder, "broker", "EC", "dns:" + KafkaNode.HOST + ",dns:localhost");
        trustStore = keys.trustStore(folder.resolve("trust.p12"), trustStorePassword);
        wrongTrustStore = TestKeys.make(folder, "other", "EC", "dns:" + KafkaNode.HOST)
                .trustStore(folder.resolve("wrong-trust.p12"), trustStorePassword);
        kafka = KafkaNode.secured(network, keys, folder, keyStorePassword);
        Startables.deepStart(kafka.container(), registry.container()).join();
        admin = Admin.create(kafka.asAdministrator());
    }

    private static String secret() {
        return "secret-" + UUID.randomUUID();
    }

    /** Makes a user who may do this and nothing else. */
    User user(String name, Collection<Right> rights) throws ExecutionException, InterruptedException {
        User user = new User(name, secret());
        secrets.add(user.password());
        admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(name,
                new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), user.password()))).all().get();
        admin.createAcls(rights.stream().map(right -> binding(user, right)).toList()).all().get();
        return user;
    }

    void create(String topic) throws ExecutionException, InterruptedException {
        admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    }

    /** Returns when the broker goes by it. */
    void revoke(User user, Right right) throws ExecutionException, InterruptedException {
        admin.deleteAcls(List.of(binding(user, right).toFilter())).all().get();
        await().atMost(Duration.ofSeconds(10)).pollInterval(Duration.ofMillis(20)).until(() -> !grants(user, right));
    }

    /** Returns when the broker goes by it. */
    void grant(User user, Right right) throws ExecutionException, InterruptedException {
        admin.createAcls(List.of(binding(user, right))).all().get();
        await().atMost(Duration.ofSeconds(10)).pollInterval(Duration.ofMillis(20)).until(() -> grants(user, right));
    }

    private boolean grants(User user, Right right) throws ExecutionException, InterruptedException {
        AclBindingFilter filter = binding(user, right).toFilter();
        return !admin.describeAcls(filter).values().get().isEmpty();
    }

    private static AclBinding binding(User user, Right right) {
        return new AclBinding(new ResourcePattern(right.type(), right.name(), right.pattern()),
                new AccessControlEntry("User:" + user.name(), "*", right.operation(), AclPermissionType.ALLOW));
    }

    Network network() {
        return network;
    }

    KafkaNode kafka() {
        return kafka;
    }

    RegistryContainer registry() {
        return registry;
    }

    Path trustStore() {
        return trustStore;
    }

    Path wrongTrustStore() {
        return wrongTrustStore;
    }

    /** {@return every password that there is} */
    List<String> secrets() {
        return List.copyOf(secrets);
    }

    /** {@return how a client in this JVM reaches the cluster as this user} */
    Map<String, Object> as(User user) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", kafka.fromHere());
        settings.put("security.protocol", "SASL_SSL");
        settings.put("sasl.mechanism", "SCRAM-SHA-512");
        settings.put("sasl.jaas.config", user.jaas(user.password()));
        settings.put("ssl.truststore.type", "PKCS12");
        settings.put("ssl.truststore.location", trustStore.toString());
        settings.put("ssl.truststore.password", trustStorePassword);
        return settings;
    }

    /** {@return the beginning of a configuration for this user in a container, which finds the passwords in its environment} */
    private String kafkaSection(String bootstrapServers, User user) {
        return section(bootstrapServers, user.jaas("${KAFKA_PASSWORD}"), TRUST_STORE, "${TRUST_STORE_PASSWORD}", RegistryContainer.URL);
    }

    /** {@return the beginning of a configuration for this user in this JVM} */
    private String kafkaSectionHere(User user) {
        return section(kafka.fromHere(), user.jaas(user.password()), trustStore.toString(), trustStorePassword, registry.fromHere());
    }

    private static String section(String bootstrapServers, String jaas, String trust, String trustPassword, String registryUrl) {
        return """
                kafka:
                  bootstrap-servers: %s
                  properties:
                    security.protocol: SASL_SSL
                    sasl.mechanism: SCRAM-SHA-512
                    sasl.jaas.config: '%s'
                    ssl.truststore.type: PKCS12
                    ssl.truststore.location: %s
                    ssl.truststore.password: %s
                schema-registry: {url: "%s"}
                """.formatted(bootstrapServers, jaas, trust, trustPassword, registryUrl);
    }

    /** {@return a container, not started, that runs a command as this user} */
    JobwatchContainer container(User user, String name, String config, Path trusted, String... command) throws IOException {
        return new JobwatchContainer(network, name, command).withConfig(config)
                .withFile(TRUST_STORE, Files.readAllBytes(trusted))
                .withEnvironment(Map.of("KAFKA_PASSWORD", user.password(), "TRUST_STORE_PASSWORD", trustStorePassword));
    }

    /** {@return the text of a configuration for a container; its queries are opened by {@link #TOKEN}} */
    String configInside(String bootstrapServers, String application, User user, String role) {
        return kafkaSection(bootstrapServers, user) + """
                application-id: %s
                data-dir: /var/lib/jobwatch
                roles: [%s]
                topics: {prefix: "jobwatch.", partitions: 1}
                sources:
                  - {name: encoder, type: ams-v2, url: "%s", account: contoso, poll-interval: 500ms, start-from: all}
                query:
                  host: 0.0.0.0
                  auth: {type: bearer, tokens: [{name: test, sha256: "%s"}]}
                """.formatted(application, role, SimulatedEncoder.URL, AccessToken.of("test", TOKEN).sha256());
    }

    /** {@return a file with a configuration for a command in this JVM} */
    String configHere(Path folder, String application, User user, String role, TopicNames topics) throws IOException {
        return Files.writeString(folder.resolve(application + "-" + user.name() + ".yaml"), kafkaSectionHere(user) + """
                application-id: %s
                data-dir: %s
                roles: [%s]
                topics: {prefix: "%s", partitions: 1}
                sources:
                  - {name: encoder, type: ams-v2, url: "http://127.0.0.1:1/api", account: contoso}
                query: {port: 0}
                """.formatted(application, folder.resolve("data-" + user.name()), role, topics.prefix())).toString();
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
        registry.close();
        kafka.close();
        network.close();
    }
}
