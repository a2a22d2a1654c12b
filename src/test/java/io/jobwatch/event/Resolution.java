package io.jobwatch.event;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;

/**
 * What a reader must make of a record, said once more without Avro's resolver: what both versions have is the same, what only the reader
 * has is its default, and a symbol that it does not know is the enum's default.
 */
final class Resolution {
    private final List<String> differences = new ArrayList<>();

    private Resolution() {
    }

    /** {@return where the reader found something else than it should, with the path of the field} */
    static List<String> differences(Schema writer, Object written, Schema reader, Object read) {
        Resolution resolution = new Resolution();
        resolution.compare(reader.getName(), writer, written, reader, read);
        return resolution.differences;
    }

    private void compare(String path, Schema writer, Object written, Schema reader, Object read) {
        if (writer.isUnion()) {
            compare(path, writer.getTypes().get(GenericData.get().resolveUnion(writer, written)), written, reader, read);
        } else if (reader.isUnion()) {
            if (read == null || written == null) {
                expect(path, written, read);
            } else {
                compare(path, writer, written, reader.getTypes().get(GenericData.get().resolveUnion(reader, read)), read);
            }
        } else {
            compareTyped(path, writer, written, reader, read);
        }
    }

    private void compareTyped(String path, Schema writer, Object written, Schema reader, Object read) {
        switch (reader.getType()) {
            case RECORD -> compareFields(path, writer, (IndexedRecord) written, reader, (IndexedRecord) read);
            case ENUM -> expect(path, reader.hasEnumSymbol(written.toString()) ? written.toString() : reader.getEnumDefault(),
                    read.toString());
            case STRING -> expect(path, written.toString(), read.toString());
            case ARRAY -> {
                List<?> items = (List<?>) written;
                List<?> found = (List<?>) read;
                expect(path + " (items)", items.size(), found.size());
                for (int i = 0; i < Math.min(items.size(), found.size()); i++) {
                    compare(path + "[" + i + "]", writer.getElementType(), items.get(i), reader.getElementType(), found.get(i));
                }
            }
            case MAP -> {
                Map<?, ?> entries = (Map<?, ?>) written;
                Map<?, ?> found = (Map<?, ?>) read;
                expect(path + " (entries)", entries.size(), found.size());
                found.forEach((key, value) -> entries.forEach((name, expected) -> {
                    if (name.toString().equals(key.toString())) {
                        compare(path + "{" + key + "}", writer.getValueType(), expected, reader.getValueType(), value);
                    }
                }));
            }
            default -> expect(path, written, read);
        }
    }

    private void compareFields(String path, Schema writer, IndexedRecord written, Schema reader, IndexedRecord read) {
        for (Schema.Field field : reader.getFields()) {
            String at = path + "." + field.name();
            Schema.Field source = writer.getField(field.name());
            if (source == null) {
                expect(at + " (default)", GenericData.get().getDefaultValue(field), read.get(field.pos()));
            } else {
                compare(at, source.schema(), written.get(source.pos()), field.schema(), read.get(field.pos()));
            }
        }
    }

    private void expect(String path, Object expected, Object found) {
        if (!Objects.equals(expected, found)) {
            differences.add(path + ": expected " + expected + ", read " + found);
        }
    }
}
