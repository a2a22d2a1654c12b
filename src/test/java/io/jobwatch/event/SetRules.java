package io.jobwatch.event;

import io.jobwatch.event.SchemaSet.Definition;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;

/** What holds for the schemas of one version, so that the next one can be compatible and a reader needs nothing but them. */
final class SetRules {
    private static final String NAMESPACE = "io.jobwatch.event";
    private static final Pattern ORIGIN = Pattern.compile("From the (service|poller|topology|configuration)[.,;]");

    private final List<String> broken = new ArrayList<>();

    private SetRules() {
    }

    /** {@return what is broken, each with the path of the field; empty where all is well} */
    static List<String> broken(SchemaSet set) {
        SetRules rules = new SetRules();
        set.files().forEach((file, schema) -> {
            if (!file.equals(schema.getName()) || !NAMESPACE.equals(schema.getNamespace())) {
                rules.add(file, "the file defines " + schema.getFullName() + ": one type a file, named as the file, in " + NAMESPACE);
            }
        });
        set.definitions().values().forEach(rules::check);
        return List.copyOf(rules.broken);
    }

    private void check(Definition definition) {
        Schema schema = definition.schema();
        documented(definition.path(), schema.getDoc());
        withoutAliases(definition.path(), schema.getAliases());
        switch (schema.getType()) {
            case ENUM -> {
                if (schema.getEnumDefault() == null) {
                    add(definition.path(), "an enum needs a default: a reader takes a symbol that it does not know for it");
                }
            }
            case RECORD -> schema.getFields().forEach(field -> check(definition.path() + "." + field.name(), field));
            default -> add(definition.path(), "only records and enums are used, not " + schema.getType());
        }
    }

    private void check(String path, Schema.Field field) {
        documented(path, field.doc());
        withoutAliases(path, field.aliases());
        String doc = field.doc() == null ? "" : field.doc();
        says(path, doc, ORIGIN, "does not say where the value is from (From the service, poller, topology or configuration.)");
        Schema type = field.schema();
        if (type.isUnion()) {
            optional(path, field);
            says(path, doc, Pattern.compile("\\b[Nn]ull\\b"), "does not say when it is null");
            type = type.getTypes().get(type.getTypes().size() - 1);
        }
        LogicalType logical = type.getLogicalType();
        if (logical != null) {
            says(path, doc, Pattern.compile("UTC milliseconds"), "does not say that the time is in UTC milliseconds");
            if (!logical.getName().equals("timestamp-millis")) {
                add(path, "is a " + logical.getName() + ": times are timestamp-millis");
            }
        }
        if (field.name().endsWith("Millis")) {
            says(path, doc, Pattern.compile("milliseconds"), "does not say that the unit is milliseconds");
        }
    }

    private void optional(String path, Schema.Field field) {
        List<Schema> branches = field.schema().getTypes();
        if (branches.size() != 2 || branches.get(0).getType() != Schema.Type.NULL) {
            add(path, "an optional field is null or one other type, in this order");
        } else if (!field.hasDefaultValue()) {
            add(path, "an optional field has the default null");
        }
    }

    private void documented(String path, String doc) {
        if (doc == null || doc.isBlank()) {
            add(path, "has no doc");
        }
    }

    private void says(String path, String doc, Pattern wanted, String otherwise) {
        if (!wanted.matcher(doc).find()) {
            add(path, "its doc " + otherwise);
        }
    }

    private void withoutAliases(String path, Set<String> aliases) {
        if (!aliases.isEmpty()) {
            add(path, "has the aliases " + aliases + ": a name stays for ever, and two for one thing are read as one");
        }
    }

    private void add(String path, String rule) {
        broken.add(path + ": " + rule);
    }
}
