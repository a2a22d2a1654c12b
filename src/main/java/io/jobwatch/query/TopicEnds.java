package io.jobwatch.query;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Asks the broker which topics there are by some names, and where the committed part of them ends. Belongs to one thread. */
final class TopicEnds {
    private static final long ANSWER_WITHIN_MILLIS = 5_000;
    private static final Duration IDENTIFY_EVERY = Duration.ofSeconds(5);

    private final Admin admin;
    private final List<String> topics;
    private Origin origin;
    private long identifiedAt;

    TopicEnds(Admin admin, List<String> topics) {
        this.admin = admin;
        this.topics = topics;
    }

    /**
     * {@return which topics they are, as of some seconds ago at the most}
     *
     * @throws ExecutionException if the broker refuses
     * @throws TimeoutException   if it does not answer
     */
    Origin origin() throws ExecutionException, TimeoutException, InterruptedException {
        if (origin == null || System.nanoTime() - identifiedAt >= IDENTIFY_EVERY.toNanos()) {
            origin = Origin.ask(admin, topics);
            identifiedAt = System.nanoTime();
        }
        return origin;
    }

    /**
     * {@return for each partition the offset after the last committed record}
     *
     * @throws ExecutionException if the broker refuses
     * @throws TimeoutException   if it does not answer
     */
    Map<TopicPartition, Long> ask() throws ExecutionException, TimeoutException, InterruptedException {
        Map<TopicPartition, OffsetSpec> question = origin().partitions().stream()
                .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        admin.listOffsets(question, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)).all()
                .get(ANSWER_WITHIN_MILLIS, TimeUnit.MILLISECONDS)
                .forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }
}
