package io.jobwatch.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Schema Registry.
 *
 * @param url          base addresses, separated by commas, or {@value #EMBEDDED} for a registry in this process
 * @param client       who speaks to it; where empty, Confluent's client if this jar was built with it, else the built-in one
 * @param embeddedPort port of the embedded registry; 0 takes any free one
 * @param properties   further settings under the names of Confluent's client, such as {@code basic.auth.user.info}
 */
public record RegistryConfig(String url, Optional<Client> client, int embeddedPort, Map<String, String> properties) {
    public static final String EMBEDDED = "embedded";
    /** The property that says whether {@code run} registers, under the names by which Confluent's client knows it; the first one counts. */
    static final List<String> AUTO_REGISTER = List.of("auto.register.schemas", "schema.registry.auto.register.schemas");

    /**
     * {@return whether {@code run} registers a schema that is missing; otherwise it only looks schemas up, and needs no right to write}
     * With what is embedded it always does: nobody else could have.
     */
    public boolean autoRegister() {
        return embedded() || AUTO_REGISTER.stream().map(name -> properties.getOrDefault(name, "")).filter(value -> !value.isEmpty())
                .findFirst().map(Boolean::parseBoolean).orElse(true);
    }

    /** A client of the registry's API. */
    public enum Client {
        /** Ours. */
        BUILT_IN("built-in"),
        /** Confluent's, in jars that were built with the Maven profile of that name. */
        CONFLUENT("confluent");

        private final String word;

        Client(String word) {
            this.word = word;
        }

        /** {@return how configurations name it} */
        public String word() {
            return word;
        }
    }

    /** As the other one, with the client left open. */
    public RegistryConfig(String url, int embeddedPort, Map<String, String> properties) {
        this(url, Optional.empty(), embeddedPort, properties);
    }

    public boolean embedded() {
        return url.equals(EMBEDDED);
    }

    /** {@return the same client and settings for another address or port} */
    public RegistryConfig at(String otherUrl, int otherEmbeddedPort) {
        return new RegistryConfig(otherUrl, client, otherEmbeddedPort, properties);
    }

    /** The values of {@code properties} may hold passwords, and so may the addresses: whatever stands before an @ is masked. */
    @Override
    public String toString() {
        return "RegistryConfig[" + url.replaceAll("//[^,]*@", "//******@") + "]";
    }
}
