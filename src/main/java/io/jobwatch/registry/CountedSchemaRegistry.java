package io.jobwatch.registry;

import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;

/** A registry whose questions are counted and timed. */
final class CountedSchemaRegistry implements SchemaRegistry {
    private final SchemaRegistry registry;
    private final RegistryMetrics metrics;

    CountedSchemaRegistry(SchemaRegistry registry, RegistryMetrics metrics) {
        this.registry = registry;
        this.metrics = metrics;
    }

    @Override
    public int register(String subject, Schema schema) {
        return metrics.timed(() -> registry.register(subject, schema));
    }

    @Override
    public int idOf(String subject, Schema schema) {
        return metrics.timed(() -> registry.idOf(subject, schema));
    }

    @Override
    public Schema schemaById(int id) {
        return metrics.timed(() -> registry.schemaById(id));
    }

    @Override
    public List<Integer> idsOf(String subject) {
        return metrics.timed(() -> registry.idsOf(subject));
    }

    @Override
    public List<String> incompatibilities(String subject, Schema schema) {
        return metrics.timed(() -> registry.incompatibilities(subject, schema));
    }

    @Override
    public Optional<String> compatibility(String subject) {
        return metrics.timed(() -> registry.compatibility(subject));
    }

    @Override
    public void setCompatibility(String subject, String level) {
        metrics.timed(() -> {
            registry.setCompatibility(subject, level);
            return true;
        });
    }

    @Override
    public void close() {
        registry.close();
    }
}
