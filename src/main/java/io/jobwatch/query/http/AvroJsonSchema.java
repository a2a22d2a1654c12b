package io.jobwatch.query.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** JSON Schemas of what {@link Json} writes of records: the same names, types, texts and nulls as in their Avro schemas. */
final class AvroJsonSchema {
    private final ObjectNode schemas;

    /** @param schemas where the schemas go, by the names of the records and enums */
    AvroJsonSchema(ObjectNode schemas) {
        this.schemas = schemas;
    }

    /** Adds a record, and the records and enums that it holds. */
    void add(Schema record) {
        if (schemas.has(record.getName())) {
            return;
        }
        ObjectNode object = schemas.putObject(record.getName()).put("type", "object");
        describe(object, record.getDoc());
        ObjectNode properties = object.putObject("properties");
        ArrayNode required = object.putArray("required");
        for (Schema.Field field : record.getFields()) {
            ObjectNode property = value(field.schema());
            describe(property, field.doc());
            properties.set(field.name(), property);
            required.add(field.name());
        }
        object.put("additionalProperties", false);
    }

    private ObjectNode value(Schema schema) {
        ObjectNode value = JsonNodeFactory.instance.objectNode();
        switch (schema.getType()) {
            case STRING -> value.put("type", "string");
            case BOOLEAN -> value.put("type", "boolean");
            case INT -> value.put("type", "integer").put("format", "int32");
            case LONG -> {
                if (schema.getLogicalType() instanceof LogicalTypes.TimestampMillis) {
                    value.put("type", "string").put("format", "date-time");
                } else {
                    value.put("type", "integer").put("format", "int64");
                }
            }
            case ARRAY -> value.put("type", "array").set("items", value(schema.getElementType()));
            case MAP -> value.put("type", "object").set("additionalProperties", value(schema.getValueType()));
            case RECORD -> {
                add(schema);
                refer(value, schema);
            }
            case ENUM -> {
                addEnum(schema);
                refer(value, schema);
            }
            case UNION -> {
                return nullable(value(schema.getTypes().get(1)));
            }
            default -> throw new IllegalStateException("no schema of jobwatch has a " + schema.getType());
        }
        return value;
    }

    /** The unions of jobwatch's schemas are null and one other type, in this order. */
    private static ObjectNode nullable(ObjectNode value) {
        if (value.has("type")) {
            String type = value.get("type").textValue();
            value.putArray("type").add(type).add("null");
            return value;
        }
        ObjectNode either = JsonNodeFactory.instance.objectNode();
        either.putArray("anyOf").add(value).addObject().put("type", "null");
        return either;
    }

    private void addEnum(Schema schema) {
        ObjectNode named = schemas.putObject(schema.getName()).put("type", "string");
        describe(named, schema.getDoc());
        ArrayNode symbols = named.putArray("enum");
        schema.getEnumSymbols().forEach(symbols::add);
    }

    private static void refer(ObjectNode value, Schema schema) {
        value.put("$ref", "#/components/schemas/" + schema.getName());
    }

    /** In a record a time is a number of milliseconds, in JSON it is text. */
    private static void describe(ObjectNode node, String doc) {
        if (doc != null) {
            node.put("description", doc.replace("UTC milliseconds", "UTC"));
        }
    }
}
