package io.jobwatch.cli;

import io.jobwatch.config.FolderLock;
import io.jobwatch.config.JobwatchConfig;
import io.jobwatch.topic.TopicNames;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "setup", mixinStandardHelpOptions = true,
        description = "Creates or verifies the topics and registers the schemas. Doing it again changes nothing.",
        footer = {"", "Example:", "  jobwatch setup -c jobwatch.yaml"})
final class SetupCommand implements Callable<Integer> {
    @Mixin
    private ConfigFile file;

    @Override
    public Integer call() {
        return Stop.interrupting(this::setUp);
    }

    private int setUp() {
        JobwatchConfig config = file.load();
        try (Closing closing = new Closing()) {
            if (config.kafka().embedded() || config.schemaRegistry().embedded()) {
                closing.then("data folder", FolderLock.acquire(config.dataDir()));
            }
            Connections connections = Connections.open(config, closing);
            List<String> created = connections.setUpTopics(config);
            for (String topic : new TopicNames(config.topics().prefix()).all()) {
                System.out.println((created.contains(topic) ? "created  " : "verified ") + "topic " + topic);
            }
            connections.schemas(config);
            System.out.println("verified schemas at " + connections.registryUrl() + ", asked with the client "
                    + connections.registryClient().word());
        }
        return 0;
    }
}
