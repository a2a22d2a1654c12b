package io.jobwatch.cli.doctor;

import io.jobwatch.config.JobwatchConfig;
import io.jobwatch.config.Role;
import io.jobwatch.topic.ApplicationNames;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is examined: a configuration whose cluster and registry have addresses, also where they are embedded in a running instance.
 *
 * @param config nothing in it is {@code embedded}
 */
public record Deployment(JobwatchConfig config) {

    /** {@return how any Kafka client reaches the cluster} */
    public Map<String, Object> kafka() {
        Map<String, Object> settings = new HashMap<>(config.kafka().properties());
        settings.put("bootstrap.servers", bootstrap());
        return settings;
    }

    public String bootstrap() {
        return config.kafka().bootstrapServers();
    }

    public TopicNames topics() {
        return new TopicNames(config.topics().prefix());
    }

    public List<TopicSpec> specs() {
        return TopicSpec.all(topics(), config.topics().partitions());
    }

    public boolean has(Role role) {
        return config.roles().contains(role);
    }

    /** {@return what it is called in the cluster, beside its topics} */
    ApplicationNames names() {
        return new ApplicationNames(config.applicationId());
    }

    /** {@return whether the topology joins its group under the protocol that the brokers must have enabled} */
    boolean streamsProtocol() {
        return "streams".equalsIgnoreCase(config.process().properties().get("group.protocol"));
    }

    Set<String> sourceNames() {
        return config.sources().stream().map(source -> source.name()).collect(Collectors.toSet());
    }

    /** {@return a command of Kafka's own, as this user would give it} */
    String tool(String command) {
        boolean secured = !config.kafka().properties().isEmpty();
        return command + " --bootstrap-server " + bootstrap() + (secured ? " --command-config client.properties" : "");
    }
}
