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

    /**
     * The level in effect, be it the subject's own or the one for all.
     *
     * @param level  such as {@code BACKWARD}, where it can be read
     * @param unread why it cannot
     */
    record InEffect(Optional<String> level, Optional<String> unread) {
        boolean isRight() {
            return level.equals(Optional.of(TopicSchemas.COMPATIBILITY));
        }

        boolean isWrong() {
            return level.isPresent() && !isRight();
        }
    }

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
        try {
            registry.setCompatibility(subject, TopicSchemas.COMPATIBILITY);
        } catch (RegistryException e) {
            if (!isRefusal(e)) {
                throw e;
            }
            InEffect inEffect = inEffect();
            if (!inEffect.isRight()) {
                throw cannotBeSet(inEffect, e);
            }
        }
        return registry.register(subject, schema);
    }

    /**
     * Sets the level of a subject that exists, where another one is in effect.
     *
     * @return the level that was in effect; it had to be set if it is known and not right
     * @throws TopicException if it is another one and cannot be set
     */
    InEffect repair() {
        InEffect inEffect = inEffect();
        if (inEffect.isWrong()) {
            try {
                registry.setCompatibility(subject, TopicSchemas.COMPATIBILITY);
            } catch (RegistryException e) {
                throw isRefusal(e) ? cannotBeSet(inEffect, e) : e;
            }
        }
        return inEffect;
    }

    /** {@return the level in effect, or why it cannot be read: this user may not, or the registry does not tell} */
    InEffect inEffect() {
        try {
            Optional<String> level = registry.compatibility(subject);
            return new InEffect(level, level.isPresent() ? Optional.empty() : Optional.of("the registry's answer names none"));
        } catch (RegistryException e) {
            if (isRefusal(e)) {
                return new InEffect(Optional.empty(), Optional.of(e.getMessage()));
            }
            throw e;
        }
    }

    /** A registry that is managed by others may let nobody set a level, and another one none of a subject that is not there yet. */
    private static boolean isRefusal(RegistryException e) {
        return e.kind() == Kind.UNAUTHORIZED || e.kind() == Kind.REJECTED || e.kind() == Kind.NOT_FOUND;
    }

    private TopicException cannotBeSet(InEffect inEffect, RegistryException refusal) {
        return new TopicException("the compatibility level of the subject " + subject + " should be " + TopicSchemas.COMPATIBILITY + ", "
                + inEffect.level().map(level -> "is " + level).orElse("cannot be read") + " and cannot be set (" + refusal.getMessage()
                + "): have the registry's administrator set it for the subject, or for all, and try again", refusal);
    }
}
