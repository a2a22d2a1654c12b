package io.jobwatch.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.jobwatch.registry.RegistryException.Kind;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import org.apache.avro.Schema;

/**
 * A client of Confluent's Schema Registry REST API, which Apicurio Registry ({@code ccompat}), Karapace and Redpanda speak too.
 *
 * <p>Thread-safe. A call that no address answers is repeated a few times, and ends within {@link RegistryTimeouts#call()}. Schemas are
 * sent as in their {@code .avsc} files, without the hints that Avro's compiler leaves for Java.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/develop/api.html">Schema Registry API Reference</a>
 */
public final class HttpSchemaRegistry implements SchemaRegistry {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private record Registration(String subject, String schema) {
    }

    private final RegistryCalls http;
    private final Runnable end;
    private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();
    private final Map<Registration, Integer> ids = new ConcurrentHashMap<>();

    /**
     * @param urls       base addresses of one registry, asked in turn until one answers; at least one
     * @param properties settings under the names of Confluent's client, listed in ops/schema-registry.md
     * @throws io.jobwatch.config.ConfigException if an address or a setting is wrong, or a store cannot be read
     */
    public HttpSchemaRegistry(List<URI> urls, Map<String, String> properties) {
        this(urls, properties, RegistryTimeouts.DEFAULT);
    }

    /** As {@link #HttpSchemaRegistry(List, Map)}, with other time-outs. */
    public HttpSchemaRegistry(List<URI> urls, Map<String, String> properties, RegistryTimeouts timeouts) {
        this(urls, properties, timeouts, () -> ThreadLocalRandom.current().nextDouble());
    }

    /** @param chance numbers from 0 to 1 that spread the repetitions of clients that failed together */
    HttpSchemaRegistry(List<URI> urls, Map<String, String> properties, RegistryTimeouts timeouts, DoubleSupplier chance) {
        this(builtIn(urls, RegistrySettings.of(properties, timeouts, urls.size()), chance), () -> { });
    }

    /**
     * A client over other connections than the JDK's.
     *
     * @param http gives the addresses, and no secret, as its text
     * @param end  closes it
     */
    HttpSchemaRegistry(RegistryCalls http, Runnable end) {
        this.http = http;
        this.end = end;
    }

    private static RegistryCalls builtIn(List<URI> urls, RegistrySettings settings, DoubleSupplier chance) {
        return new RegistryFailover(HttpEndpoint.of(RegistryAddress.of(urls, settings.credentials()), settings), settings.patience(),
                chance);
    }

    /**
     * {@return the addresses of a list separated by commas, as configurations hold it}
     *
     * @throws io.jobwatch.config.ConfigException if one is no URI; the message shows no password
     */
    public static List<URI> urls(String commaSeparated) {
        return RegistryAddress.parse(commaSeparated);
    }

    @Override
    public int register(String subject, Schema schema) {
        return idUnder(new Registration(subject, PublishedSchema.textOf(schema)), "/subjects/" + encoded(subject) + "/versions");
    }

    @Override
    public int idOf(String subject, Schema schema) {
        return idUnder(new Registration(subject, PublishedSchema.textOf(schema)), "/subjects/" + encoded(subject));
    }

    private int idUnder(Registration registration, String path) {
        Integer known = ids.get(registration);
        if (known != null) {
            return known;
        }
        JsonNode request = JSON.objectNode().put("schema", registration.schema());
        int id = intField(http.call("POST", path, Optional.of(request)), "id", path);
        ids.put(registration, id);
        return id;
    }

    /**
     * {@inheritDoc}
     *
     * <p>A schema that is not Avro, refers to other schemas or cannot be parsed counts as {@code NOT_FOUND}: asking again will not help.
     */
    @Override
    public Schema schemaById(int id) {
        Schema known = schemas.get(id);
        if (known != null) {
            return known;
        }
        JsonNode answer = http.call("GET", "/schemas/ids/" + id, Optional.empty());
        Schema schema = PublishedSchema.parse(id, answer.path("schemaType").asText(null), !answer.path("references").isEmpty(),
                answer.path("schema").asText());
        schemas.put(id, schema);
        return schema;
    }

    @Override
    public List<Integer> idsOf(String subject) {
        String versions = "/subjects/" + encoded(subject) + "/versions";
        List<Integer> result = new ArrayList<>();
        try {
            for (JsonNode version : http.call("GET", versions, Optional.empty())) {
                String path = versions + "/" + version.asInt();
                result.add(intField(http.call("GET", path, Optional.empty()), "id", path));
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
        return new CompatibilityCheck(http, () -> compatibility(subject))
                .ask(encoded(subject), JSON.objectNode().put("schema", PublishedSchema.textOf(schema)));
    }

    @Override
    public Optional<String> compatibility(String subject) {
        JsonNode answer;
        try {
            answer = http.call("GET", "/config/" + encoded(subject) + "?defaultToGlobal=true", Optional.empty());
        } catch (RegistryException e) {
            if (e.kind() != Kind.NOT_FOUND) {
                throw e;
            }
            // A registry that does not know the parameter says that the subject has no level of its own.
            answer = http.call("GET", "/config", Optional.empty());
        }
        return Optional.of(answer.path("compatibilityLevel").asText()).filter(level -> !level.isEmpty());
    }

    @Override
    public void setCompatibility(String subject, String level) {
        http.call("PUT", "/config/" + encoded(subject), Optional.of(JSON.objectNode().put("compatibility", level)));
    }

    /** Shows addresses and no secret. */
    @Override
    public String toString() {
        return "HttpSchemaRegistry[" + http + "]";
    }

    /** The JDK's client holds no more than daemon threads, which end with it. */
    @Override
    public void close() {
        end.run();
    }

    private static int intField(JsonNode answer, String name, String path) {
        JsonNode field = answer.path(name);
        if (!field.canConvertToInt()) {
            throw new RegistryException(Kind.UNAVAILABLE, path + ": the answer has no number \"" + name + "\"; is this a Schema Registry?");
        }
        return field.asInt();
    }

    private static String encoded(String subject) {
        return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
