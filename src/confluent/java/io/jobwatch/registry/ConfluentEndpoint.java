package io.jobwatch.registry;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.confluent.kafka.schemaregistry.client.rest.RestService;
import io.jobwatch.registry.RegistryException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * An address that Confluent's client asks: its connections, its ways to log in, its settings. It knows this address only, so that it does
 * not move on by itself: which address is asked, how often and for how long is decided in one place for both clients.
 *
 * <p>Why its {@link RestService} and not the {@code CachedSchemaRegistryClient} above it: that one gives an unreadable schema and an outage
 * the same exception, holds a lock while it waits for the registry, and takes a registry that calls a schema incompatible without giving
 * reasons for one that calls it compatible (all read in 7.5.1).
 */
final class ConfluentEndpoint implements RegistryEndpoint, AutoCloseable {
    private static final TypeReference<JsonNode> ANY_JSON = new TypeReference<>() { };

    private final String base;
    private final String proxy;
    private final RestService rest;
    private final ConfluentThreads threads;

    /**
     * @param base  the address that {@code rest} has, without user info
     * @param proxy for messages: host and port, if there is one
     */
    ConfluentEndpoint(String base, Optional<String> proxy, RestService rest, ConfluentThreads threads) {
        this.base = base;
        this.proxy = proxy.map(address -> " through the proxy " + address).orElse("");
        this.rest = rest;
        this.threads = threads;
    }

    @Override
    public JsonNode exchange(String method, String path, Optional<JsonNode> body, Duration limit) {
        String what = method + " " + base + path + proxy;
        byte[] bytes = body.map(json -> json.toString().getBytes(StandardCharsets.UTF_8)).orElse(null);
        JsonNode answer = threads.within(limit, what, base.regionMatches(true, 0, "https:", 0, "https:".length()),
                () -> rest.httpRequest(path, method, bytes, RestService.DEFAULT_REQUEST_PROPERTIES, ANY_JSON));
        if (answer == null || !answer.isContainerNode()) {
            throw new RegistryException(Kind.UNAVAILABLE, what + ": the answer is not what a registry says; is this a Schema Registry?");
        }
        return answer;
    }

    @Override
    public void close() {
        try {
            rest.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the client of " + base + " does not close", e);
        }
    }

    @Override
    public String toString() {
        return base;
    }
}
