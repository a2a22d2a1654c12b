package io.jobwatch.topic;

import io.jobwatch.registry.PublishedSchema;
import io.jobwatch.registry.RegistryException;
import io.jobwatch.registry.SchemaRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;

/** Registers the schemas that are missing and verifies the subjects that exist. Doing it again changes nothing. */
public final class SchemaSetup {
    private final SchemaRegistry registry;
    private final List<TopicSpec> specs;

    public SchemaSetup(SchemaRegistry registry, List<TopicSpec> specs) {
        this.registry = registry;
        this.specs = specs;
    }

    /**
     * How a subject is found. Nothing is written to find out.
     *
     * @param subject   of the values of a topic
     * @param id        of this release's schema, if it is registered
     * @param conflicts what the registry would say to it, if it is not; empty where it is compatible
     * @param unasked   why that could not be asked: the registry's refusal to tell this user
     * @param level     the compatibility level in effect, where the schema is registered and it can be read
     * @param unread    why it cannot be read, where the schema is registered
     */
    public record Found(String subject, Optional<Integer> id, List<String> conflicts, Optional<String> unasked, Optional<String> level,
                        Optional<String> unread) {

        /** {@return whether the level is known to be another one than it should be} */
        public boolean wrongLevel() {
            return level.isPresent() && !level.get().equals(TopicSchemas.COMPATIBILITY);
        }
    }

    /**
     * Registers what is missing and sets the compatibility level where it is another one.
     *
     * @return what was done or found, a line for each subject
     * @throws RegistryException if the registry does not answer, or refuses a schema
     * @throws TopicException    if a level is not what it should be and cannot be set
     */
    public List<String> registerAndVerify() {
        List<String> lines = new ArrayList<>();
        for (TopicSpec spec : withSchema()) {
            String subject = TopicNames.subject(spec.name());
            Schema schema = spec.valueSchema().orElseThrow();
            SubjectLevel level = new SubjectLevel(registry, subject);
            Optional<Integer> id = registeredId(subject, schema);
            if (id.isEmpty()) {
                lines.add("registered schema " + subject + ", id " + level.register(schema));
            } else {
                lines.add("verified schema " + subject + ", id " + id.get() + said(level.repair()));
            }
        }
        return lines;
    }

    private static String said(SubjectLevel.InEffect before) {
        return before.unread().map(why -> "; its compatibility level cannot be read (" + why + ")").orElseGet(() -> before.isWrong()
                ? "; its compatibility level was " + before.level().orElseThrow() + " and is now " + TopicSchemas.COMPATIBILITY
                : "");
    }

    /**
     * {@return how a subject is found, for each topic with a schema}
     *
     * @throws RegistryException if the registry does not answer
     */
    public List<Found> find() {
        List<Found> found = new ArrayList<>();
        for (TopicSpec spec : withSchema()) {
            String subject = TopicNames.subject(spec.name());
            Schema schema = spec.valueSchema().orElseThrow();
            Optional<Integer> id = registeredId(subject, schema);
            found.add(id.isPresent() ? registered(subject, id) : missing(subject, schema));
        }
        return found;
    }

    private Found registered(String subject, Optional<Integer> id) {
        SubjectLevel.InEffect level = new SubjectLevel(registry, subject).inEffect();
        return new Found(subject, id, List.of(), Optional.empty(), level.level(), level.unread());
    }

    /** Confluent's registry tells only who may register whether a schema is compatible. */
    private Found missing(String subject, Schema schema) {
        try {
            return new Found(subject, Optional.empty(), registry.incompatibilities(subject, schema), Optional.empty(), Optional.empty(),
                    Optional.empty());
        } catch (RegistryException e) {
            if (e.kind() != RegistryException.Kind.UNAUTHORIZED) {
                throw e;
            }
            return new Found(subject, Optional.empty(), List.of(), Optional.of(e.getMessage()), Optional.empty(), Optional.empty());
        }
    }

    /**
     * Writes each schema to a file {@code <subject>.avsc}, whole and in the form in which it is registered, for who registers by other
     * means. Files that are there are replaced.
     *
     * @param folder made where it is not there
     * @return the files
     * @throws TopicException if a file cannot be written
     */
    public static List<Path> write(List<TopicSpec> specs, Path folder) {
        List<Path> files = new ArrayList<>();
        for (TopicSpec spec : specs) {
            if (spec.valueSchema().isPresent()) {
                Path file = folder.resolve(TopicNames.subject(spec.name()) + ".avsc");
                try {
                    Files.createDirectories(folder);
                    Schema published = new Schema.Parser().parse(PublishedSchema.textOf(spec.valueSchema().get()));
                    files.add(Files.writeString(file, SchemaFormatter.format("json/pretty", published) + "\n"));
                } catch (IOException e) {
                    throw new TopicException("cannot write " + file + ": " + e, e);
                }
            }
        }
        return files;
    }

    private List<TopicSpec> withSchema() {
        return specs.stream().filter(spec -> spec.valueSchema().isPresent()).toList();
    }

    private Optional<Integer> registeredId(String subject, Schema schema) {
        try {
            return Optional.of(registry.idOf(subject, schema));
        } catch (RegistryException e) {
            if (e.kind() == RegistryException.Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
