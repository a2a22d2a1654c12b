package io.jobwatch.event;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;

/** Makes any value that a schema allows, as Avro's generic data; a time is its number. */
final class AnyRecord {
    private static final List<String> TEXTS = List.of("", "größer", "\ud83d\ude00", "a/b\n\u0000", "encoder-eu");
    private static final int MOST_ITEMS = 3;

    private final Random random;

    AnyRecord(Random random) {
        this.random = random;
    }

    /** {@return a value of a schema, which must not be recursive} */
    Object of(Schema schema) {
        return switch (schema.getType()) {
            case NULL -> null;
            case BOOLEAN -> random.nextBoolean();
            case INT -> random.nextInt(10) == 0 ? Integer.MIN_VALUE : random.nextInt() >> random.nextInt(32);
            case LONG -> random.nextInt(10) == 0 ? Long.MIN_VALUE : random.nextLong() >> random.nextInt(64);
            case STRING -> text();
            case ENUM -> new GenericData.EnumSymbol(schema, schema.getEnumSymbols().get(random.nextInt(schema.getEnumSymbols().size())));
            case ARRAY -> new GenericData.Array<>(schema, some(schema.getElementType()));
            case MAP -> {
                Map<String, Object> entries = new LinkedHashMap<>();
                some(schema.getValueType()).forEach(value -> entries.put(text(), value));
                yield entries;
            }
            case UNION -> of(schema.getTypes().get(random.nextInt(schema.getTypes().size())));
            case RECORD -> {
                GenericData.Record made = new GenericData.Record(schema);
                schema.getFields().forEach(field -> made.put(field.pos(), of(field.schema())));
                yield made;
            }
            default -> throw new IllegalArgumentException("no schema of jobwatch has a " + schema.getType());
        };
    }

    private List<Object> some(Schema schema) {
        return Stream.generate(() -> of(schema)).limit(random.nextInt(MOST_ITEMS + 1)).toList();
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size())) + Integer.toString(random.nextInt(1_000), Character.MAX_RADIX);
    }
}
