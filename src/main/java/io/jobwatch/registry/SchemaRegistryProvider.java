package io.jobwatch.registry;

import io.jobwatch.config.RegistryConfig;
import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * A client of the registry beside the built-in one, found through {@link java.util.ServiceLoader}: so a jar may be built with a library
 * that the default build cannot have, and nothing else knows of it.
 */
public interface SchemaRegistryProvider {

    /** {@return the choice that it stands for} */
    RegistryConfig.Client client();

    /**
     * Opens a client; does not reach for the registry yet.
     *
     * @param urls       base addresses of one registry, asked in turn until one answers; at least one
     * @param properties settings under the names of Confluent's client
     * @param timeouts   how long a call may take, whatever the library does
     * @throws io.jobwatch.config.ConfigException if an address or a setting is wrong
     */
    SchemaRegistry open(List<URI> urls, Map<String, String> properties, RegistryTimeouts timeouts);
}
