package io.jobwatch.cli.doctor;

import io.jobwatch.config.ConfigLoader;
import io.jobwatch.embedded.EmbeddedRegistry;
import io.jobwatch.embedded.Ports;
import io.jobwatch.event.EventRecord;
import io.jobwatch.registry.HttpSchemaRegistry;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.topic.TopicSchemas;
import io.jobwatch.topic.TopicSetup;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * Brokers with access control: who comes by the one listener may do everything, who comes by the other one (SASL/PLAIN, the users alice and
 * bob) what it was given. Each test takes topics under a prefix of its own, which is the application's name, too.
 */
final class DoctorCluster implements AutoCloseable {
    static final int PARTITIONS = 2;

    private final Path folder;
    private final List<KafkaRaftServer> brokers = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();
    private final List<Integer> saslPorts = new ArrayList<>();
    private final Admin admin;
    private EmbeddedRegistry registry;

    private DoctorCluster(Path folder, int count) throws Exception {
        this.folder = folder;
        String cluster = Uuid.randomUuid().toString();
        int controller = Ports.free();
        for (int id = 1; id <= count; id++) {
            ports.add(Ports.free());
            saslPorts.add(Ports.free());
            Path logs = folder.resolve("broker-" + id);
            format(logs, id, cluster);
            brokers.add(new KafkaRaftServer(new KafkaConfig(settings(logs, id, controller), false), Time.SYSTEM));
        }
        brokers.forEach(KafkaRaftServer::startup);
        admin = Admin.create(kafka());
        while (admin.describeCluster().nodes().get().size() < count) {
            Thread.onSpinWait();   // each of these is a question to the broker
        }
    }

    static DoctorCluster start(Path folder, int brokers) throws Exception {
        return new DoctorCluster(folder, brokers);
    }

    private static void format(Path logs, int id, String cluster) throws Exception {
        Files.createDirectories(logs);
        Formatter formatter = new Formatter();
        formatter.setNodeId(id).setClusterId(cluster).setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .setControllerListenerName("CONTROLLER").setMetadataLogDirectory(logs.toString()).addDirectory(logs.toString())
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        formatter.run();
    }

    private Properties settings(Path logs, int id, int controller) {
        Properties p = new Properties();
        String listeners = "ALL://127.0.0.1:" + ports.get(id - 1) + ",USERS://127.0.0.1:" + saslPorts.get(id - 1);
        p.put("node.id", Integer.toString(id));
        p.put("process.roles", id == 1 ? "broker,controller" : "broker");
        p.put("listeners", listeners + (id == 1 ? ",CONTROLLER://127.0.0.1:" + controller : ""));
        p.put("advertised.listeners", listeners);
        p.put("listener.security.protocol.map", "ALL:PLAINTEXT,USERS:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT");
        p.put("inter.broker.listener.name", "ALL");
        p.put("controller.listener.names", "CONTROLLER");
        p.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
        p.put("log.dirs", logs.toString());
        p.put("listener.name.users.sasl.enabled.mechanisms", "PLAIN");
        p.put("listener.name.users.plain.sasl.jaas.config", "org.apache.kafka.common.security.plain.PlainLoginModule required "
                + "user_alice=\"alice-secret\" user_bob=\"bob-secret\";");
        p.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        p.put("super.users", "User:ANONYMOUS");
        p.put("auto.create.topics.enable", "false");
        p.put("offsets.topic.replication.factor", "1");
        p.put("transaction.state.log.replication.factor", "1");
        p.put("transaction.state.log.min.isr", "1");
        p.put("offsets.topic.num.partitions", "2");
        p.put("transaction.state.log.num.partitions", "2");
        p.put("transaction.max.timeout.ms", "900000");
        p.put("group.initial.rebalance.delay.ms", "0");
        p.put("group.streams.initial.rebalance.delay.ms", "0");
        p.put("log.cleaner.dedupe.buffer.size", Integer.toString(8 << 20));
        p.put("log.index.size.max.bytes", Integer.toString(1 << 20));
        p.put("num.network.threads", "2");
        p.put("num.io.threads", "4");
        p.put("broker.session.timeout.ms", "3000");
        p.put("broker.heartbeat.interval.ms", "500");
        return p;
    }

