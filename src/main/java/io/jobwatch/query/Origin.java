package io.jobwatch.query;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;

/**
 * Which topics something is read from. Those of the same names in another cluster are others, and so are those made anew and those that
 * got more partitions: what was read of the ones, and how far, says nothing of the others.
 *
 * @param id         tells them apart; safe in a path
 * @param partitions of all the topics
 */
record Origin(String id, Set<TopicPartition> partitions) {
    private static final long ANSWER_WITHIN_MILLIS = 5_000;

    Origin {
        partitions = Set.copyOf(partitions);
    }

    /**
     * Asks the broker.
     *
     * @throws ExecutionException if it refuses, or a topic does not exist
     * @throws TimeoutException   if it does not answer
     */
    static Origin ask(Admin admin, List<String> topics) throws ExecutionException, TimeoutException, InterruptedException {
        StringBuilder described = new StringBuilder(String.valueOf(
                admin.describeCluster().clusterId().get(ANSWER_WITHIN_MILLIS, TimeUnit.MILLISECONDS)));
        Map<String, TopicDescription> found = admin.describeTopics(topics).allTopicNames()
                .get(ANSWER_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
        Set<TopicPartition> partitions = new HashSet<>();
        for (String name : topics) {
            TopicDescription topic = found.get(name);
            described.append('\n').append(name).append(' ').append(topic.topicId()).append(' ').append(topic.partitions().size());
            for (TopicPartitionInfo partition : topic.partitions()) {
                partitions.add(new TopicPartition(name, partition.partition()));
            }
        }
        return new Origin(UUID.nameUUIDFromBytes(described.toString().getBytes(StandardCharsets.UTF_8)).toString(), partitions);
    }
}
