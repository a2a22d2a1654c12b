package io.jobwatch.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The registry's records in its log, in the JSON of Confluent's {@code _schemas} topic. One is our own: {@code NOOP} carries the last id,
 * so that an id is not given again after its schema was deleted for good.
 */
final class LogRecords {
    /** The kinds of keys. */
    enum KeyType { SCHEMA, CONFIG, MODE, DELETE_SUBJECT, NOOP }

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private LogRecords() {
    }

    static String schemaKey(String subject, int version) {
        return key(KeyType.SCHEMA).put("subject", subject).put("version", version).put("magic", 1).toString();
    }

    static String schemaValue(SchemaVersion version) {
        return JSON.objectNode().put("subject", version.subject()).put("version", version.version()).put("id", version.id())
                .put("schema", version.schema()).put("deleted", version.deleted()).toString();
    }

    static SchemaVersion schemaVersion(JsonNode value) {
        return new SchemaVersion(value.path("subject").asText(), value.path("version").asInt(), value.path("id").asInt(),
                value.path("schema").asText(), value.path("deleted").asBoolean());
    }

    /** @param subject null for the level of all subjects without their own */
    static String configKey(String subject) {
        return key(KeyType.CONFIG).put("subject", subject).put("magic", 0).toString();
    }

    static String configValue(CompatibilityLevel level) {
        return JSON.objectNode().put("compatibilityLevel", level.name()).toString();
    }

    /** @param subject null for the mode of all subjects without their own */
    static String modeKey(String subject) {
        return key(KeyType.MODE).put("subject", subject).put("magic", 0).toString();
    }

    static String modeValue(String mode) {
        return JSON.objectNode().put("mode", mode).toString();
    }

    static String deleteSubjectKey(String subject) {
        return key(KeyType.DELETE_SUBJECT).put("subject", subject).put("magic", 0).toString();
    }

    /** @param version the last version that is deleted */
    static String deleteSubjectValue(String subject, int version) {
        return JSON.objectNode().put("subject", subject).put("version", version).toString();
    }

    static String lastIdKey() {
        return key(KeyType.NOOP).put("magic", 0).toString();
    }

    static String lastIdValue(int id) {
        return JSON.objectNode().put("lastId", id).toString();
    }

    private static ObjectNode key(KeyType type) {
        return JSON.objectNode().put("keytype", type.name());
    }

    static JsonNode parse(String record) {
        try {
            return MAPPER.readTree(record);
        } catch (JsonProcessingException e) {
            throw new EmbeddedException("the embedded Schema Registry cannot read its log: not JSON: " + e.getOriginalMessage()
                    + "; restore the data folder from a backup, or move it away to start empty", e);
        }
    }
}
