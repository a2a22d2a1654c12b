package io.jobwatch.cli.doctor;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Questions to the brokers, none of which waits for long. Thread-safe. */
public final class Cluster implements AutoCloseable {
    static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    private final Admin admin;

    private Cluster(Admin admin) {
        this.admin = admin;
    }

    /** @throws KafkaException if the settings cannot be used, or no host of the address is known */
    public static Cluster of(Deployment deployment) {
        Map<String, Object> settings = new HashMap<>(deployment.kafka());
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) ANSWER_WITHIN.toMillis() / 2);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWER_WITHIN.toMillis());
        return new Cluster(Admin.create(settings));
    }

    Admin admin() {
        return admin;
    }

    /**
     * {@return an answer}
     *
     * @throws KafkaException what the broker refuses with, or a {@link TimeoutException}
     */
    static <T> T ask(KafkaFuture<T> question) throws InterruptedException {
        try {
            return question.get(ANSWER_WITHIN.toMillis() + 1_000, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException("no answer within " + ANSWER_WITHIN.toSeconds() + " s", e);
        }
    }

    /** One answer, or why there is none. */
    record Asked<T>(T answer, KafkaException failure) {
        boolean answered() {
            return failure == null;
        }
    }

    static <T> Asked<T> tryAsk(KafkaFuture<T> question) throws InterruptedException {
        try {
            return new Asked<>(ask(question), null);
        } catch (KafkaException e) {
            return new Asked<>(null, e);
        }
    }

    /** {@return for each name the topic, or why it is not told} */
    Map<String, Asked<TopicDescription>> topics(Collection<String> names) throws InterruptedException {
        Map<String, Asked<TopicDescription>> topics = new LinkedHashMap<>();
        var futures = admin.describeTopics(names).topicNameValues();
        for (String name : names) {
            topics.put(name, tryAsk(futures.get(name)));
        }
        return topics;
    }

    /** {@return offsets of partitions} */
    Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, OffsetSpec which, IsolationLevel isolation)
            throws InterruptedException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        ask(question(partitions, which, isolation).all()).forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    /** {@return for each partition its offset, or why it is not told} */
    Map<TopicPartition, Asked<ListOffsetsResultInfo>> tryOffsets(Collection<TopicPartition> partitions, OffsetSpec which,
                                                                 IsolationLevel isolation) throws InterruptedException {
        Map<TopicPartition, Asked<ListOffsetsResultInfo>> offsets = new HashMap<>();
        ListOffsetsResult answers = question(partitions, which, isolation);
        for (TopicPartition partition : partitions) {
            offsets.put(partition, tryAsk(answers.partitionResult(partition)));
        }
        return offsets;
    }

    private ListOffsetsResult question(Collection<TopicPartition> partitions, OffsetSpec which, IsolationLevel isolation) {
        Map<TopicPartition, OffsetSpec> question = new HashMap<>();
        partitions.forEach(partition -> question.put(partition, which));
        return admin.listOffsets(question, new ListOffsetsOptions(isolation));
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(2));
    }
}
