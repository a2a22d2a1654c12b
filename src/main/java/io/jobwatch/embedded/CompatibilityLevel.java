package io.jobwatch.embedded;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;

/**
 * What a new version of a schema must be able to do with the versions before it.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/fundamentals/schema-evolution.html">Schema Evolution</a>
 */
enum CompatibilityLevel {
    NONE(false, false, false),
    BACKWARD(true, false, false),
    BACKWARD_TRANSITIVE(true, false, true),
    FORWARD(false, true, false),
    FORWARD_TRANSITIVE(false, true, true),
    FULL(true, true, false),
    FULL_TRANSITIVE(true, true, true);

    private final boolean readsEarlier;
    private final boolean readByEarlier;
    private final boolean transitive;

    CompatibilityLevel(boolean readsEarlier, boolean readByEarlier, boolean transitive) {
        this.readsEarlier = readsEarlier;
        this.readByEarlier = readByEarlier;
        this.transitive = transitive;
    }

    /** {@return the level of a name, whatever its case, or empty where there is none} */
    static Optional<CompatibilityLevel> named(String name) {
        return Arrays.stream(values()).filter(level -> level.name().equals(name.toUpperCase(Locale.ROOT))).findFirst();
    }

    /**
     * {@return what stands in the way, one text each; empty where the candidate is compatible}
     *
     * @param earlier oldest first
     */
    List<String> conflicts(Schema candidate, List<Schema> earlier) {
        List<String> conflicts = new ArrayList<>();
        List<Schema> compared = transitive || earlier.isEmpty() ? earlier : earlier.subList(earlier.size() - 1, earlier.size());
        for (Schema old : compared) {
            if (readsEarlier) {
                conflicts.addAll(conflicts("the new schema cannot read data of an earlier one", candidate, old));
            }
            if (readByEarlier) {
                conflicts.addAll(conflicts("an earlier schema cannot read data of the new one", old, candidate));
            }
        }
        return conflicts;
    }

    private static List<String> conflicts(String what, Schema reader, Schema writer) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getResult().getIncompatibilities().stream()
                .map(found -> what + ": " + found.getType() + " at " + found.getLocation() + ": " + found.getMessage())
                .toList();
    }
}
