package io.jobwatch.event;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;

/** What Avro itself says of two versions, in both directions: what a registry would refuse under FULL_TRANSITIVE. */
final class AvroRules {

    private AvroRules() {
    }

    /** {@return what is broken, each with the path of the field} Types that only one version has are not compared. */
    static List<String> broken(SchemaSet older, SchemaSet newer) {
        List<String> broken = new ArrayList<>();
        older.files().forEach((file, old) -> {
            Schema now = newer.files().get(file);
            if (now != null) {
                broken.addAll(broken(newer, now, older, old));
                broken.addAll(broken(older, old, newer, now));
            }
        });
        return broken.stream().distinct().toList();
    }

    private static List<String> broken(SchemaSet reader, Schema readers, SchemaSet writer, Schema writers) {
        return SchemaCompatibility.checkReaderWriterCompatibility(readers, writers).getResult().getIncompatibilities().stream()
                .map(found -> path(reader, readers, found) + ": readers with " + reader.version() + " cannot read data of "
                        + writer.version() + ": " + found.getType() + ", " + found.getMessage())
                .toList();
    }

    /** {@return where it is, from the type whose file it is in} Avro tells a place in the whole schema with all types put in. */
    private static String path(SchemaSet set, Schema readers, Incompatibility found) {
        Schema schema = readers;
        String path = schema.getName();
        Iterator<String> steps = Arrays.stream(found.getLocation().split("/")).filter(step -> !step.isEmpty()).iterator();
        while (steps.hasNext()) {
            String step = steps.next();
            if (step.equals("fields") && steps.hasNext()) {
                Schema.Field field = schema.getFields().get(Integer.parseInt(steps.next()));
                path += "." + field.name();
                schema = field.schema();
            } else if (step.equals("items")) {
                schema = schema.getElementType();
            } else if (step.equals("values")) {
                schema = schema.getValueType();
            } else if (schema.isUnion() && step.matches("[0-9]") && Integer.parseInt(step) < schema.getTypes().size()) {
                schema = schema.getTypes().get(Integer.parseInt(step));
            }
            if (set.files().containsValue(schema)) {
                path = schema.getName();
            }
        }
        return path;
    }
}
