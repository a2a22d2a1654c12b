package io.jobwatch.topic.deadletter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;

/** Avro's generic values as JSON for people: times as ISO-8601 in UTC, bytes in hexadecimal, values of unions without their type. */
final class AvroJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final GenericData data = new GenericData();

    AvroJson() {
        data.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
    }

    /** {@return with which values must be read} */
    GenericData data() {
        return data;
    }

    ObjectNode object() {
        return JSON.objectNode();
    }

    JsonNode of(Object value) {
        if (value == null) {
            return JSON.nullNode();
        } else if (value instanceof Boolean flag) {
            return JSON.booleanNode(flag);
        } else if (value instanceof Integer number) {
            return JSON.numberNode(number);
        } else if (value instanceof Long number) {
            return JSON.numberNode(number);
        } else if (value instanceof Float number) {
            return JSON.numberNode(number);
        } else if (value instanceof Double number) {
            return JSON.numberNode(number);
        } else if (value instanceof IndexedRecord fields) {
            ObjectNode object = object();
            for (Schema.Field field : fields.getSchema().getFields()) {
                object.set(field.name(), of(fields.get(field.pos())));
            }
            return object;
        } else if (value instanceof Collection<?> items) {
            ArrayNode array = JSON.arrayNode();
            items.forEach(item -> array.add(of(item)));
            return array;
        } else if (value instanceof Map<?, ?> entries) {
            ObjectNode object = object();
            entries.forEach((name, entry) -> object.set(name.toString(), of(entry)));
            return object;
        } else if (value instanceof ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            return JSON.textNode(HexFormat.of().formatHex(copy));
        } else if (value instanceof GenericFixed fixed) {
            return JSON.textNode(HexFormat.of().formatHex(fixed.bytes()));
        }
        return JSON.textNode(value.toString());   // strings, enum symbols, times
    }
}
