package io.jobwatch.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** The registry's state as its log tells it. Thread-safe; every answer is a copy. */
final class RegistryState {
    private final Map<String, TreeMap<Integer, SchemaVersion>> subjects = new TreeMap<>();
    private final Map<Integer, String> schemas = new HashMap<>();
    private final Map<String, Integer> ids = new HashMap<>();
    /** The key null is for all subjects without their own. */
    private final Map<String, CompatibilityLevel> levels = new HashMap<>();
    private final Map<String, String> modes = new HashMap<>();
    private int lastId;

    /** Takes over a record of the log; a null value deletes its key. */
    synchronized void apply(String keyText, String valueText) {
        JsonNode key = LogRecords.parse(keyText);
        Optional<JsonNode> value = Optional.ofNullable(valueText).map(LogRecords::parse);
        String subject = key.path("subject").isTextual() ? key.path("subject").asText() : null;
        switch (LogRecords.KeyType.valueOf(key.path("keytype").asText())) {
            case SCHEMA -> {
                remove(subject, key.path("version").asInt());
                value.map(LogRecords::schemaVersion).ifPresent(this::put);
            }
            case CONFIG -> set(levels, subject, value.map(json -> CompatibilityLevel.valueOf(json.path("compatibilityLevel").asText())));
            case MODE -> set(modes, subject, value.map(json -> json.path("mode").asText()));
            case DELETE_SUBJECT -> value.ifPresent(json -> subjects.getOrDefault(subject, new TreeMap<>())
                    .headMap(json.path("version").asInt(), true).replaceAll((number, version) -> version.asDeleted()));
            case NOOP -> value.ifPresent(json -> lastId = Math.max(lastId, json.path("lastId").asInt()));
            default -> throw new IllegalStateException("a new kind of key needs a case");
        }
    }

    private void put(SchemaVersion version) {
        subjects.computeIfAbsent(version.subject(), name -> new TreeMap<>()).put(version.version(), version);
        schemas.put(version.id(), version.schema());
        ids.put(version.schema(), version.id());
        lastId = Math.max(lastId, version.id());
    }

    private void remove(String subject, int number) {
        TreeMap<Integer, SchemaVersion> versions = subjects.getOrDefault(subject, new TreeMap<>());
        SchemaVersion removed = versions.remove(number);
        if (versions.isEmpty()) {
            subjects.remove(subject);
        }
        if (removed != null && subjects.values().stream().flatMap(all -> all.values().stream()).noneMatch(v -> v.id() == removed.id())) {
            schemas.remove(removed.id());
            ids.remove(removed.schema());
        }
    }

    private static <T> void set(Map<String, T> map, String subject, Optional<T> value) {
        value.ifPresentOrElse(present -> map.put(subject, present), () -> map.remove(subject));
    }

    /** {@return the subjects with a version, in the order of their names} */
    synchronized List<String> subjects(boolean deletedToo) {
        return subjects.keySet().stream().filter(subject -> !versions(subject, deletedToo).isEmpty()).toList();
    }

    /** {@return the versions of a subject, oldest first; empty where there is none} */
    synchronized List<SchemaVersion> versions(String subject, boolean deletedToo) {
        return subjects.getOrDefault(subject, new TreeMap<>()).values().stream()
                .filter(version -> deletedToo || !version.deleted()).toList();
    }

    /** {@return every version with the id, in the order of their subjects} */
    synchronized List<SchemaVersion> versionsOf(int id, boolean deletedToo) {
        List<SchemaVersion> found = new ArrayList<>();
        subjects.keySet().forEach(subject -> versions(subject, deletedToo).stream().filter(v -> v.id() == id).forEach(found::add));
        return List.copyOf(found);
    }

    synchronized Optional<String> schema(int id) {
        return Optional.ofNullable(schemas.get(id));
    }

    synchronized Optional<Integer> id(String schema) {
        return Optional.ofNullable(ids.get(schema));
    }

    /** {@return an id that was never given before, not even to a schema whose registration failed} */
    synchronized int nextId() {
        lastId++;
        return lastId;
    }

    synchronized int lastId() {
        return lastId;
    }

    /** {@return the level set for the subject itself; null asks for the one of all others} */
    synchronized Optional<CompatibilityLevel> level(String subject) {
        return Optional.ofNullable(levels.get(subject));
    }

    /** {@return the level that holds for a subject} */
    synchronized CompatibilityLevel effectiveLevel(String subject) {
        return Objects.requireNonNullElse(levels.get(subject), levels.getOrDefault(null, CompatibilityLevel.BACKWARD));
    }

    /** {@return the mode set for the subject itself; null asks for the one of all others} */
    synchronized Optional<String> mode(String subject) {
        return Optional.ofNullable(modes.get(subject));
    }

    /** {@return the mode that holds for a subject} */
    synchronized String effectiveMode(String subject) {
        return Objects.requireNonNullElse(modes.get(subject), modes.getOrDefault(null, RegistryModes.READWRITE));
    }
}
