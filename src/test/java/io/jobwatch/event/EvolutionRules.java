package io.jobwatch.event;

import io.jobwatch.event.SchemaSet.Definition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/**
 * What a later version must leave as it is: all that Avro asks for so that each version reads the data of the other, and what Avro lets
 * pass though it would change what the data mean.
 */
final class EvolutionRules {
    private final String older;
    private final String newer;
    private final List<String> broken = new ArrayList<>();

    private EvolutionRules(String older, String newer) {
        this.older = older;
        this.newer = newer;
    }

    /** {@return what is broken, each with the path of the field; empty where all is well} */
    static List<String> broken(SchemaSet older, SchemaSet newer) {
        EvolutionRules rules = new EvolutionRules(older.version(), newer.version());
        Map<String, Definition> now = newer.definitions();
        older.definitions().forEach((name, before) -> rules.compare(name, before, now.get(name)));
        return Stream.concat(rules.broken.stream(), AvroRules.broken(older, newer).stream()).distinct().toList();
    }

    private void compare(String name, Definition before, Definition after) {
        Schema old = before.schema();
        if (after == null) {
            add(before.path(), "%s %s is not there any more: names and namespaces stay, readers with %s know no other", old.getType(), name,
                    older);
        } else if (old.getType() != after.schema().getType()) {
            add(before.path(), "was %s and is %s", old.getType(), after.schema().getType());
        } else if (old.getType() == Schema.Type.RECORD) {
            compareFields(before.path(), old, after.schema());
        } else if (old.getType() == Schema.Type.ENUM) {
            compareSymbols(before.path(), old, after.schema());
        }
    }

    private void compareFields(String path, Schema before, Schema after) {
        for (Schema.Field old : before.getFields()) {
            Schema.Field field = after.getField(old.name());
            if (field == null) {
                add(path + "." + old.name(), "the field was removed: readers with %s go on reading it; keep it, and say in its doc that"
                        + " it is no longer told", older);
            } else {
                compare(path + "." + old.name(), old, field);
            }
        }
        for (Schema.Field field : after.getFields()) {
            if (before.getField(field.name()) == null && !field.hasDefaultValue()) {
                add(path + "." + field.name(), "a new field needs a default: readers with %s do not find it in the data of %s", newer,
                        older);
            }
        }
    }

    private void compare(String path, Schema.Field before, Schema.Field after) {
        String old = form(before.schema());
        String now = form(after.schema());
        if (!old.equals(now)) {
            add(path, "its type was %s and is %s: readers with %s would not read it, or take it for something else", old, now, older);
        }
        if (before.hasDefaultValue() && !after.hasDefaultValue()) {
            add(path, "its default was removed: readers with %s could not do without it", newer);
        } else if (before.hasDefaultValue() && !before.defaultVal().equals(after.defaultVal())) {
            add(path, "its default was %s and is %s: readers with %s and with %s would tell the same data differently", before.defaultVal(),
                    after.defaultVal(), older, newer);
        }
    }

    private void compareSymbols(String path, Schema before, Schema after) {
        List<String> old = before.getEnumSymbols();
        List<String> now = after.getEnumSymbols();
        List<String> removed = old.stream().filter(symbol -> !now.contains(symbol)).toList();
        removed.forEach(symbol -> add(path, "symbol %s was removed: readers with %s would take it for %s in the data of %s", symbol, newer,
                after.getEnumDefault(), older));
        if (removed.isEmpty() && !now.subList(0, old.size()).equals(old)) {
            add(path, "symbols are only appended: they were %s and are %s, and readers in other languages may count them", old, now);
        }
        if (before.getEnumDefault() != null && !before.getEnumDefault().equals(after.getEnumDefault())) {
            add(path, "the default symbol was %s and is %s: readers with %s and with %s would take a new symbol for different ones",
                    before.getEnumDefault(), after.getEnumDefault(), older, newer);
        }
    }

    /** {@return a type in a word: with its logical type and the like, which Avro does not compare; a type with a name by its name} */
    private static String form(Schema schema) {
        String form = switch (schema.getType()) {
            case ARRAY -> "array of " + form(schema.getElementType());
            case MAP -> "map of " + form(schema.getValueType());
            case UNION -> schema.getTypes().stream().map(EvolutionRules::form).collect(Collectors.joining(" or "));
            default -> schema.getFullName();
        };
        return switch (schema.getType()) {
            case RECORD, ENUM, FIXED -> form;
            default -> schema.getObjectProps().isEmpty() ? form : form + " " + new TreeMap<>(schema.getObjectProps());
        };
    }

    private void add(String path, String rule, Object... facts) {
        broken.add(path + ": " + String.format(rule, facts));
    }
}
