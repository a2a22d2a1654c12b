package io.jobwatch.query.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;

/**
 * Writes decoded records as JSON without an object tree between: the fields and their names as in the Avro schema, times as ISO-8601 in
 * UTC, enums by their names, what is absent as null.
 */
final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();
    /** The names of a record's fields as they are written, so that not each of them is looked at for what needs escaping each time. */
    private static final ClassValue<SerializableString[]> NAMES = new ClassValue<>() {
        @Override
        protected SerializableString[] computeValue(Class<?> type) {
            return SpecificData.get().getSchema(type).getFields().stream().map(Schema.Field::name).map(SerializedString::new)
                    .toArray(SerializableString[]::new);
        }
    };

    /** Writes a document. */
    @FunctionalInterface
    interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    private Json() {
    }

    static byte[] bytes(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(2048);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            body.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return bytes.toByteArray();
    }

    /** Writes a record as an object of its own. */
    static void writeRecord(JsonGenerator json, IndexedRecord record) throws IOException {
        json.writeStartObject();
        writeFields(json, record);
        json.writeEndObject();
    }

    /** Writes the fields of a record into the object that is open. */
    static void writeFields(JsonGenerator json, IndexedRecord record) throws IOException {
        SerializableString[] names = NAMES.get(record.getClass());
        for (int field = 0; field < names.length; field++) {
            json.writeFieldName(names[field]);
            writeValue(json, record.get(field));
        }
    }

    private static void writeValue(JsonGenerator json, Object value) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof CharSequence || value instanceof Enum<?>) {
            json.writeString(value.toString());
        } else if (value instanceof Instant instant) {
            InstantText.write(json, instant);
        } else if (value instanceof IndexedRecord record) {
            writeRecord(json, record);
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object element : list) {
                writeValue(json, element);
            }
            json.writeEndArray();
        } else if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName(entry.getKey().toString());
                writeValue(json, entry.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value instanceof Number number) {
            json.writeNumber(number.longValue());
        } else {
            throw new IllegalStateException("no JSON for a " + value.getClass().getName());
        }
    }
}
