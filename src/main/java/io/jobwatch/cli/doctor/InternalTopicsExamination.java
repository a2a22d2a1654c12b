package io.jobwatch.cli.doctor;

import io.jobwatch.cli.doctor.Cluster.Asked;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Whether the topics are right from which Kafka Streams makes its stores again. Streams creates them at its first start; without them, and
 * with offsets that say that events were processed, the status of jobs would begin from nothing.
 */
final class InternalTopicsExamination implements Examination {
    private final Deployment deployment;
    private final Cluster cluster;

    InternalTopicsExamination(Deployment deployment, Cluster cluster) {
        this.deployment = deployment;
        this.cluster = cluster;
    }

    @Override
    public String subject() {
        return "internal topics";
    }

    @Override
    public Result examine() throws InterruptedException {
        Map<String, Asked<TopicDescription>> topics = cluster.topics(deployment.names().changelogs());
        List<Finding> findings = new ArrayList<>();
        List<String> present = new ArrayList<>();
        boolean begun = begun();
        for (Map.Entry<String, Asked<TopicDescription>> each : topics.entrySet()) {
            Asked<TopicDescription> topic = each.getValue();
            String name = each.getKey();
            if (topic.answered()) {
                present.add(name);
                int partitions = topic.answer().partitions().size();
                if (partitions != deployment.config().topics().partitions()) {
                    findings.add(Finding.fail(Ailment.INTERNAL_TOPIC_PARTITIONS, name, partitions + " partitions: the role process cannot "
                            + "start", deployment.config().topics().partitions() + ", as job-state-events has",
                            "in a new configuration choose another topics.prefix and application-id, and run: jobwatch seed -c NEW "
                                    + "--from OLD (ops/migration.md#how)"));
                }
            } else if (topic.failure() instanceof UnknownTopicOrPartitionException && begun) {
                findings.add(Finding.fail(Ailment.INTERNAL_TOPIC_MISSING, name, "the topic is not there, though the group "
                        + deployment.names().processGroup() + " has processed events: with the local state the status of jobs is lost",
                        "the changelog of the store", "stop the role process before its data folder is touched, and follow "
                                + "ops/migration.md#topics-lost-what-then"));
            } else if (topic.failure() instanceof AuthorizationException) {
                findings.add(Troubles.denied(name, "the topic " + name, "DESCRIBE"));
            } else if (!(topic.failure() instanceof UnknownTopicOrPartitionException)) {
                findings.add(Troubles.of(name, topic.failure()));
            }
        }
        findings.addAll(settings(present));
        return new Result(present.isEmpty() && !begun ? "not made yet, the role process makes them"
                : present.size() + " of " + topics.size() + " are there", findings);
    }

    private boolean begun() throws InterruptedException {
        try {
            return !Cluster.ask(cluster.admin().listConsumerGroupOffsets(deployment.names().processGroup()).partitionsToOffsetAndMetadata())
                    .isEmpty();
        } catch (KafkaException e) {
            return false;   // the group's own examination tells why
        }
    }

    private List<Finding> settings(List<String> present) throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        for (Map.Entry<String, Asked<Map<String, String>>> topic : new TopicConfigs(cluster).of(present).entrySet()) {
            if (!topic.getValue().answered()) {
                findings.add(Troubles.denied(topic.getKey(), "the settings of " + topic.getKey(), "DESCRIBE_CONFIGS"));
                continue;
            }
            String policy = topic.getValue().answer().getOrDefault("cleanup.policy", "");
            if (!policy.equals("compact")) {
                findings.add(Finding.fail(Ailment.INTERNAL_TOPIC_NOT_COMPACTED, topic.getKey(), "cleanup.policy is " + policy
                        + ": what has not changed for some time is lost when a store is made again", "cleanup.policy=compact",
                        deployment.tool("kafka-configs.sh") + " --alter --entity-type topics --entity-name " + topic.getKey()
                                + " --add-config cleanup.policy=compact"));
            }
        }
        return findings;
    }
}
