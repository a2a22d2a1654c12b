package io.jobwatch.config;

import java.nio.file.Path;
import java.util.List;
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
}
