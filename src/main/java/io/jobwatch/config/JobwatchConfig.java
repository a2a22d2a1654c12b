package io.jobwatch.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The whole configuration of an instance; immutable and valid by construction of the loader. */
public record JobwatchConfig(
        String applicationId,
        Path dataDir,
        Set<Role> roles,
        KafkaConfig kafka,
        RegistryConfig schemaRegistry,
        TopicsConfig topics,
        List<SourceConfig> sources,
        ProcessConfig process,
        ReportConfig report,
        QueryConfig query) {

    public JobwatchConfig {
        roles = Set.copyOf(roles);
        sources = List.copyOf(sources);
    }

    /** {@return the same with another way to the cluster and the registry} */
    public JobwatchConfig with(KafkaConfig otherKafka, RegistryConfig otherRegistry) {
        return new JobwatchConfig(applicationId, dataDir, roles, otherKafka, otherRegistry, topics, sources, process, report, query);
    }

    /**
     * {@return the same with the addresses at which a running instance with this configuration has what is embedded} Empty where a port is
     * left open, so that nobody else knows it.
     */
    public Optional<JobwatchConfig> atRunningInstance() {
        if (kafka.embedded() && kafka.embeddedPort() == 0 || schemaRegistry.embedded() && schemaRegistry.embeddedPort() == 0) {
            return Optional.empty();
        }
        return Optional.of(with(
                kafka.embedded() ? new KafkaConfig("127.0.0.1:" + kafka.embeddedPort(), 0, kafka.properties()) : kafka,
                schemaRegistry.embedded() ? schemaRegistry.at("http://127.0.0.1:" + schemaRegistry.embeddedPort(), 0) : schemaRegistry));
    }
}
