package io.jobwatch.query;

import io.jobwatch.registry.SchemaRegistry;
import java.util.List;
import org.apache.avro.Schema;

/** Lets those who ask for a schema wait while it is shut. */
final class GatedRegistry implements SchemaRegistry {
    private final SchemaRegistry registry;
    private boolean shut;
    private int waiting;

    GatedRegistry(SchemaRegistry registry) {
        this.registry = registry;
    }

    synchronized void shut() {
        shut = true;
    }

    synchronized void open() {
        shut = false;
        notifyAll();
    }

    synchronized int waiting() {
        return waiting;
    }

    @Override
    public synchronized Schema schemaById(int id) {
        waiting++;
        while (shut) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IllegalStateException("the test has ended", e);
            }
        }
        waiting--;
        return registry.schemaById(id);
    }

    @Override
    public int register(String subject, Schema schema) {
        return registry.register(subject, schema);
    }

    @Override
    public int idOf(String subject, Schema schema) {
        return registry.idOf(subject, schema);
    }

    @Override
    public List<Integer> idsOf(String subject) {
        return registry.idsOf(subject);
    }

    @Override
    public List<String> incompatibilities(String subject, Schema schema) {
        return registry.incompatibilities(subject, schema);
    }

    @Override
    public void setCompatibility(String subject, String level) {
        registry.setCompatibility(subject, level);
    }

    @Override
    public void close() {
        // The test's own.
    }
}
