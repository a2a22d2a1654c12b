package io.jobwatch.registry;

import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * What jobwatch needs of a Schema Registry. Implementations are thread-safe and cache what cannot change: the schema behind an id, and the
 * id of a schema under a subject. Every method throws {@link RegistryException}, whose kind tells an outage from an answer.
 */
public interface SchemaRegistry extends AutoCloseable {

    /**
     * Registers a schema under a subject; the same schema again gives the same id.
     *
     * @return the id that goes into the wire format
     */
    int register(String subject, Schema schema);

    /** {@return the id of a schema already registered under the subject} A {@code NOT_FOUND} exception says that it is not. */
    int idOf(String subject, Schema schema);

    /** {@return the schema behind an id} A {@code NOT_FOUND} exception says that there is none. */
    Schema schemaById(int id);

    /** {@return the ids of all versions registered under the subject, oldest first; empty where the subject does not exist} */
    List<Integer> idsOf(String subject);

    /**
     * Asks what the registry would say to a schema as the subject's next version, under the level in effect there. Changes nothing.
     *
     * @return what is wrong with it, one line each and in the registry's words; empty where the schema is compatible or the subject does
     *         not exist
     */
    List<String> incompatibilities(String subject, Schema schema);

    /**
     * {@return the compatibility level in effect for a subject, be it its own or the one for all, such as {@code FULL_TRANSITIVE}; empty
     * where this client cannot tell}
     */
    default Optional<String> compatibility(String subject) {
        return Optional.empty();
    }

    /** Sets the compatibility level of a subject, such as {@code FULL_TRANSITIVE}. */
    void setCompatibility(String subject, String level);

    @Override
    void close();
}
