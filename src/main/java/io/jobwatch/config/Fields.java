package io.jobwatch.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** The keys of a mapping. It remembers what was asked for, so that at the end every other key is an error. */
final class Fields {
    private final Cursor mapping;
    private final Map<String, Cursor> values = new LinkedHashMap<>();
    private final Map<String, Cursor> keys = new LinkedHashMap<>();
    private final Set<String> known = new LinkedHashSet<>();

    Fields(Cursor mapping, MappingNode node) {
        this.mapping = mapping;
        for (NodeTuple tuple : node.getValue()) {
            add(tuple.getKeyNode(), tuple.getValueNode());
        }
    }

    /** {@return a mapping without keys, to read the defaults from} */
    static Fields none() {
        MappingNode empty = new MappingNode(Tag.MAP, List.of(), FlowStyle.BLOCK);
        return new Fields(new Cursor(empty, "", new Variables(name -> null), new Problems(Path.of(""))), empty);
    }

    private void add(Node key, Node value) {
        if (!(key instanceof ScalarNode scalar)) {
            mapping.child(mapping.path(), key).problem("expected a word as key, found a list or mapping");
            return;
        }
        String name = scalar.getValue();
        Cursor place = mapping.child(pathOf(name), key);
        Cursor before = keys.putIfAbsent(name, place);
        if (before != null) {
            place.problem("the key is there already, at " + Problems.at(before.place()).substring(1));
            return;
        }
        values.put(name, mapping.child(pathOf(name), value));
    }

    private String pathOf(String key) {
        return mapping.path().isEmpty() ? key : mapping.path() + "." + key;
    }

    /** {@return every key with its value, in the order of the file} For mappings whose keys are free. */
    Map<String, Cursor> all() {
        known.addAll(values.keySet());
        return values;
    }

    /** {@return the value of a key, or empty where it is absent or null} */
    Optional<Cursor> get(String key) {
        known.add(key);
        return Optional.ofNullable(values.get(key)).filter(value -> !value.isNull());
    }

    /** {@return the value of a key that may be absent} */
    <T> Optional<T> optional(String key, Kind<T> kind) {
        return get(key).flatMap(value -> value.value(kind));
    }

    /** {@return the value of a key that must be there} */
    <T> Optional<T> required(String key, Kind<T> kind) {
        return requiredCursor(key, kind.expected()).flatMap(value -> value.value(kind));
    }

    /** {@return the place of a key that must be there} */
    Optional<Cursor> requiredCursor(String key, String expected) {
        Optional<Cursor> value = get(key);
        if (value.isEmpty()) {
            missing(key, expected);
        }
        return value;
    }

    /** Notes that a key is missing here. */
    void missing(String key, String expected) {
        known.add(key);
        Cursor place = keys.getOrDefault(key, mapping);
        place.at(pathOf(key)).problem("missing; expected " + expected);
    }

    /** {@return the keys of the mapping behind a key, or empty where it is absent} */
    Optional<Fields> section(String key) {
        return get(key).flatMap(Cursor::fields);
    }

    /** Notes every key that nobody asked for. */
    void finish() {
        for (Map.Entry<String, Cursor> key : keys.entrySet()) {
            if (!known.contains(key.getKey())) {
                String near = Similar.to(key.getKey(), known).map(name -> "did you mean " + name + "? ").orElse("");
                key.getValue().problem("unknown key; " + near + "Allowed here: " + String.join(", ", known));
            }
        }
    }
}
