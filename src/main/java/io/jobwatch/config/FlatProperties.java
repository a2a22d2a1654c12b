package io.jobwatch.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** Reads settings of a client: {@code ssl.truststore.type: PEM}, or the same nested. Values may hold passwords and are never shown. */
final class FlatProperties {
    private final Map<String, String> properties = new LinkedHashMap<>();
    private final Map<String, Kind<?>> kinds;

    private FlatProperties(Map<String, Kind<?>> kinds) {
        this.kinds = kinds;
    }

    static Map<String, String> read(Fields section, String key) {
        return read(section, key, Map.of());
    }

    /** @param kinds of the settings that are read here and not by the client alone; they are no secrets */
    static Map<String, String> read(Fields section, String key, Map<String, Kind<?>> kinds) {
        FlatProperties reading = new FlatProperties(kinds);
        section.section(key).ifPresent(fields -> reading.add(fields, ""));
        return Map.copyOf(reading.properties);
    }

    private void add(Fields fields, String prefix) {
        fields.all().forEach((key, value) -> {
            String name = prefix + key;
            if (value.isMapping()) {
                value.fields().ifPresent(inner -> add(inner, name + "."));
            } else {
                if (kinds.containsKey(name) && value.value(kinds.get(name)).isEmpty()) {
                    return;   // noted, with the text
                }
                value.secret(Kinds.TEXT).ifPresent(text -> {
                    if (properties.putIfAbsent(name, text) != null) {
                        value.problem("the setting " + name + " is there already");
                    }
                });
            }
        });
    }
}
