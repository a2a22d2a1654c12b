package io.jobwatch.cli;

import io.jobwatch.config.FolderLock;
import io.jobwatch.config.JobwatchConfig;
import io.jobwatch.config.KafkaConfig;
import io.jobwatch.config.RegistryConfig;
import io.jobwatch.embedded.EmbeddedBroker;
import io.jobwatch.embedded.EmbeddedRegistry;
import io.jobwatch.registry.KnownSchemas;
import io.jobwatch.registry.RegistryMetrics;
import io.jobwatch.registry.RegistryTimeouts;
import io.jobwatch.registry.RememberingSchemaRegistry;
import io.jobwatch.registry.SchemaRegistries;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.topic.SchemaSetup;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import io.jobwatch.topic.TopicSetup;
import io.jobwatch.topic.TopicSpec;
import io.jobwatch.topic.access.Refusals;
import io.jobwatch.topic.access.Right;
import io.jobwatch.topic.access.Rights;
import io.jobwatch.topic.access.RightsCheck;
import io.jobwatch.topic.access.RightsException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * The way to the cluster and the registry, both of which may live in this process. What is embedded is started here, and stopped by the
 * closing.
 */
final class Connections {
    private static final int ANSWER_WITHIN_MILLIS = 15_000;
    /** File in the data folder with what the registry said. */
    private static final String KNOWN_SCHEMAS = "known-schemas.json";

    private final Map<String, Object> kafka;
    private final SchemaRegistries registries;
    private final UnaryOperator<SchemaRegistry> memory;
    private final SchemaRegistry registry;

    private Connections(Map<String, Object> kafka, SchemaRegistries registries, UnaryOperator<SchemaRegistry> memory) {
        this.kafka = Map.copyOf(kafka);
        this.registries = registries;
        this.memory = memory;
        this.registry = memory.apply(registries.open());
    }

    /** Starts what is embedded and connects to what is not; what was started is handed to {@code closing} at once. */
    static Connections open(JobwatchConfig config, Closing closing) {
        return open(config, closing, UnaryOperator.identity(), address -> UnaryOperator.identity());
    }

    /**
     * As {@link #open(JobwatchConfig, Closing)}, and keeps in the data folder what a registry that is not embedded says, for the time when
     * it does not answer.
     *
     * @param metrics      where it is counted what the registry is asked
     * @param kafkaMetrics gets the metrics of the Kafka clients
     */
    static Connections openWithMemory(JobwatchConfig config, Closing closing, Clock clock, RegistryMetrics metrics,
                                      KafkaCollector kafkaMetrics) {
        if (config.schemaRegistry().embedded()) {
            return open(config, closing, kafkaMetrics::watching, address -> metrics::counted);   // it is there whenever this process is
        }
        return open(config, closing, kafkaMetrics::watching, address -> {
            KnownSchemas known = KnownSchemas.load(config.dataDir().resolve(KNOWN_SCHEMAS), address);
            return asked -> new RememberingSchemaRegistry(metrics.counted(asked), known, clock, metrics);
        });
    }

    /**
     * As {@link #open(JobwatchConfig, Closing)}, for a command that may be given while an instance runs: what is embedded is then reached
     * where that instance has it, and is otherwise started over its data, at any port, for as long as the command takes.
     *
     * @throws CommandException if there are no data yet, or the ports are not known
     */
    static Connections openBeside(JobwatchConfig config, Closing closing) {
        if (!config.kafka().embedded() && !config.schemaRegistry().embedded()) {
            return open(config, closing);
        }
        if (config.kafka().embedded() && !Files.isDirectory(config.dataDir().resolve("kafka"))) {
            throw new CommandException("there are no data in " + config.dataDir().toAbsolutePath()
                    + " yet: jobwatch run makes them; is data-dir right?");
        }
        try {
            closing.then("data folder", FolderLock.acquire(config.dataDir()));
        } catch (FolderLock.TakenException e) {
            return open(atRunningInstance(config), closing);
        }
        return openAlone(config, closing);
    }

    /**
     * As {@link #open(JobwatchConfig, Closing)}, for a command that has the data folder to itself: what is embedded is started over its
     * data at any port, so that no client of the usual one finds it.
     */
    static Connections openAlone(JobwatchConfig config, Closing closing) {
        KafkaConfig kafka = config.kafka();
        RegistryConfig registry = config.schemaRegistry();
        return open(config.with(new KafkaConfig(kafka.bootstrapServers(), 0, kafka.properties()), registry.at(registry.url(), 0)),
                closing);
    }

    /** As {@link #openAlone}, over the embedded broker that others have started; and over their registry, if it is to be embedded. */
    static Connections openOn(Connections others, JobwatchConfig config, Closing closing) {
        RegistryConfig registry = config.schemaRegistry();
        return open(config.with(new KafkaConfig(others.bootstrapServers(), 0, config.kafka().properties()),
                registry.embedded() ? registry.at(others.registryUrl(), 0) : registry), closing);
    }

    private static JobwatchConfig atRunningInstance(JobwatchConfig config) {
        return config.atRunningInstance().orElseThrow(() -> new CommandException("an instance runs over the data folder "
                + config.dataDir().toAbsolutePath() + ", but at which port is not known: set kafka.embedded-port and "
                + "schema-registry.embedded-port, or stop it"));
    }

