package io.jobwatch.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Requests to a registry, whatever carries them. */
@FunctionalInterface
interface RegistryCalls {
    /**
     * {@return the JSON of a 2xx answer}
     *
     * @param path after the base address, with its query
     * @throws RegistryException for everything else
     */
    JsonNode call(String method, String path, Optional<JsonNode> body);
}
