package io.jobwatch.registry;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.confluent.kafka.schemaregistry.client.rest.RestService;
import io.confluent.kafka.schemaregistry.client.rest.entities.Config;
import io.confluent.kafka.schemaregistry.client.rest.entities.SchemaString;
import io.jobwatch.registry.RegistryException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.avro.Schema;

/**
 * Confluent's client behind this project's interface: its connections, its ways to log in, its settings; and the answers, failures and
 * limits of the built-in one. Thread-safe.
 *
 * <p>Why its {@link RestService} and not the {@code CachedSchemaRegistryClient} above it: that one gives an unreadable schema and an outage
 * the same exception, holds a lock while it waits for the registry, and takes a registry that calls a schema incompatible without giving
 * reasons for one that calls it compatible (all read in 7.5.1).
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/develop/api.html">Schema Registry API Reference</a>
 */
final class ConfluentSchemaRegistry implements SchemaRegistry {
    private static final TypeReference<JsonNode> ANY_JSON = new TypeReference<>() { };

    private record Registration(String subject, String schema) {
    }

    private final RestService rest;
    private final ConfluentCalls calls;
    private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();
    private final Map<Registration, Integer> ids = new ConcurrentHashMap<>();

    ConfluentSchemaRegistry(ConfluentSettings settings) {
        this.rest = settings.rest();
        this.calls = new ConfluentCalls(settings.addresses(), settings.patience(), () -> ThreadLocalRandom.current().nextDouble());
    }

    @Override
    public int register(String subject, Schema schema) {
        String text = PublishedSchema.textOf(schema);
        return idUnder(subject, text, "/versions", () -> rest.registerSchema(text, subject));
    }

    @Override
    public int idOf(String subject, Schema schema) {
        String text = PublishedSchema.textOf(schema);
        return idUnder(subject, text, "", () -> rest.lookUpSubjectVersion(text, subject, false).getId());
    }

    private int idUnder(String subject, String text, String path, ConfluentCalls.Request<Integer> request) {
        Registration registration = new Registration(subject, text);
        Integer known = ids.get(registration);
        if (known != null) {
            return known;
        }
        String what = "/subjects/" + encoded(subject) + path;
        int id = present(what, calls.call("POST", what, request));
        ids.put(registration, id);
        return id;
    }

    @Override
    public Schema schemaById(int id) {
        Schema known = schemas.get(id);
        if (known != null) {
            return known;
        }
        SchemaString answer = calls.call("GET", "/schemas/ids/" + id, () -> rest.getId(id));
        boolean refers = answer.getReferences() != null && !answer.getReferences().isEmpty();
        Schema schema = PublishedSchema.parse(id, answer.getSchemaType(), refers,
                Optional.ofNullable(answer.getSchemaString()).orElse(""));
        schemas.put(id, schema);
        return schema;
    }

    @Override
    public List<Integer> idsOf(String subject) {
        String versions = "/subjects/" + encoded(subject) + "/versions";
        List<Integer> result = new ArrayList<>();
        try {
            for (Integer version : calls.call("GET", versions, () -> rest.getAllVersions(subject))) {
                String what = versions + "/" + version;
                result.add(present(what, calls.call("GET", what, () -> rest.getVersion(subject, version).getId())));
            }
        } catch (RegistryException e) {
            if (e.kind() != Kind.NOT_FOUND) {
                throw e;
            }
            // The subject does not exist, or was deleted meanwhile.
            return List.of();
        }
        return List.copyOf(result);
    }

    @Override
    public List<String> incompatibilities(String subject, Schema schema) {
        RegistryCalls any = (method, path, body) -> calls.call(method, path, () -> rest.httpRequest(path, method,
                body.map(json -> json.toString().getBytes(StandardCharsets.UTF_8)).orElse(null), RestService.DEFAULT_REQUEST_PROPERTIES,
                ANY_JSON));
        return new CompatibilityCheck(any, () -> compatibility(subject)).ask(encoded(subject),
                JsonNodeFactory.instance.objectNode().put("schema", PublishedSchema.textOf(schema)));
    }

    @Override
    public Optional<String> compatibility(String subject) {
        Config config;
        try {
            config = calls.call("GET", "/config/" + encoded(subject),
                    () -> rest.getConfig(RestService.DEFAULT_REQUEST_PROPERTIES, subject, true));
        } catch (RegistryException e) {
            if (e.kind() != Kind.NOT_FOUND) {
                throw e;
            }
            // A registry that does not know the parameter says that the subject has no level of its own.
            config = calls.call("GET", "/config", () -> rest.getConfig(null));
        }
        return Optional.ofNullable(config.getCompatibilityLevel());
    }

    @Override
    public void setCompatibility(String subject, String level) {
        calls.call("PUT", "/config/" + encoded(subject), () -> rest.updateCompatibility(level, subject));
    }

    /** Ends the threads of requests that are still without an answer. */
    @Override
    public void close() {
        calls.close();
        try {
            rest.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the registry's client does not close", e);
        }
    }

    /** The library leaves 0, or nothing, where an answer has no such field; no registry gives such an id. */
    private static int present(String what, Integer id) {
        if (id == null || id == 0) {
            throw new RegistryException(Kind.UNAVAILABLE, what + ": the answer has no number \"id\"; is this a Schema Registry?");
        }
        return id;
    }

    private static String encoded(String subject) {
        return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
