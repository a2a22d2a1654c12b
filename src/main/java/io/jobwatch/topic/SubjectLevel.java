package io.jobwatch.topic;

import io.jobwatch.registry.RegistryException;
import io.jobwatch.registry.RegistryException.Kind;
import io.jobwatch.registry.SchemaRegistry;
import java.util.Optional;
import org.apache.avro.Schema;

/** The compatibility level of one subject, which must be {@link TopicSchemas#COMPATIBILITY}. */
final class SubjectLevel {
    private final SchemaRegistry registry;
    private final String subject;

    SubjectLevel(SchemaRegistry registry, String subject) {
        this.registry = registry;
        this.subject = subject;
    }

    /**
     * Registers a schema under the right level: it is set first, so that the schema is held to it.
     *
     * @return the schema's id
     * @throws TopicException if the level is another one and cannot be set; then nothing is registered
     */
    int register(Schema schema) {
        boolean set = setBeforeTheSubjectIsThere();
        int id = registry.register(subject, schema);
        if (!set) {
            registry.setCompatibility(subject, TopicSchemas.COMPATIBILITY);
        }
        return id;
    }

    /** {@return false where the registry has levels only for subjects that exist} */
    private boolean setBeforeTheSubjectIsThere() {
        try {
            registry.setCompatibility(subject, TopicSchemas.COMPATIBILITY);
        } catch (RegistryException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return false;
            }
            if (!isRefusal(e)) {
                throw e;
            }
            Optional<String> inEffect = readable();
            if (!inEffect.equals(Optional.of(TopicSchemas.COMPATIBILITY))) {
                throw cannotBeSet(inEffect, e);
            }
        }
        return true;
    }

    /**
     * Sets the level of a subject that exists, where another one is in effect.
     *
     * @return the level that was in effect if it had to be set; empty if it was right, or cannot be told
     * @throws TopicException if it is another one and cannot be set
     */
    Optional<String> repair() {
        Optional<String> inEffect = readable();
        if (inEffect.isEmpty() || inEffect.get().equals(TopicSchemas.COMPATIBILITY)) {
            return Optional.empty();
        }
        try {
            registry.setCompatibility(subject, TopicSchemas.COMPATIBILITY);
            return inEffect;
        } catch (RegistryException e) {
            throw isRefusal(e) ? cannotBeSet(inEffect, e) : e;
        }
    }

    /** {@return the level in effect; empty where this user may not read it, or the client cannot} */
    Optional<String> readable() {
        try {
            return registry.compatibility(subject);
        } catch (RegistryException e) {
            if (isRefusal(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** A registry that is managed by others may let nobody set a level. */
    private static boolean isRefusal(RegistryException e) {
        return e.kind() == Kind.UNAUTHORIZED || e.kind() == Kind.REJECTED;
    }

    private TopicException cannotBeSet(Optional<String> inEffect, RegistryException refusal) {
        return new TopicException("the compatibility level of the subject " + subject + " should be " + TopicSchemas.COMPATIBILITY + ", "
                + inEffect.map(level -> "is " + level).orElse("cannot be read") + " and cannot be set (" + refusal.getMessage()
                + "): have the registry's administrator set it for the subject, or for all, and try again", refusal);
    }
}
