package io.jobwatch.cli.doctor;

import io.jobwatch.cli.doctor.Cluster.Asked;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;

/** The settings in effect of topics, be they their own or the brokers'. */
final class TopicConfigs {
    private final Cluster cluster;

    TopicConfigs(Cluster cluster) {
        this.cluster = cluster;
    }

    /** {@return for each topic its settings by name, or why they are not told} A setting without a value is left out. */
    Map<String, Asked<Map<String, String>>> of(Collection<String> topics) throws InterruptedException {
        var futures = cluster.admin().describeConfigs(topics.stream().map(TopicConfigs::resource).toList()).values();
        Map<String, Asked<Map<String, String>>> settings = new LinkedHashMap<>();
        for (String topic : topics) {
            Asked<Config> config = Cluster.tryAsk(futures.get(resource(topic)));
            settings.put(topic, new Asked<>(config.answered() ? values(config.answer()) : Map.of(), config.failure()));
        }
        return settings;
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    private static Map<String, String> values(Config config) {
        Map<String, String> values = new HashMap<>();
        config.entries().forEach(entry -> {
            if (entry.value() != null) {
                values.put(entry.name(), entry.value());
            }
        });
        return values;
    }
}