    String bootstrap() {
        return "127.0.0.1:" + ports.get(0);
    }

    String saslBootstrap() {
        return "127.0.0.1:" + saslPorts.get(0);
    }

    Map<String, Object> kafka() {
        return Map.of("bootstrap.servers", bootstrap());
    }

    Admin admin() {
        return admin;
    }

    /** {@return a registry whose schemas are in this cluster} */
    synchronized String registryUrl() {
        if (registry == null) {
            registry = EmbeddedRegistry.start(kafka(), "127.0.0.1", 0);
        }
        return registry.url();
    }

    /** Ends a broker as for maintenance. */
    void stop(int id) {
        brokers.get(id - 1).shutdown();
        brokers.get(id - 1).awaitShutdown();
    }

    /** {@return the deployment of a configuration with all roles, of whom may do everything} */
    Deployment deployment(String prefix, String... more) throws Exception {
        return of(prefix, "kafka: {bootstrap-servers: \"" + bootstrap() + "\"}", more);
    }

    /** {@return the same, of a user} */
    Deployment as(String user, String prefix, String... more) throws Exception {
        return withPassword(user, user + "-secret", prefix, more);
    }

    Deployment withPassword(String user, String password, String prefix, String... more) throws Exception {
        return of(prefix, """
                kafka:
                  bootstrap-servers: "%s"
                  properties:
                    security.protocol: SASL_PLAINTEXT
                    sasl.mechanism: PLAIN
                    sasl.jaas.config: 'org.apache.kafka.common.security.plain.PlainLoginModule required username="%s" password="%s";'
                """.formatted(saslBootstrap(), user, password), more);
    }

    /** {@return the deployment of a configuration with another cluster} */
    Deployment with(String prefix, String kafka, String... more) throws Exception {
        return of(prefix, kafka, more);
    }

    private Deployment of(String prefix, String kafka, String... more) throws Exception {
        Path file = Files.createTempFile(folder, prefix, ".yaml");
        String text = """
                application-id: %s
                data-dir: %s
                topics: {prefix: "%s.", partitions: %d}
                %s
                %s
                """.formatted(prefix, folder.resolve(prefix + "-data"), prefix, PARTITIONS, kafka, String.join("\n", more));
        if (!text.contains("schema-registry:")) {
            text += "schema-registry: {url: \"" + registryUrl() + "\"}\n";
        }
        if (!text.contains("sources:")) {
            text += "sources: [{name: encoder, type: ams-v2, url: \"http://127.0.0.1:9/api\", account: contoso, auth: {type: none}}]\n";
        }
        Files.writeString(file, text);
        return new Deployment(ConfigLoader.load(file, Map.<String, String>of()::get));
    }

    /** Creates the topics. */
    Deployment setUp(Deployment deployment) {
        new TopicSetup(admin, deployment.specs()).createAndVerify();
        return deployment;
    }

    SchemaRegistry openRegistry() {
        return new HttpSchemaRegistry(HttpSchemaRegistry.urls(registryUrl()), Map.of());
    }

    /** Sends events as jobwatch does. A null value is a tombstone. */
    <T extends EventRecord> void send(Deployment deployment, String topic, Map<String, T> values) throws Exception {
        try (SchemaRegistry asked = openRegistry()) {
            TopicSchemas schemas = TopicSchemas.register(asked, deployment.specs());
            List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
            values.forEach((key, value) -> records.add(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8),
                    value == null ? null : schemas.<T>encoder(topic).encode(value))));
            send(records);
        }
    }

    void send(List<ProducerRecord<byte[], byte[]>> records) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            for (ProducerRecord<byte[], byte[]> record : records) {
                producer.send(record).get();
            }
        }
    }

    KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(kafka());
        settings.putAll(more);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    long end(TopicPartition partition) throws ExecutionException, InterruptedException {
        return admin.listOffsets(Map.of(partition, OffsetSpec.latest())).partitionResult(partition).get().offset();
    }

    @Override
    public void close() {
        if (registry != null) {
            registry.close();
        }
        admin.close();
        for (int i = brokers.size() - 1; i >= 0; i--) {
            brokers.get(i).shutdown();
            brokers.get(i).awaitShutdown();
        }
    }
}
