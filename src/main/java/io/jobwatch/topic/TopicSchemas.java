package io.jobwatch.topic;

import io.jobwatch.event.EventRecord;
import io.jobwatch.registry.AvroDecoder;
import io.jobwatch.registry.AvroEncoder;
import io.jobwatch.registry.RegistryException;
import io.jobwatch.registry.SchemaRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntBiFunction;
import org.apache.avro.Schema;

/**
 * The value schemas of the topics with their ids in the registry, all resolved up front, so that no thread that holds a transaction has to
 * ask for them. Immutable.
 */
public final class TopicSchemas {
    /** Every version of a subject can read, and be read by, every other. */
    public static final String COMPATIBILITY = "FULL_TRANSITIVE";

    private final SchemaRegistry registry;
    private final Map<String, Integer> idByTopic;
    private final Map<String, Schema> schemaByTopic;

    private TopicSchemas(SchemaRegistry registry, Map<String, Integer> idByTopic, Map<String, Schema> schemaByTopic) {
        this.registry = registry;
        this.idByTopic = Map.copyOf(idByTopic);
        this.schemaByTopic = Map.copyOf(schemaByTopic);
    }

    /**
     * Registers the schemas where they are not known yet, and reads every version registered before.
     *
     * @throws RegistryException if the registry does not answer, or refuses a schema
     * @throws TopicException    if the compatibility level is not what it should be and cannot be set
     */
    public static TopicSchemas register(SchemaRegistry registry, List<TopicSpec> specs) {
        return resolve(registry, specs, (subject, schema) -> registeredId(registry, subject, schema));
    }

    /**
     * Looks the schemas up, and reads every version registered before. Writes nothing.
     *
     * @throws RegistryException if the registry does not answer
     * @throws TopicException    if a schema is not registered; the message names all that are missing
     */
    public static TopicSchemas lookUp(SchemaRegistry registry, List<TopicSpec> specs) {
        List<String> missing = new ArrayList<>();
        TopicSchemas schemas = resolve(registry, specs, (subject, schema) -> {
            try {
                return registry.idOf(subject, schema);
            } catch (RegistryException e) {
                if (e.kind() != RegistryException.Kind.NOT_FOUND) {
                    throw e;
                }
                missing.add(subject + " (" + schema.getName() + ")");
                return 0;
            }
        });
        if (!missing.isEmpty()) {
            throw new TopicException("auto.register.schemas is false, and the schemas of this release are not registered under: "
                    + String.join(", ", missing) + "; register them with: jobwatch setup -c FILE, by a user who may; or have the "
                    + "registry's administrator do it: jobwatch setup -c FILE --write-schemas DIR writes them to files, one a subject");
        }
        return schemas;
    }

    private static TopicSchemas resolve(SchemaRegistry registry, List<TopicSpec> specs, ToIntBiFunction<String, Schema> idOf) {
        Map<String, Integer> ids = new HashMap<>();
        Map<String, Schema> schemas = new HashMap<>();
        for (TopicSpec spec : specs) {
            if (spec.valueSchema().isEmpty()) {
                continue;
            }
            Schema schema = spec.valueSchema().get();
            String subject = TopicNames.subject(spec.name());
            ids.put(spec.name(), idOf.applyAsInt(subject, schema));
            schemas.put(spec.name(), schema);
            registry.idsOf(subject).forEach(registry::schemaById);
        }
        return new TopicSchemas(registry, ids, schemas);
    }

    /** Asks before it registers: an instance that restarts needs no right to write, and the compatibility level is set once. */
    private static int registeredId(SchemaRegistry registry, String subject, Schema schema) {
        try {
            return registry.idOf(subject, schema);
        } catch (RegistryException e) {
            if (e.kind() != RegistryException.Kind.NOT_FOUND) {
                throw e;
            }
        }
        return new SubjectLevel(registry, subject).register(schema);
    }

    /** {@return a new encoder for the topic's values, for one thread} */
    public <T extends EventRecord> AvroEncoder<T> encoder(String topic) {
        return new AvroEncoder<>(idByTopic.get(topic));
    }

    /** {@return a new decoder for the topic's values, for one thread} */
    public <T extends EventRecord> AvroDecoder<T> decoder(String topic) {
        return new AvroDecoder<>(registry, schemaByTopic.get(topic));
    }
}
