package io.jobwatch.cli;

import io.jobwatch.config.ConfigLoader;
import io.jobwatch.config.JobwatchConfig;
import io.jobwatch.registry.SchemaRegistries;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The option that names the configuration. */
final class ConfigFile {
    @Option(names = {"-c", "--config"}, required = true, paramLabel = "FILE", scope = ScopeType.INHERIT,
            description = "The configuration, in YAML.")
    private Path file;

    /** {@return the configuration, which asks for nothing that this jar lacks} */
    JobwatchConfig load() {
        JobwatchConfig config = ConfigLoader.load(file, System::getenv);
        SchemaRegistries.of(config.schemaRegistry());
        return config;
    }
}