    private static Connections open(JobwatchConfig config, Closing closing, UnaryOperator<Map<String, Object>> clients,
                                    Function<String, UnaryOperator<SchemaRegistry>> memory) {
        Map<String, Object> kafka = new HashMap<>(config.kafka().properties());
        kafka.put("bootstrap.servers", bootstrapServers(config, closing));
        SchemaRegistries registries = SchemaRegistries.of(config.schemaRegistry().at(registryUrl(config, kafka, closing), 0));
        Connections connections = new Connections(clients.apply(kafka), registries, memory.apply(registries.address()));
        closing.then("registry client", connections.registry);
        return connections;
    }

    private static String bootstrapServers(JobwatchConfig config, Closing closing) {
        if (!config.kafka().embedded()) {
            reach(config);   // before anything is started on it that would fail for a less obvious reason
            return config.kafka().bootstrapServers();
        }
        EmbeddedBroker broker = EmbeddedBroker.start(config.dataDir(), config.kafka().embeddedPort());
        closing.then(KafkaConfig.EMBEDDED + " broker", broker);
        return broker.bootstrapServers();
    }

    private static void reach(JobwatchConfig config) {
        Map<String, Object> settings = new HashMap<>(config.kafka().properties());
        settings.put("bootstrap.servers", config.kafka().bootstrapServers());
        try (Admin admin = admin(settings)) {
            new TopicSetup(admin, List.of(), new Refusals(settings, List.of())).verify();
        }
    }

    private static String registryUrl(JobwatchConfig config, Map<String, Object> kafka, Closing closing) {
        if (!config.schemaRegistry().embedded()) {
            return config.schemaRegistry().url();
        }
        EmbeddedRegistry embedded = EmbeddedRegistry.start(kafka, "127.0.0.1", config.schemaRegistry().embeddedPort());
        closing.then(RegistryConfig.EMBEDDED + " registry", embedded);
        return embedded.url().toString();
    }

    /** {@return the settings of any Kafka client} */
    Map<String, Object> kafka() {
        return kafka;
    }

    String bootstrapServers() {
        return String.valueOf(kafka.get("bootstrap.servers"));
    }

    /** {@return the registry's address as it may be printed, without user and password} */
    String registryUrl() {
        return registries.address();
    }

    /** {@return who speaks to the registry} */
    RegistryConfig.Client registryClient() {
        return registries.client();
    }

    SchemaRegistry registry() {
        return registry;
    }

    /** {@return an administration client that gives up soon enough for a person who waits} */
    private static Admin admin(Map<String, Object> kafka) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_WITHIN_MILLIS / 3);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_WITHIN_MILLIS);
        return Admin.create(settings);
    }

    /**
     * Makes sure that the user has these rights, before what lacks one fails in a less obvious way.
     *
     * @throws RightsException with each right that is missing, and how it is given
     */
    void requireRights(List<Right> needed) {
        try (Admin admin = admin(kafka)) {
            List<Right> missing = new RightsCheck(admin).ask(needed).lacking();
            if (!missing.isEmpty()) {
                throw new RightsException(new Refusals(kafka, needed).lacking(missing));
            }
        }
    }

    /** Creates or verifies the topics. @return the names of those created */
    List<String> setUpTopics(JobwatchConfig config) {
        try (Admin admin = admin(kafka)) {
            return setup(config, admin).createAndVerify();
        }
    }

    /** Verifies the topics. */
    void verifyTopics(JobwatchConfig config) {
        try (Admin admin = admin(kafka)) {
            setup(config, admin).verify();
        }
    }

    /** Registers the schemas whatever the configuration says. @return what was done, a line for each subject */
    List<String> setUpSchemas(JobwatchConfig config) {
        return new SchemaSetup(registry, specs(config)).registerAndVerify();
    }

    /** Finds the schemas registered, or registers them where the configuration lets a run do that. */
    TopicSchemas schemas(JobwatchConfig config) {
        return schemas(config, registry);
    }

    private static TopicSchemas schemas(JobwatchConfig config, SchemaRegistry registry) {
        return config.schemaRegistry().autoRegister()
                ? TopicSchemas.register(registry, specs(config))
                : TopicSchemas.lookUp(registry, specs(config));
    }

    /** As {@link #schemas}, for a thread that holds a transaction: it does not wait long for a schema that was not resolved before. */
    TopicSchemas schemasWithinTransactions(JobwatchConfig config, Closing closing) {
        SchemaRegistry impatient = memory.apply(registries.open(RegistryTimeouts.WITHIN_A_TRANSACTION));
        closing.then("registry client of the topology", impatient);
        return schemas(config, impatient);
    }

    private TopicSetup setup(JobwatchConfig config, Admin admin) {
        return new TopicSetup(admin, specs(config), new Refusals(kafka, Rights.of(config)));
    }

    private static List<TopicSpec> specs(JobwatchConfig config) {
        return TopicSpec.all(new TopicNames(config.topics().prefix()), config.topics().partitions());
    }
}
