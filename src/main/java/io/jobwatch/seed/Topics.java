package io.jobwatch.seed;

import io.jobwatch.topic.TopicException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Which topics are there. */
final class Topics {

    private Topics() {
    }

    /** {@return the number of partitions of each of the topics that is there} */
    static Map<String, Integer> described(Admin admin, Side side, Collection<String> names) {
        Map<String, Integer> found = new TreeMap<>();
        Map<String, KafkaFuture<TopicDescription>> described = admin.describeTopics(names).topicNameValues();
        described.forEach((name, future) -> {
            try {
                found.put(name, Answers.await(side, future, "describe topic " + name).partitions().size());
            } catch (TopicException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        });
        return found;
    }

    static List<TopicPartition> partitions(String topic, int count) {
        return IntStream.range(0, count).mapToObj(number -> new TopicPartition(topic, number)).toList();
    }
}
