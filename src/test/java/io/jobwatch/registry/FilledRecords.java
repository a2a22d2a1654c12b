package io.jobwatch.registry;

import io.jobwatch.event.EventRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;

/** Makes records in which no field has its default: a field that is lost on the way shows. */
public final class FilledRecords {
    private int counter;

    private FilledRecords() {
    }

    public static EventRecord filled(Schema schema) {
        TrustedEvents.allow();
        return (EventRecord) new FilledRecords().value(schema);
    }

    private Object value(Schema schema) {
        counter++;
        return switch (schema.getType()) {
            case RECORD -> {
                EventRecord made = (EventRecord) SpecificData.newInstance(SpecificData.get().getClass(schema), schema);
                schema.getFields().forEach(field -> made.put(field.pos(), value(field.schema())));
                yield made;
            }
            case ENUM -> {
                int notTheFirst = 1 + counter % (schema.getEnumSymbols().size() - 1);
                yield SpecificData.get().createEnum(schema.getEnumSymbols().get(notTheFirst), schema);
            }
            case ARRAY -> List.of(value(schema.getElementType()), value(schema.getElementType()));
            case MAP -> Map.of("key " + counter, value(schema.getValueType()));
            case UNION -> value(schema.getTypes().get(1));
            case STRING -> "täxt " + counter;
            case INT -> counter;
            case LONG -> schema.getLogicalType() == null ? (Object) (long) counter : Instant.ofEpochMilli(1_700_000_000_123L + counter);
            case BOOLEAN -> true;
            default -> throw new IllegalStateException("no schema of jobwatch has a " + schema.getType());
        };
    }
}
