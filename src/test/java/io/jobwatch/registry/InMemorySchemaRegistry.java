package io.jobwatch.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.Schema;

/** A registry for tests that need no sockets. It checks no compatibility. Thread-safe. */
public final class InMemorySchemaRegistry implements SchemaRegistry {
    private final List<String> schemas = new ArrayList<>();
    private final Map<String, List<Integer>> subjects = new TreeMap<>();
    private final Map<String, String> levels = new TreeMap<>();
    private RegistryException outage;
    private int lookups;

    /** From now on every call fails with this; null ends it. */
    public synchronized void failWith(RegistryException failure) {
        outage = failure;
    }

    /** {@return how often a schema was asked for by its id} */
    public synchronized int lookups() {
        return lookups;
    }

    /** {@return the level of a subject; NONE where it was not set} */
    @Override
    public synchronized Optional<String> compatibility(String subject) {
        failIfDown();
        return Optional.of(levels.getOrDefault(subject, "NONE"));
    }

    @Override
    public synchronized int register(String subject, Schema schema) {
        failIfDown();
        String text = PublishedSchema.textOf(schema);
        if (!schemas.contains(text)) {
            schemas.add(text);
        }
        int id = schemas.indexOf(text) + 1;
        List<Integer> versions = subjects.computeIfAbsent(subject, name -> new ArrayList<>());
        if (!versions.contains(id)) {
            versions.add(id);
        }
        return id;
    }

    @Override
    public synchronized int idOf(String subject, Schema schema) {
        failIfDown();
        int id = schemas.indexOf(PublishedSchema.textOf(schema)) + 1;
        if (!subjects.getOrDefault(subject, List.of()).contains(id)) {
            throw new RegistryException(RegistryException.Kind.NOT_FOUND, "not registered under " + subject);
        }
        return id;
    }

    @Override
    public synchronized Schema schemaById(int id) {
        failIfDown();
        lookups++;
        if (id < 1 || id > schemas.size()) {
            throw new RegistryException(RegistryException.Kind.NOT_FOUND, "schema " + id + " not found");
        }
        return new Schema.Parser().parse(schemas.get(id - 1));
    }

    @Override
    public synchronized List<Integer> idsOf(String subject) {
        failIfDown();
        return List.copyOf(subjects.getOrDefault(subject, List.of()));
    }

    @Override
    public synchronized List<String> incompatibilities(String subject, Schema schema) {
        failIfDown();
        return List.of();
    }

    @Override
    public synchronized void setCompatibility(String subject, String level) {
        failIfDown();
        levels.put(subject, level);
    }

    @Override
    public void close() {
        // Holds nothing to release.
    }

    private void failIfDown() {
        if (outage != null) {
            throw outage;
        }
    }
}
