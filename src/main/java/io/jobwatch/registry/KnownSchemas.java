package io.jobwatch.registry;

import io.jobwatch.registry.RegistryFacts.Registration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a registry has said, kept in a file for the time when it does not answer. The schema behind an id and the id of a schema under a
 * subject never change in a registry: if one has, the registry was emptied or is another one at the same address, and nothing that an
 * earlier process kept of it is used any more. Thread-safe.
 *
 * <p>The file helps but is not needed: one that is damaged or of another registry is as good as none, and one that cannot be written costs
 * a warning.
 */
public final class KnownSchemas {
    private static final Logger LOG = LoggerFactory.getLogger(KnownSchemas.class);

    private final RegistryFactsFile file;
    private final String registry;
    private final RegistryFacts learned = RegistryFacts.none();
    /** Of earlier processes, not confirmed by the registry since. */
    private RegistryFacts kept;
    private RegistryFacts saved;
    private String trouble = "";

    private KnownSchemas(RegistryFactsFile file, String registry, RegistryFacts kept) {
        this.file = file;
        this.registry = registry;
        this.kept = kept;
        this.saved = kept.and(learned);
    }

    /**
     * Reads what was kept of a registry.
     *
     * @param path     the file; it need not exist, its folder must
     * @param registry the registry's address, without secrets: what another one said is not used
     */
    public static KnownSchemas load(Path path, String registry) {
        RegistryFactsFile file = new RegistryFactsFile(path, registry);
        RegistryFacts kept = RegistryFacts.none();
        try {
            kept = file.read().orElse(kept);
        } catch (IOException e) {
            LOG.warn("{} cannot be used and is made anew from what the schema registry says: {}", path, e.getMessage());
        }
        return new KnownSchemas(file, registry, kept);
    }

    Path path() {
        return file.path();
    }

    /** {@return the schema behind an id, if the registry has told it} */
    synchronized Optional<Schema> schema(int id) {
        return Optional.ofNullable(learned.schemas().getOrDefault(id, kept.schemas().get(id))).map(PublishedSchema::parse);
    }

    /** {@return the id of a schema under a subject, if the registry has told it} */
    synchronized Optional<Integer> id(String subject, Schema schema) {
        Registration registration = Registration.of(subject, schema);
        return Optional.ofNullable(learned.ids().getOrDefault(registration, kept.ids().get(registration)));
    }

    /** {@return the ids under a subject when the registry told them last, if it has} */
    synchronized Optional<List<Integer>> versions(String subject) {
        return Optional.ofNullable(learned.versions().getOrDefault(subject, kept.versions().get(subject)));
    }

    /** The registry says that this is the schema behind the id. */
    synchronized void learn(int id, Schema schema) {
        String before = kept.schemas().get(id);
        if (before != null && !PublishedSchema.parse(before).equals(schema)) {
            dropKept("id " + id + " stands for another schema");
        }
        learned.schemas().put(id, schema.toString());
        save();
    }

    /** The registry says that this is the id of the schema under the subject. */
    synchronized void learn(String subject, Schema schema, int id) {
        Registration registration = Registration.of(subject, schema);
        Integer before = kept.ids().get(registration);
        if (before != null && before != id) {
            dropKept("the schema of " + subject + " has id " + id + " and had id " + before);
        }
        learned.ids().put(registration, id);
        save();
    }

    /** The registry says that these are the ids under the subject now. */
    synchronized void learn(String subject, List<Integer> ids) {
        learned.versions().put(subject, List.copyOf(ids));
        save();
    }

    /** The registry says that there is no such id. */
    synchronized void forget(int id) {
        kept.schemas().remove(id);
        learned.schemas().remove(id);
        save();
    }

    private void dropKept(String contradiction) {
        LOG.warn("the schema registry at {} contradicts what it said to an earlier process: {}. It must have been emptied or replaced; "
                + "records that were written before may not be readable any more", registry, contradiction);
        kept = RegistryFacts.none();
    }

    private void save() {
        RegistryFacts now = kept.and(learned);
        if (now.equals(saved)) {
            return;
        }
        try {
            file.write(now);
            saved = now;
            trouble = "";
        } catch (IOException e) {
            if (!e.toString().equals(trouble)) {
                trouble = e.toString();
                LOG.warn("what the schema registry says cannot be kept, so the next start will need the registry: {}", trouble);
            }
        }
    }
}
