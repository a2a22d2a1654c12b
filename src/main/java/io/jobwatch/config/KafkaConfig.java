package io.jobwatch.config;

import java.util.Map;

/**
 * The Kafka cluster.
 *
 * @param bootstrapServers {@code host:port,…}, or {@value #EMBEDDED} for a broker in this process
 * @param embeddedPort     port of the embedded broker; 0 takes any free one
 * @param properties       further client settings, security included
 */
public record KafkaConfig(String bootstrapServers, int embeddedPort, Map<String, String> properties) {
    public static final String EMBEDDED = "embedded";

    public boolean embedded() {
        return bootstrapServers.equals(EMBEDDED);
    }

    /** The values of {@code properties} may hold passwords. */
    @Override
    public String toString() {
        return "KafkaConfig[" + bootstrapServers + "]";
    }
}
