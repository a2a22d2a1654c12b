package io.jobwatch.registry;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/**
 * Replaces Avro's own lists in a decoded record by {@link ArrayList}s. {@code GenericData.Array} compares and hashes its elements with a
 * data model that knows no logical types: with an optional timestamp in an element, {@code equals} throws "Unknown datum type
 * java.time.Instant".
 */
final class PlainLists {
    private record Step(int position, boolean list, PlainLists inside) {
    }

    private final List<Step> steps = new ArrayList<>();

    /**
     * Finds lists in records, in lists of records, and in optional ones; none of jobwatch's schemas hides one elsewhere or is recursive.
     */
    PlainLists(Schema schema) {
        for (Schema.Field field : schema.getFields()) {
            Schema type = required(field.schema());
            boolean list = type.getType() == Schema.Type.ARRAY;
            Schema inner = list ? type.getElementType() : type;
            PlainLists inside = inner.getType() == Schema.Type.RECORD ? new PlainLists(inner) : null;
            if (list || inside != null && !inside.steps.isEmpty()) {
                steps.add(new Step(field.pos(), list, inside));
            }
        }
    }

    private static Schema required(Schema schema) {
        return schema.isNullable() && schema.isUnion() ? schema.getTypes().get(schema.getTypes().size() - 1) : schema;
    }

    void putInto(SpecificRecord decoded) {
        for (Step step : steps) {
            Object value = decoded.get(step.position());
            if (!step.list()) {
                if (value != null) {
                    step.inside().putInto((SpecificRecord) value);
                }
            } else if (value instanceof List<?> list) {
                decoded.put(step.position(), new ArrayList<>(list));
                if (step.inside() != null && !step.inside().steps.isEmpty()) {
                    list.forEach(element -> step.inside().putInto((SpecificRecord) element));
                }
            }
        }
    }
}
