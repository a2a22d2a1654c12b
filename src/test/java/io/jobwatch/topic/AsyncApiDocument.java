package io.jobwatch.topic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** {@code schemas/asyncapi.yaml}, as far as tests hold something against it. */
public final class AsyncApiDocument {
    public static final Path FILE = Path.of("schemas", "asyncapi.yaml");
    private static final String ADDRESS = "https://jobwatch.test/asyncapi.json";
    private static final JsonMapper MAPPER = new JsonMapper();

    private final JsonNode document;
    private final JsonSchemaFactory schemas;
    private final SchemaValidatorsConfig strict = SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

    /**
     * A channel.
     *
     * @param settings of the topic, as the broker spells them
     * @param messages their names in the document
     */
    public record Channel(String topic, String description, int partitions, Map<String, String> settings, List<String> messages) {
    }

    private AsyncApiDocument(String yaml) {
        document = MAPPER.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(yaml));
        schemas = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7, builder -> builder.metaSchema(dialect())
                .schemaLoaders(loaders -> loaders.schemas(Map.of(ADDRESS, document.toString()))));
    }

    public static AsyncApiDocument read() {
        try {
            return new AsyncApiDocument(Files.readString(FILE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a document has beside schemas says nothing of values. */
    private static JsonMetaSchema dialect() {
        JsonMetaSchema draft = JsonMetaSchema.getV7();
        return JsonMetaSchema.builder(draft.getIri(), draft)
                .keywords(Stream.of("asyncapi", "info", "defaultContentType", "servers", "channels", "operations", "components")
                        .map(NonValidationKeyword::new).toList())
                .build();
    }

    public JsonNode json() {
        return document;
    }

    /** {@return the channels as they are where the prefix is the default, by topic} */
    public Map<String, Channel> channels() {
        Map<String, Channel> channels = new HashMap<>();
        document.get("channels").forEach(channel -> {
            String prefix = resolve(channel.at("/parameters/prefix")).get("default").textValue();
            String topic = channel.get("address").textValue().replace("{prefix}", prefix);
            JsonNode kafka = channel.at("/bindings/kafka");
            assertThat(kafka.get("topic").textValue()).as("the topic of the binding").isEqualTo(topic);
            channels.put(topic, new Channel(topic, channel.get("description").textValue(), kafka.get("partitions").intValue(),
                    settings(kafka.get("topicConfiguration")), messages(channel.get("messages"))));
        });
        return channels;
    }

    private static Map<String, String> settings(JsonNode configuration) {
        Map<String, String> settings = new HashMap<>();
        configuration.properties().forEach(setting -> settings.put(setting.getKey(), setting.getValue().isArray()
                ? String.join(",", StreamSupport.stream(setting.getValue().spliterator(), false).map(JsonNode::textValue).toList())
                : setting.getValue().asText()));
        return settings;
    }

    private static List<String> messages(JsonNode messages) {
        return StreamSupport.stream(messages.spliterator(), false)
                .map(message -> message.get("$ref").textValue().replace("#/components/messages/", "")).toList();
    }

    /** {@return the file with the Avro schema of a message's value, or empty where the value is none} */
    public Optional<Path> avro(String message) {
        JsonNode payload = message(message).get("payload");
        if (!payload.has("schemaFormat")) {
            return Optional.empty();
        }
        assertThat(payload.get("schemaFormat").textValue()).isEqualTo("application/vnd.apache.avro;version=1.9.0");
        assertThat(message(message).path("contentType").asText(document.get("defaultContentType").textValue()))
                .isEqualTo("application/avro");
        return Optional.of(FILE.resolveSibling(payload.at("/schema/$ref").textValue()).normalize());
    }

    /** {@return the names of the headers that a message may have} */
    public Set<String> headers(String message) {
        Set<String> names = new TreeSet<>();
        addProperties(message(message).path("headers"), names);
        return names;
    }

    private void addProperties(JsonNode schema, Set<String> names) {
        JsonNode resolved = resolve(schema);
        resolved.path("properties").fieldNames().forEachRemaining(names::add);
        resolved.path("allOf").forEach(part -> addProperties(part, names));
    }

    /**
     * {@return what a record has that the message does not describe, and lacks that it does; empty where it is such a message}
     *
     * @param key     as text, or null
     * @param headers as text
     */
    public List<String> problems(String message, String key, Map<String, String> headers, boolean hasValue) {
        List<String> problems = new ArrayList<>();
        String at = "/components/messages/" + message;
        validate(at + "/bindings/kafka/key", MAPPER.valueToTree(key)).forEach(problem -> problems.add("key: " + problem));
        ObjectNode found = MAPPER.createObjectNode();
        headers.forEach(found::put);
        if (message(message).has("headers")) {
            validate(at + "/headers", found).forEach(problem -> problems.add("headers: " + problem));
        }
        Set<String> undescribed = new TreeSet<>(headers.keySet());
        undescribed.removeAll(headers(message));
        undescribed.forEach(name -> problems.add("headers: " + name + " is not described"));
        if (avro(message).isPresent() ? !hasValue : !allows(at + "/payload", hasValue)) {
            problems.add("payload: there is " + (hasValue ? "a value" : "no value"));
        }
        return problems;
    }

    /** Bytes that are not Avro are described as a string. */
    private boolean allows(String payload, boolean hasValue) {
        return validate(payload, MAPPER.valueToTree(hasValue ? "bytes" : null)).isEmpty();
    }

    private List<String> validate(String pointer, JsonNode value) {
        return schemas.getSchema(SchemaLocation.of(ADDRESS + "#" + pointer), strict).validate(value).stream()
                .map(Object::toString).toList();
    }

    private JsonNode message(String name) {
        return document.at("/components/messages/" + name);
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").textValue().substring(1)) : node;
    }
}
