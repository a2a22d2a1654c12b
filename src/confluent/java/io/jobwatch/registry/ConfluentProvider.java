package io.jobwatch.registry;

import io.jobwatch.config.RegistryConfig.Client;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** Offers Confluent's client. Its presence in a jar makes that client the default one. */
public final class ConfluentProvider implements SchemaRegistryProvider {
    @Override
    public Client client() {
        return Client.CONFLUENT;
    }

    @Override
    public SchemaRegistry open(List<URI> urls, Map<String, String> properties, RegistryTimeouts timeouts) {
        ConfluentSettings settings = ConfluentSettings.of(urls, properties, timeouts);
        ConfluentThreads threads = new ConfluentThreads();
        List<ConfluentEndpoint> endpoints = settings.services().stream()
                .map(service -> new ConfluentEndpoint(service.base(), settings.proxy(), service.rest(), threads)).toList();
        RegistryCalls calls = new RegistryFailover(endpoints, settings.patience(), () -> ThreadLocalRandom.current().nextDouble());
        return new HttpSchemaRegistry(calls, () -> {
            threads.close();
            endpoints.forEach(ConfluentEndpoint::close);
        });
    }
}
