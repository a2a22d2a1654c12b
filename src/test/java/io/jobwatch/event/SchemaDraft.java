package io.jobwatch.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/** The current schemas as somebody might change them. */
final class SchemaDraft {
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Map<String, ObjectNode> files = new TreeMap<>();

    static SchemaDraft ofCurrent() throws IOException {
        SchemaDraft draft = new SchemaDraft();
        for (String file : SchemaSet.current().files().keySet()) {
            draft.files.put(file, json(Files.readString(SchemaSet.FOLDER.resolve(file + ".avsc"))));
        }
        return draft;
    }

    /** {@return the JSON of a file, to be changed} */
    ObjectNode file(String name) {
        return files.get(name);
    }

    /** Adds a file. */
    void file(String name, String schema) {
        files.put(name, json(schema));
    }

    /** Takes a file away, or brings what it holds under another name. */
    ObjectNode remove(String name) {
        return files.remove(name);
    }

    /** {@return a field of a record in a file, to be changed} */
    ObjectNode field(String file, String name) {
        return (ObjectNode) StreamSupport.stream(fields(file).spliterator(), false)
                .filter(field -> field.path("name").asText().equals(name)).findFirst().orElseThrow();
    }

    /** Adds a field behind the others. */
    void addField(String file, String field) {
        fields(file).add(json(field));
    }

    void removeField(String file, String name) {
        ArrayNode fields = fields(file);
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).path("name").asText().equals(name)) {
                fields.remove(i);
                return;
            }
        }
        throw new IllegalArgumentException(file + " has no " + name);
    }

    /** Puts something in the place of the type of a field. */
    ObjectNode type(String file, String field, String type) {
        try {
            JsonNode json = MAPPER.readTree(type);
            return field(file, field).set("type", json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(type, e);
        }
    }

    private ArrayNode fields(String file) {
        return (ArrayNode) files.get(file).get("fields");
    }

    SchemaSet set(String version) {
        Map<String, String> texts = new TreeMap<>();
        files.forEach((file, json) -> texts.put(file, json.toString()));
        return SchemaSet.parse(version, texts);
    }

    /** {@return JSON, in which apostrophes may stand for quotation marks} */
    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) MAPPER.readTree(text.contains("\"") ? text : text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
