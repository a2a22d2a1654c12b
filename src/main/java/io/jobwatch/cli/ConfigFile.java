package io.jobwatch.cli;

import io.jobwatch.config.ConfigLoader;
import io.jobwatch.config.JobwatchConfig;
import io.jobwatch.config.RegistryConfig;
import io.jobwatch.registry.SchemaRegistries;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The option that names the configuration. */
final class ConfigFile {
    /** For the embedded registry, which has no address before it is started. */
    private static final String SOME_ADDRESS = "http://127.0.0.1";

    @Option(names = {"-c", "--config"}, required = true, paramLabel = "FILE", scope = ScopeType.INHERIT,
            description = "The configuration, in YAML.")
    private Path file;

    /** {@return where it is} */
    Path path() {
        return file;
    }

    /**
     * {@return the configuration, which asks for nothing that this jar lacks} The properties of the registry, which only a client of it can
     * judge, are right, too.
     *
     * @throws io.jobwatch.config.ConfigException if something is wrong; nothing is started then, nor reached
     */
    JobwatchConfig load() {
        return load(file);
    }

    /** As {@link #load()}, of another file. */
    static JobwatchConfig load(Path file) {
        JobwatchConfig config = ConfigLoader.load(file, System::getenv);
        RegistryConfig registry = config.schemaRegistry();
        SchemaRegistries.of(registry.embedded() ? registry.at(SOME_ADDRESS, 0) : registry).open().close();
        return config;
    }
}
