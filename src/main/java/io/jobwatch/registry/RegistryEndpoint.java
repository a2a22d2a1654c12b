package io.jobwatch.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;

/** One address of a registry, by any HTTP client. Thread-safe; {@code toString} gives the address without user info. */
interface RegistryEndpoint {
    /**
     * {@return the JSON object or array of an answer with success} Asks once.
     *
     * @param path  after the base address, with its query
     * @param limit for the whole exchange
     * @throws RegistryException for everything else; of kind {@code UNAVAILABLE} where another address, or the same one later, may answer
     */
    JsonNode exchange(String method, String path, Optional<JsonNode> body, Duration limit);
}
