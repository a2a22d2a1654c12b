package io.jobwatch.seed;

import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.topic.ApplicationNames;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.access.Refusals;
import java.util.List;
import java.util.Map;

/**
 * One of the two deployments.
 *
 * @param applicationId first part of the names of its groups, changelogs and transactions
 * @param topics        its topics
 * @param kafka         how any Kafka client reaches its cluster
 * @param registry      what tells the schemas of its records
 * @param refusals      says what its cluster refuses
 */
public record Side(String applicationId, TopicNames topics, Map<String, Object> kafka, SchemaRegistry registry, Refusals refusals) {

    public Side {
        kafka = Map.copyOf(kafka);
    }

    /** For a user who may do everything. */
    public Side(String applicationId, TopicNames topics, Map<String, Object> kafka, SchemaRegistry registry) {
        this(applicationId, topics, kafka, registry, new Refusals(kafka, List.of()));
    }

    /** {@return what it is called in its cluster, beside its topics} */
    ApplicationNames names() {
        return new ApplicationNames(applicationId);
    }

    /** The settings of a client may hold passwords. */
    @Override
    public String toString() {
        return "the application " + applicationId + " with the topics " + topics.prefix() + "*";
    }
}
