package io.jobwatch.cli;

import io.jobwatch.config.ConfigLoader;
import io.jobwatch.config.JobwatchConfig;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The option that names the configuration. */
final class ConfigFile {
    @Option(names = {"-c", "--config"}, required = true, paramLabel = "FILE", scope = ScopeType.INHERIT,
            description = "The configuration, in YAML.")
    private Path file;

    JobwatchConfig load() {
        return ConfigLoader.load(file, System::getenv);
    }
}
