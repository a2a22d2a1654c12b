package io.jobwatch.config;

import java.util.Map;

/**
 * The Schema Registry.
 *
 * @param url          base addresses, separated by commas, or {@value #EMBEDDED} for a registry in this process
 * @param embeddedPort port of the embedded registry; 0 takes any free one
 * @param properties   further settings under the names of Confluent's client, such as {@code basic.auth.user.info}
 */
public record RegistryConfig(String url, int embeddedPort, Map<String, String> properties) {
    public static final String EMBEDDED = "embedded";

    public boolean embedded() {
        return url.equals(EMBEDDED);
    }

    /** The values of {@code properties} may hold passwords, and so may the addresses. */
    @Override
    public String toString() {
        return "RegistryConfig[" + url.replaceAll("//[^/,]*@", "//******@") + "]";
    }
}
