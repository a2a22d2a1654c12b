package io.jobwatch.query;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;

/** Asks the broker where the committed part of some topics ends. Belongs to one thread. */
final class TopicEnds {
    private static final long ANSWER_WITHIN_MILLIS = 5_000;

    private final Admin admin;
    private final List<String> topics;
    private Map<TopicPartition, OffsetSpec> question;

    TopicEnds(Admin admin, List<String> topics) {
        this.admin = admin;
        this.topics = topics;
    }

    /**
     * {@return for each partition the offset after the last committed record}
     *
     * @throws ExecutionException if the broker refuses
     * @throws TimeoutException   if it does not answer
     */
    Map<TopicPartition, Long> ask() throws ExecutionException, TimeoutException, InterruptedException {
        if (question == null) {
            question = partitions();
        }
        Map<TopicPartition, Long> ends = new HashMap<>();
        admin.listOffsets(question, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)).all()
                .get(ANSWER_WITHIN_MILLIS, TimeUnit.MILLISECONDS)
                .forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    private Map<TopicPartition, OffsetSpec> partitions() throws ExecutionException, TimeoutException, InterruptedException {
        Map<TopicPartition, OffsetSpec> result = new HashMap<>();
        Map<String, TopicDescription> found = admin.describeTopics(topics).allTopicNames()
                .get(ANSWER_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
        for (TopicDescription topic : found.values()) {
            for (TopicPartitionInfo partition : topic.partitions()) {
                result.put(new TopicPartition(topic.name(), partition.partition()), OffsetSpec.latest());
            }
        }
        return result;
    }
}
