package io.jobwatch.registry;

import io.jobwatch.config.ConfigException;
import io.jobwatch.config.RegistryConfig;
import io.jobwatch.config.RegistryConfig.Client;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** Opens clients of one registry, all of the kind that its configuration asks for. Immutable. */
public final class SchemaRegistries {
    private final RegistryConfig config;
    private final SchemaRegistryProvider provider;

    private SchemaRegistries(RegistryConfig config, SchemaRegistryProvider provider) {
        this.config = config;
        this.provider = provider;
    }

    /**
     * {@return what opens the clients that a configuration asks for}
     *
     * @throws ConfigException if this jar was built without that client
     */
    public static SchemaRegistries of(RegistryConfig config) {
        return of(config, ServiceLoader.load(SchemaRegistryProvider.class, SchemaRegistryProvider.class.getClassLoader()));
    }

    /** As {@link #of(RegistryConfig)}, with other clients than this jar's. */
    static SchemaRegistries of(RegistryConfig config, Iterable<SchemaRegistryProvider> others) {
        SchemaRegistryProvider builtIn = new BuiltIn();
        for (SchemaRegistryProvider other : others) {
            // Who builds with another client wants it.
            if (other.client() == config.client().orElse(other.client())) {
                return new SchemaRegistries(config, other);
            }
        }
        Client wanted = config.client().orElse(Client.BUILT_IN);
        if (wanted != Client.BUILT_IN) {
            throw new ConfigException("schema-registry.client: this jar was built without Confluent's client; build it with mvn -P"
                    + wanted.word() + " package, which needs Confluent's Maven repository, or set " + Client.BUILT_IN.word());
        }
        return new SchemaRegistries(config, builtIn);
    }

    /** {@return the client that is opened} */
    public Client client() {
        return provider.client();
    }

    /**
     * {@return the registry's base addresses without user info, separated by commas: what may be shown}
     *
     * @throws ConfigException if one is no address of a registry
     */
    public String address() {
        return urls().stream().map(RegistryAddress::base).collect(Collectors.joining(","));
    }

    /** {@return a new client, for a caller that holds nothing} */
    public SchemaRegistry open() {
        return open(RegistryTimeouts.DEFAULT);
    }

    /**
     * {@return a new client}
     *
     * @throws ConfigException if an address or a setting is wrong
     */
    public SchemaRegistry open(RegistryTimeouts timeouts) {
        return provider.open(urls(), config.properties(), timeouts);
    }

    private List<URI> urls() {
        return HttpSchemaRegistry.urls(config.url());
    }

    private static final class BuiltIn implements SchemaRegistryProvider {
        @Override
        public Client client() {
            return Client.BUILT_IN;
        }

        @Override
        public SchemaRegistry open(List<URI> urls, Map<String, String> properties, RegistryTimeouts timeouts) {
            return new HttpSchemaRegistry(urls, properties, timeouts);
        }
    }
}
