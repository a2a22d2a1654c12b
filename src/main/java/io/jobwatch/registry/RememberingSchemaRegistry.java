package io.jobwatch.registry;

import io.jobwatch.registry.RegistryException.Kind;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A registry whose answers are kept, and given again while it does not answer. As long as it does, it is asked and what is kept is only
 * written, so that a registry that changed is noticed. A refusal (401, 403, 404) is an answer.
 *
 * <p>After an attempt in vain what is kept is given for a while without asking, as each attempt may take its whole time-out.
 */
public final class RememberingSchemaRegistry implements SchemaRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(RememberingSchemaRegistry.class);
    private static final Duration ASK_AGAIN_AFTER = Duration.ofSeconds(30);

    private final SchemaRegistry registry;
    private final KnownSchemas known;
    private final Clock clock;
    private final RegistryMetrics metrics;
    /** When the registry is asked again though what is kept would do; null while it answers. */
    private volatile Instant silentUntil;

    /**
     * @param registry asked, and closed with this one
     * @param known    what was kept of that registry; may be shared by several clients of it
     */
    public RememberingSchemaRegistry(SchemaRegistry registry, KnownSchemas known, Clock clock) {
        this(registry, known, clock, new RegistryMetrics(new CompositeMeterRegistry()));   // which goes nowhere
    }

    /** @param metrics where it is counted what was remembered */
    public RememberingSchemaRegistry(SchemaRegistry registry, KnownSchemas known, Clock clock, RegistryMetrics metrics) {
        this.registry = registry;
        this.known = known;
        this.clock = clock;
        this.metrics = metrics;
        metrics.watch(() -> silentUntil != null);
    }

    @Override
    public int register(String subject, Schema schema) {
        int id = registry.register(subject, schema);
        known.learn(subject, schema, id);
        return id;
    }

    @Override
    public int idOf(String subject, Schema schema) {
        return askOrRemember(() -> {
            int id = registry.idOf(subject, schema);
            known.learn(subject, schema, id);
            return id;
        }, () -> known.id(subject, schema));
    }

    @Override
    public Schema schemaById(int id) {
        return askOrRemember(() -> {
            try {
                Schema schema = registry.schemaById(id);
                known.learn(id, schema);
                return schema;
            } catch (RegistryException e) {
                if (e.kind() == Kind.NOT_FOUND) {
                    known.forget(id);
                }
                throw e;
            }
        }, () -> known.schema(id));
    }

    @Override
    public List<Integer> idsOf(String subject) {
        return askOrRemember(() -> {
            List<Integer> ids = registry.idsOf(subject);
            known.learn(subject, ids);
            return ids;
        }, () -> known.versions(subject));
    }

    /** {@inheritDoc} Always asked of the registry: the answer is about what it holds now. */
    @Override
    public List<String> incompatibilities(String subject, Schema schema) {
        return registry.incompatibilities(subject, schema);
    }

    @Override
    public Optional<String> compatibility(String subject) {
        return registry.compatibility(subject);
    }

    @Override
    public void setCompatibility(String subject, String level) {
        registry.setCompatibility(subject, level);
    }

    private <T> T askOrRemember(Supplier<T> question, Supplier<Optional<T>> memory) {
        Instant until = silentUntil;
        if (until != null && clock.instant().isBefore(until)) {
            Optional<T> remembered = memory.get();
            if (remembered.isPresent()) {
                metrics.remembered();
                return remembered.get();
            }
        }
        try {
            T answer = question.get();
            answered();
            return answer;
        } catch (RegistryException e) {
            if (e.kind() != Kind.UNAVAILABLE) {
                answered();
                throw e;
            }
            T remembered = memory.get().orElseThrow(() -> e);
            if (silentUntil == null) {
                LOG.warn("the schema registry does not answer; going on with what it said before, kept in {}: {}", known.path(),
                        e.getMessage());
            }
            metrics.remembered();
            silentUntil = clock.instant().plus(ASK_AGAIN_AFTER);
            return remembered;
        }
    }

    private void answered() {
        if (silentUntil != null) {
            silentUntil = null;
            LOG.info("the schema registry answers again");
        }
    }

    @Override
    public void close() {
        registry.close();
    }
}
