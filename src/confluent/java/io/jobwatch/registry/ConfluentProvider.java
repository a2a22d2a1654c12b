package io.jobwatch.registry;

import io.jobwatch.config.RegistryConfig.Client;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** Offers Confluent's client. Its presence in a jar makes that client the default one. */
public final class ConfluentProvider implements SchemaRegistryProvider {
    @Override
    public Client client() {
        return Client.CONFLUENT;
    }

    @Override
    public SchemaRegistry open(List<URI> urls, Map<String, String> properties, RegistryTimeouts timeouts) {
        return new ConfluentSchemaRegistry(ConfluentSettings.of(urls, properties, timeouts));
    }
}
