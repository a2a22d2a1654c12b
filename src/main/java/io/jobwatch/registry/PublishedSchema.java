package io.jobwatch.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jobwatch.registry.RegistryException.Kind;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.apache.avro.generic.GenericData;

/**
 * A schema as it is published: without {@code avro.java.string}, which Avro's compiler puts on each string of a generated class. It means
 * nothing to others, and with it the text would differ from the {@code .avsc} file, so that the same schema could get a second id.
 */
public final class PublishedSchema {
    private static final JsonMapper MAPPER = new JsonMapper();

    private PublishedSchema() {
    }

    /**
     * {@return the schema of a text from a registry} Written elsewhere, perhaps under laxer rules: it only has to be good enough to read
     * with.
     *
     * @throws AvroRuntimeException if it is none
     */
    static Schema parse(String text) {
        try {
            return new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false).parse(text);
        } catch (NullPointerException e) {
            // Avro 1.12 throws it when the whole schema is a name that nothing defines.
            throw new SchemaParseException(e);
        }
    }

    /**
     * {@return the schema that a registry has behind an id}
     *
     * @param type   null for Avro
     * @param refers whether it refers to other schemas
     * @throws RegistryException of kind {@code NOT_FOUND} if it cannot be read with: asking again will not help
     */
    static Schema parse(int id, String type, boolean refers, String text) {
        if (type != null && !type.equals("AVRO")) {
            throw new RegistryException(Kind.NOT_FOUND, "schema " + id + " is of type " + type + ", not AVRO");
        }
        if (refers) {
            throw new RegistryException(Kind.NOT_FOUND, "schema " + id + " refers to other schemas, which is not supported");
        }
        try {
            return parse(text);
        } catch (AvroRuntimeException e) {
            throw new RegistryException(Kind.NOT_FOUND, "schema " + id + " is no Avro schema: " + e.getMessage(), e);
        }
    }

    /** {@return the text that a registry is given: the schema with all that it refers to} */
    public static String textOf(Schema schema) {
        try {
            JsonNode json = MAPPER.readTree(schema.toString());
            strip(json);
            // Through the parser once more, for the text's one usual form: {"type": "string"} becomes "string".
            return new Schema.Parser().parse(json.toString()).toString();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a schema's text is JSON", e);
        }
    }

    private static void strip(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove(GenericData.STRING_PROP);
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                if (!field.getKey().equals("default")) {
                    strip(field.getValue());
                }
            }
        } else {
            node.forEach(PublishedSchema::strip);
        }
    }
}
