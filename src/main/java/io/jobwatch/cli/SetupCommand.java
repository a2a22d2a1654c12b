package io.jobwatch.cli;

import io.jobwatch.config.FolderLock;
import io.jobwatch.config.JobwatchConfig;
import io.jobwatch.topic.SchemaSetup;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSpec;
import io.jobwatch.topic.access.Rights;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "setup", mixinStandardHelpOptions = true,
        description = "Creates or verifies the topics and registers the schemas, with schema-registry.properties.auto.register.schemas "
                + "false, too. Doing it again changes nothing.",
        footer = {"", "Examples:", "  jobwatch setup -c jobwatch.yaml", "  jobwatch setup -c jobwatch.yaml --write-schemas schemas"})
final class SetupCommand implements Callable<Integer> {
    @Mixin
    private ConfigFile file;

    @Option(names = "--write-schemas", paramLabel = "DIR",
            description = "Only writes the schemas to DIR, one file <subject>.avsc each, for who registers them by other means.")
    private Path schemas;

    @Override
    public Integer call() {
        return Stop.interrupting(schemas == null ? this::setUp : this::writeSchemas);
    }

    private int setUp() {
        JobwatchConfig config = file.load();
        try (Closing closing = new Closing()) {
            if (config.kafka().embedded() || config.schemaRegistry().embedded()) {
                closing.then("data folder", FolderLock.acquire(config.dataDir()));
            }
            Connections connections = Connections.open(config, closing);
            if (!config.kafka().embedded()) {
                connections.requireRights(new Rights(config.applicationId(), new TopicNames(config.topics().prefix())).ofSetup());
            }
            List<String> created = connections.setUpTopics(config);
            for (String topic : new TopicNames(config.topics().prefix()).all()) {
                System.out.println((created.contains(topic) ? "created  " : "verified ") + "topic " + topic);
            }
            connections.setUpSchemas(config).forEach(System.out::println);
            System.out.println("verified schemas at " + connections.registryUrl() + ", asked with the client "
                    + connections.registryClient().word());
        }
        return 0;
    }

    private int writeSchemas() {
        JobwatchConfig config = file.load();
        SchemaSetup.write(TopicSpec.all(new TopicNames(config.topics().prefix()), config.topics().partitions()), schemas)
                .forEach(written -> System.out.println("wrote " + written));
        return 0;
    }
}
