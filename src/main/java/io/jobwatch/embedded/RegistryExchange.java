package io.jobwatch.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** What every route of the registry needs: the JSON of a request, and answers as JSON. */
final class RegistryExchange {
    static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final Set<String> ACCEPTED =
            Set.of(MEDIA_TYPE, "application/vnd.schemaregistry+json", "application/json", "application/octet-stream");
    private static final JsonMapper MAPPER = new JsonMapper();

    private RegistryExchange() {
    }

    static void answer(Context context, JsonNode json) {
        answer(context, json.toString());
    }

    /** @param json a text that is JSON already */
    static void answer(Context context, String json) {
        // As bytes: for a media type that it does not know, Jetty would encode a text in ISO-8859-1.
        context.contentType(MEDIA_TYPE).result(json.getBytes(StandardCharsets.UTF_8));
    }

    static void fail(Context context, int status, int code, String message) {
        context.status(status);
        answer(context, JSON.objectNode().put("error_code", code).put("message", message));
    }

    /** {@return the object in the request's body} */
    static JsonNode body(Context context) {
        String type = context.contentType() == null ? MEDIA_TYPE : context.contentType().split(";")[0].strip();
        if (!ACCEPTED.contains(type)) {
            throw new RegistryFailure(415, 415, "HTTP 415 Unsupported Media Type: expected " + MEDIA_TYPE);
        }
        JsonNode json;
        try {
            json = MAPPER.readTree(context.bodyAsBytes());
        } catch (IOException e) {
            json = MissingNode.getInstance();
        }
        if (!json.isObject()) {
            throw new RegistryFailure(400, 400, "expected a JSON object");
        }
        return json;
    }

    /** {@return the Avro schema in the request's body, as text} */
    static String schema(Context context) {
        JsonNode body = body(context);
        String type = body.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO") && !body.path("schemaType").isNull()) {
            throw RegistryFailure.invalidSchema("type " + type + " is not supported, only AVRO");
        }
        if (!body.path("references").isEmpty()) {
            throw RegistryFailure.invalidSchema("references to other schemas are not supported");
        }
        if (!body.path("schema").isTextual() || body.path("schema").asText().isBlank()) {
            throw RegistryFailure.invalidSchema("expected its text in \"schema\"");
        }
        return body.path("schema").asText();
    }

    static boolean flag(Context context, String name) {
        return Boolean.parseBoolean(context.queryParam(name));
    }
}
