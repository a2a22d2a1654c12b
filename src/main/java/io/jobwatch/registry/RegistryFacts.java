package io.jobwatch.registry;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * What a registry has said. The maps are the caller's.
 *
 * @param schemas  the text of the schema behind an id
 * @param ids      the id of a schema under a subject
 * @param versions the ids under a subject, oldest first
 */
record RegistryFacts(Map<Integer, String> schemas, Map<Registration, Integer> ids, Map<String, List<Integer>> versions) {

    /** A schema under a subject, by the text that is sent to registries. */
    record Registration(String subject, String schema) {
        static Registration of(String subject, Schema schema) {
            return new Registration(subject, PublishedSchema.textOf(schema));
        }
    }

    static RegistryFacts none() {
        return new RegistryFacts(new HashMap<>(), new HashMap<>(), new HashMap<>());
    }

    /** {@return both, the later where they differ} */
    RegistryFacts and(RegistryFacts later) {
        RegistryFacts both = none();
        for (RegistryFacts each : List.of(this, later)) {
            both.schemas.putAll(each.schemas);
            both.ids.putAll(each.ids);
            both.versions.putAll(each.versions);
        }
        return both;
    }
}
