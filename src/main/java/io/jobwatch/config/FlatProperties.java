package io.jobwatch.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** Reads settings of a client: {@code ssl.truststore.type: PEM}, or the same nested. Values may hold passwords and are never shown. */
final class FlatProperties {
    private final Map<String, String> properties = new LinkedHashMap<>();

    private FlatProperties() {
    }

    static Map<String, String> read(Fields section, String key) {
        FlatProperties reading = new FlatProperties();
        section.section(key).ifPresent(fields -> reading.add(fields, ""));
        return Map.copyOf(reading.properties);
    }

    private void add(Fields fields, String prefix) {
        fields.all().forEach((key, value) -> {
            String name = prefix + key;
            if (value.isMapping()) {
                value.fields().ifPresent(inner -> add(inner, name + "."));
            } else {
                value.secret(Kinds.TEXT).ifPresent(text -> {
                    if (properties.putIfAbsent(name, text) != null) {
                        value.problem("the setting " + name + " is there already");
                    }
                });
            }
        });
    }
}
