package io.jobwatch.report;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * What was polled and is not delivered yet, and the offsets that may be committed: never past something undelivered. Deliveries happen in
 * the order in which things were seen, over all partitions of a poll, so that a report does not overtake the transitions of its job in
 * another topic.
 *
 * <p>Belongs to the thread of the consumer.
 */
final class Backlog {
    private final Deque<ConsumerRecord<byte[], byte[]>> unread = new ArrayDeque<>();
    private final List<Delivery> undelivered = new ArrayList<>();
    private final Map<TopicPartition, OffsetAndMetadata> polled = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();

    boolean isEmpty() {
        return unread.isEmpty() && undelivered.isEmpty();
    }

    /** {@return how many records of a topic were polled and are not delivered} */
    long size(String topic) {
        return unread.stream().filter(record -> record.topic().equals(topic)).count()
                + undelivered.stream().filter(delivery -> delivery.origin().topic().equals(topic)).count();
    }

    void add(ConsumerRecords<byte[], byte[]> records) {
        records.forEach(unread::add);
        polled.putAll(records.nextOffsets());
    }

    /**
     * Reads and delivers all there is. An exception of {@code read} or {@code deliver} ends it and leaves the record concerned and all
     * after it for the next call.
     */
    void deliverAll(Function<ConsumerRecord<byte[], byte[]>, Delivery> read, Consumer<Delivery> deliver) {
        while (!unread.isEmpty()) {
            undelivered.add(read.apply(unread.peek()));
            unread.remove();
        }
        undelivered.sort(Delivery.AS_SEEN);
        int done = 0;
        try {
            for (Delivery delivery : undelivered) {
                deliver.accept(delivery);
                done++;
            }
        } finally {
            undelivered.subList(0, done).clear();
        }
    }

    /** {@return what is new to commit} */
    Map<TopicPartition, OffsetAndMetadata> committable() {
        Map<TopicPartition, OffsetAndMetadata> result = new HashMap<>(polled);
        unread.forEach(record -> holdBack(result, record));
        undelivered.forEach(delivery -> holdBack(result, delivery.origin()));
        result.entrySet().removeIf(entry -> entry.getValue().equals(committed.get(entry.getKey())));
        return result;
    }

    /** Notes that these offsets need not be committed again. */
    void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
        committed.putAll(offsets);
    }

    /** Drops what belongs to partitions that another instance reads from now on, from their committed offsets. */
    void forget(Collection<TopicPartition> partitions) {
        unread.removeIf(record -> partitions.contains(partition(record)));
        undelivered.removeIf(delivery -> partitions.contains(partition(delivery.origin())));
        polled.keySet().removeAll(partitions);
        committed.keySet().removeAll(partitions);
    }

    private static void holdBack(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerRecord<byte[], byte[]> record) {
        OffsetAndMetadata own = new OffsetAndMetadata(record.offset(), record.leaderEpoch(), "");
        offsets.merge(partition(record), own, (a, b) -> a.offset() <= b.offset() ? a : b);
    }

    private static TopicPartition partition(ConsumerRecord<byte[], byte[]> record) {
        return new TopicPartition(record.topic(), record.partition());
    }
}
