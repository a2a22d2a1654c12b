package io.jobwatch.query.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidatorTypeCode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Holds answers against an OpenAPI document, and remembers which of those that it promises were seen. */
final class OpenApiContract {
    private static final String ADDRESS = "https://jobwatch.test/openapi.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode document;
    private final JsonSchemaFactory schemas;
    private final SchemaValidatorsConfig strict = SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
    private final Set<String> seen = new HashSet<>();

    OpenApiContract(String document) throws Exception {
        this.document = JSON.readTree(document);
        this.schemas = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012,
                builder -> builder.metaSchema(dialect()).schemaLoaders(loaders -> loaders.schemas(Map.of(ADDRESS, document))));
    }

    /** What an OpenAPI document has beside schemas says nothing of values. */
    private static JsonMetaSchema dialect() {
        JsonMetaSchema draft = JsonMetaSchema.getV202012();
        return JsonMetaSchema.builder(draft.getIri(), draft)
                .keywords(Stream.of("openapi", "info", "servers", "security", "tags", "paths", "components")
                        .map(NonValidationKeyword::new).toList())
                .keyword(ValidatorTypeCode.DISCRIMINATOR).build();
    }

    JsonNode document() {
        return document;
    }

    /** {@return the node, or what it refers to} */
    JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
    }

    /** {@return the pointer of the node at a pointer, or of what that refers to} */
    private String resolve(String pointer) {
        JsonNode node = document.at(pointer);
        return node.has("$ref") ? node.get("$ref").asText().substring(1) : pointer;
    }

    /**
     * Fails unless the document promises such an answer.
     *
     * @param body null for one that has no end
     */
    void check(String path, int status, Map<String, String> headers, String body) throws Exception {
        String responses = "/paths/" + path.replace("~", "~0").replace("/", "~1") + "/get/responses/";
        String code = document.at(responses + status).isMissingNode() ? "default" : Integer.toString(status);
        String response = resolve(responses + code);
        assertThat(document.at(response).isObject()).as("the document has the answer %d of %s", status, path).isTrue();
        seen.add(path + " " + code);
        document.at(response).path("headers").properties().forEach(header -> {
            boolean required = resolve(header.getValue()).path("required").asBoolean();
            assertThat(headers.containsKey(header.getKey()) || !required).as("%s of %s %d", header.getKey(), path, status).isTrue();
        });
        String type = headers.get("Content-Type").replaceAll(";.*", "").strip();
        String schema = response + "/content/" + type.replace("/", "~1") + "/schema";
        assertThat(document.at(schema).isObject()).as("%s %d may be %s", path, status, type).isTrue();
        seen.add(path + " " + code + " " + type);
        if (type.endsWith("json")) {
            assertThat(schemas.getSchema(SchemaLocation.of(ADDRESS + "#" + schema), strict).validate(JSON.readTree(body)))
                    .as("%s %d: %s", path, status, body).isEmpty();
        }
    }

    /** {@return the answers with their content that the document promises and that were not seen} */
    Set<String> unseen() {
        Set<String> unseen = new TreeSet<>();
        document.get("paths").properties().forEach(path -> path.getValue().at("/get/responses").properties().forEach(response ->
                resolve(response.getValue()).get("content").fieldNames().forEachRemaining(type ->
                        unseen.add(path.getKey() + " " + response.getKey() + " " + type))));
        unseen.removeAll(seen);
        return unseen;
    }

    /** {@return what the meta-schema of JSON Schema has to say against a schema of the document} */
    Set<?> problemsOf(JsonNode schema) {
        return schemas.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"), strict).validate(schema);
    }
}
