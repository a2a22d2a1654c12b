package io.jobwatch.cli.doctor;

import io.jobwatch.cli.doctor.Cluster.Asked;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.AuthorizationException;

/** Whether every partition that jobwatch and its transactions need has a leader and the copies that it should have. */
final class ReplicationExamination implements Examination {
    /** The brokers keep the groups' offsets and the transactions here; both stand still with them. */
    private static final List<String> OF_THE_BROKERS = List.of("__consumer_offsets", "__transaction_state");
    private static final int MOST_NAMED = 5;

    private final Deployment deployment;
    private final Cluster cluster;
    private final TopicConfigs configs;

    ReplicationExamination(Deployment deployment, Cluster cluster) {
        this.deployment = deployment;
        this.cluster = cluster;
        this.configs = new TopicConfigs(cluster);
    }

    @Override
    public String subject() {
        return "replication";
    }

    @Override
    public Result examine() throws InterruptedException {
        List<String> names = Stream.of(deployment.topics().all(), deployment.names().changelogs(), OF_THE_BROKERS).flatMap(List::stream)
                .toList();
        Map<String, TopicDescription> topics = new LinkedHashMap<>();
        List<String> denied = new ArrayList<>();
        for (Map.Entry<String, Asked<TopicDescription>> topic : cluster.topics(names).entrySet()) {
            if (topic.getValue().answered()) {
                topics.put(topic.getKey(), topic.getValue().answer());
            } else if (topic.getValue().failure() instanceof AuthorizationException) {
                denied.add(topic.getKey());
            }   // one that is missing is told elsewhere
        }
        List<Finding> findings = new ArrayList<>();
        Collection<Node> nodes = Cluster.ask(cluster.admin().describeCluster().nodes());
        findings.addAll(offline(nodes, topics.values()));
        List<String> withoutLimit = new ArrayList<>();
        Map<String, Asked<Map<String, String>>> settings = configs.of(topics.keySet());
        for (TopicDescription topic : topics.values()) {
            Asked<Map<String, String>> of = settings.get(topic.name());
            if (!of.answered()) {
                withoutLimit.add(topic.name());
            }
            int least = of.answered() ? Integer.parseInt(of.answer().getOrDefault("min.insync.replicas", "1")) : 0;
            findings.addAll(judge(topic, least, nodes.size()));
        }
        if (!denied.isEmpty()) {
            findings.add(Troubles.denied(subject(), topics(denied), "DESCRIBE"));
        }
        if (!withoutLimit.isEmpty()) {
            findings.add(Troubles.denied(subject(), "min.insync.replicas of " + topics(withoutLimit), "DESCRIBE_CONFIGS"));
        }
        long partitions = topics.values().stream().mapToLong(topic -> topic.partitions().size()).sum();
        return new Result(partitions + " partitions of " + topics.size() + " topics", findings);
    }

    private static String topics(List<String> names) {
        return (names.size() == 1 ? "the topic " : "the topics ") + String.join(", ", names);
    }

    private List<Finding> offline(Collection<Node> nodes, Collection<TopicDescription> topics) {
        Set<Integer> up = nodes.stream().map(Node::id).collect(Collectors.toSet());
        Map<Integer, Integer> copiesByBroker = new TreeMap<>();
        topics.stream().flatMap(topic -> topic.partitions().stream()).flatMap(partition -> partition.replicas().stream()).map(Node::id)
                .filter(id -> !up.contains(id)).forEach(id -> copiesByBroker.merge(id, 1, Integer::sum));
        return copiesByBroker.entrySet().stream().map(broker -> Finding.fail(Ailment.BROKER_OFFLINE, "broker " + broker.getKey(),
                "it is not in the cluster; " + broker.getValue() + " copies of partitions are on it", "all brokers that hold copies",
                "start it again; if it is gone for good, move its copies: kafka-reassign-partitions.sh")).toList();
    }

    /** @param least how many copies a write must reach; 0 where that is not known */
    private List<Finding> judge(TopicDescription topic, int least, int brokers) {
        Set<Integer> leaderless = new TreeSet<>();
        Set<Integer> behind = new TreeSet<>();
        Set<Integer> belowLeast = new TreeSet<>();
        boolean single = false;
        for (TopicPartitionInfo partition : topic.partitions()) {
            boolean led = partition.leader() != null && !partition.leader().isEmpty();
            if (!led) {
                leaderless.add(partition.partition());
            } else if (partition.isr().size() < Math.min(least, partition.replicas().size())) {   // as brokers from 3.7 on reckon
                belowLeast.add(partition.partition());
            } else if (partition.isr().size() < partition.replicas().size()) {
                behind.add(partition.partition());
            }
            single |= partition.replicas().size() == 1;
        }
        List<Finding> findings = new ArrayList<>();
        String describe = deployment.tool("kafka-topics.sh") + " --describe --topic " + topic.name();
        if (!leaderless.isEmpty()) {
            findings.add(Finding.fail(Ailment.PARTITION_OFFLINE, topic.name(), named(leaderless) + " without a leader: nothing can be read "
                    + "or written there", "a leader for each", "start the brokers that hold the copies: " + describe));
        }
        if (!belowLeast.isEmpty()) {
            findings.add(Finding.fail(Ailment.UNDER_MIN_ISR, topic.name(), named(belowLeast) + " with fewer copies in sync than "
                    + "min.insync.replicas (" + least + "): writes, and the transactions with them, wait", "at least " + least,
                    "start the brokers that hold the copies: " + describe));
        }
        if (!behind.isEmpty()) {
            findings.add(Finding.warn(Ailment.UNDER_REPLICATED, topic.name(), named(behind) + " with copies that are not in sync",
                    "all copies in sync", "see the brokers that hold them: " + describe));
        }
        if (single && brokers > 1) {
            findings.add(Finding.warn(Ailment.NOT_REPLICATED, topic.name(), "one copy, on a cluster of " + brokers + " brokers: it is lost "
                    + "with its broker", "as many copies as the cluster can keep, three usually",
                    "add copies: kafka-reassign-partitions.sh (ops/doctor.md#not-replicated); set default.replication.factor on the "
                            + "brokers before the next setup"));
        }
        return findings;
    }

    private static String named(Set<Integer> partitions) {
        return (partitions.size() == 1 ? "partition " : partitions.size() + " partitions ")
                + partitions.stream().limit(MOST_NAMED).map(String::valueOf).collect(Collectors.joining(", "))
                + (partitions.size() > MOST_NAMED ? ", …" : "");
    }
}
