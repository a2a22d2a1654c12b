package io.jobwatch.bench;

import io.jobwatch.topic.TopicNames;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a contestant is told.
 *
 * @param bootstrap       address of the broker
 * @param registryUrl     address of the registry
 * @param partitions      of each topic
 * @param topics          the names of input and outputs
 * @param applicationId   names its group, its transactions and its own topics
 * @param stateDir        folder for its state
 * @param standbyReplicas copies of its store on other instances
 * @param properties      further Kafka Streams settings
 */
record ContestantSettings(String bootstrap, String registryUrl, int partitions, TopicNames topics, String applicationId, Path stateDir,
                          int standbyReplicas, Map<String, String> properties) {

    /** {@return those of the further settings that Kafka Streams would pass on to a client, by the client's prefix} */
    Map<String, String> propertiesOf(String prefix) {
        return properties.entrySet().stream().filter(entry -> entry.getKey().startsWith(prefix))
                .collect(Collectors.toMap(entry -> entry.getKey().substring(prefix.length()), Map.Entry::getValue));
    }

    /** {@return the same with one more setting} */
    ContestantSettings with(String key, String value) {
        Map<String, String> more = new HashMap<>(properties);
        more.put(key, value);
        return new ContestantSettings(bootstrap, registryUrl, partitions, topics, applicationId, stateDir, standbyReplicas, more);
    }

    /** {@return what a Kafka client needs to reach the broker} */
    Map<String, Object> kafka() {
        return Map.of("bootstrap.servers", bootstrap);
    }
}
