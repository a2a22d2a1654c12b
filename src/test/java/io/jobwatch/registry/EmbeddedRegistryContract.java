package io.jobwatch.registry;

import io.jobwatch.embedded.EmbeddedBroker;
import io.jobwatch.embedded.EmbeddedRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract on the embedded registry. */
abstract class EmbeddedRegistryContract extends RegistryContract {
    @TempDir
    private static Path folder;
    private static EmbeddedBroker broker;
    private static EmbeddedRegistry embedded;

    @BeforeAll
    static void startRegistry() {
        broker = EmbeddedBroker.start(folder, 0);
        embedded = EmbeddedRegistry.start(Map.of("bootstrap.servers", broker.bootstrapServers()), "127.0.0.1", 0);
    }

    @AfterAll
    static void stopRegistry() {
        embedded.close();
        broker.close();
    }

    @Override
    final URI url() {
        return URI.create(embedded.url().toString());
    }
}
