package io.jobwatch.registry;

import io.jobwatch.config.ConfigException;
import io.jobwatch.config.Similar;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The properties of a client by their names. As in Confluent's client each may be written with {@code schema.registry.} in front, and
 * those about TLS must be: without, they are of a Kafka client. A value without any character is as none.
 *
 * <p>A name that is not known is an error: a setting for security must not be ignored in silence.
 */
final class RegistryProperties {
    /** In front of a name that is a header's. */
    static final String HEADER = "request.header.";
    /** Read by who decides whether to register, not by the client. */
    static final String AUTO_REGISTER = "auto.register.schemas";
    private static final String NAMESPACE = "schema.registry.";
    private static final String TLS = "ssl.";
    private static final String NOT_CACHED = "what the registry does not know is asked for again each time, and not remembered as missing";
    private static final String OWN_SCHEMAS = "jobwatch writes with the schemas of its own release, under the subjects <topic>-value";
    /** Settings of Confluent's client and serializers that mean nothing here. */
    private static final Map<String, String> NOT_NEEDED = Map.ofEntries(
            Map.entry("url", "the addresses are schema-registry.url"),
            Map.entry("missing.id.cache.ttl.sec", NOT_CACHED),
            Map.entry("missing.version.cache.ttl.sec", NOT_CACHED),
            Map.entry("missing.schema.cache.ttl.sec", NOT_CACHED),
            Map.entry("missing.cache.size", NOT_CACHED),
            Map.entry("max.schemas.per.subject", "a subject of jobwatch has a schema for each release at the most"),
            Map.entry("use.latest.version", OWN_SCHEMAS),
            Map.entry("normalize.schemas", OWN_SCHEMAS),
            Map.entry("key.subject.name.strategy", "keys are text and have no schema"),
            Map.entry("value.subject.name.strategy", OWN_SCHEMAS));

    private final Map<String, String> values;

    private RegistryProperties(Map<String, String> values) {
        this.values = values;
    }

    /**
     * @param given what the configuration has
     * @param known the names that are allowed, those about TLS with {@code schema.registry.} and all others without
     * @throws ConfigException for a name that is not known, or is there twice with different values
     */
    static RegistryProperties of(Map<String, String> given, Set<String> known) {
        Map<String, String> values = new HashMap<>();
        given.forEach((name, value) -> {
            String canonical = canonical(name);
            if (!known.contains(canonical) && !(canonical.startsWith(HEADER) && canonical.length() > HEADER.length())) {
                throw unknown(name, known);
            }
            String other = values.put(canonical, value);
            if (other != null && !other.equals(value)) {
                throw problem(canonical, "set it once, with " + NAMESPACE + " in front or without");
            }
        });
        return new RegistryProperties(values);
    }

    private static String canonical(String name) {
        return name.startsWith(NAMESPACE) && !name.startsWith(NAMESPACE + TLS) ? name.substring(NAMESPACE.length()) : name;
    }

    private static ConfigException unknown(String name, Set<String> known) {
        String canonical = canonical(name);
        if (NOT_NEEDED.containsKey(canonical)) {
            return problem(name, "not supported, and not needed: " + NOT_NEEDED.get(canonical) + "; leave it out");
        }
        if (canonical.startsWith(TLS) && known.contains(NAMESPACE + canonical)) {
            return problem(name, "for the registry's client write " + NAMESPACE + canonical);
        }
        return problem(name, "not supported" + Similar.to(canonical, known).map(like -> "; did you mean " + like + "?").orElse("")
                + "; expected one of " + String.join(", ", new TreeSet<>(known)) + ", " + HEADER + "<name>");
    }

    static ConfigException problem(String name, String what) {
        return new ConfigException("schema-registry.properties." + name + ": " + what);
    }

    /** {@return the value, unless there is none or it is empty} */
    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    /** {@return the value, which may be empty, unless there is none} */
    Optional<String> textOrEmpty(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** {@return a whole number} */
    Optional<Integer> number(String name, int min, int max) {
        return text(name).map(text -> {
            if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < min || Integer.parseInt(text) > max) {
                throw problem(name, "expected a whole number from " + min + " to " + max + ", found " + RegistryText.oneLine(text));
            }
            return Integer.valueOf(text);
        });
    }

    /** {@return all values by their names} */
    Map<String, String> all() {
        return Map.copyOf(values);
    }

    /** {@return the names that begin so} */
    List<String> names(String prefix) {
        return values.keySet().stream().filter(name -> name.startsWith(prefix)).sorted().toList();
    }
}
