package io.jobwatch.topic.deadletter;

import io.jobwatch.topic.TopicException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the topic of dead letters, committed records alone, outside of any consumer group. Belongs to one thread. */
public final class DeadLetterReader implements AutoCloseable {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(200);
    /** A transaction that nobody ends is ended by the broker: at most a minute at the defaults. */
    private static final Duration TRANSACTION_ENDS_WITHIN = Duration.ofSeconds(90);

    private static final Instant LATEST = Instant.ofEpochMilli(Long.MAX_VALUE);

    private final Map<String, Object> kafka;
    private final String topic;
    private final Consumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;

    /** What is met on the way. */
    public interface Visitor {

        /** A dead letter. */
        void letter(ConsumerRecord<byte[], byte[]> record, DeadLetter letter);

        /** The note that a letter before this was put back. */
        void replayed(ReplayNote note);
    }

    /** How far to read. */
    public enum Until {
        /** To what is committed now. */
        COMMITTED,
        /** To what is written now, after the transactions that it belongs to have ended. */
        WRITTEN
    }

    /**
     * @param kafka how any Kafka client reaches the cluster
     * @throws TopicException if the topic is not there
     */
    public DeadLetterReader(Map<String, Object> kafka, String topic) {
        this.kafka = kafka;
        this.topic = topic;
        this.consumer = consumer(IsolationLevel.READ_COMMITTED);
        try {
            this.partitions = IntStream.range(0, partitionsOf(topic)).mapToObj(number -> new TopicPartition(topic, number)).toList();
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    /** {@return the number of partitions of a topic} */
    int partitionsOf(String name) {
        List<PartitionInfo> found = consumer.partitionsFor(name);
        if (found == null || found.isEmpty()) {
            throw new TopicException("topic " + name + " is missing; create it with: jobwatch setup -c FILE");
        }
        return found.size();
    }

    private KafkaConsumer<byte[], byte[]> consumer(IsolationLevel isolation) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation.toString());
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWER_WITHIN.toMillis());
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** {@return the offset in each partition at which to begin so that no letter since then is left out} */
    public Map<Integer, Long> begin(Optional<Instant> since) {
        Map<TopicPartition, Long> offsets = new HashMap<>(consumer.beginningOffsets(partitions));
        since.ifPresent(time -> {
            Map<TopicPartition, Long> times = new HashMap<>();
            partitions.forEach(partition -> times.put(partition, millis(time)));
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.offsetsForTimes(times).forEach((partition, found) -> offsets.put(partition,
                    Optional.ofNullable(found).map(OffsetAndTimestamp::offset).orElse(ends.get(partition))));
        });
        Map<Integer, Long> result = new TreeMap<>();
        offsets.forEach((partition, offset) -> result.put(partition.partition(), offset));
        return result;
    }

    /** {@return the time as Kafka knows times: no record is of before 1970, and negative ones have a meaning of their own} */
    private static long millis(Instant time) {
        if (time.isBefore(Instant.EPOCH)) {
            return 0;
        }
        return time.isAfter(LATEST) ? Long.MAX_VALUE : time.toEpochMilli();
    }

    /**
     * Reads some partitions, each in its order.
     *
     * @param begin the partitions, and the offset in each at which to begin; partitions that do not exist are left out
     * @throws TopicException if the broker does not answer, or a transaction does not end
     */
    public void read(Map<Integer, Long> begin, Until until, Visitor visitor) {
        List<TopicPartition> read = partitions.stream().filter(partition -> begin.containsKey(partition.partition())).toList();
        Map<TopicPartition, Long> ends = ends(read, until);
        consumer.assign(read);
        read.forEach(partition -> consumer.seek(partition, begin.get(partition.partition())));
        long deadline = deadline();
        while (!ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
            boolean progress = false;
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                progress = true;
                if (record.offset() < ends.get(new TopicPartition(topic, record.partition()))) {
                    visit(record, visitor);
                }
            }
            deadline = progress ? deadline() : deadline;
            if (System.nanoTime() > deadline) {
                throw new TopicException("nothing came of " + topic + " for " + TRANSACTION_ENDS_WITHIN.toSeconds()
                        + " s: a broker does not answer, or a transaction on it was left open; see kafka-transactions.sh "
                        + "--bootstrap-server " + kafka.get("bootstrap.servers") + " find-hanging --topic " + topic);
            }
        }
    }

    private static void visit(ConsumerRecord<byte[], byte[]> record, Visitor visitor) {
        if (ReplayNote.isNote(record)) {
            ReplayNote.read(record).ifPresent(visitor::replayed);
        } else {
            visitor.letter(record, DeadLetter.of(record));
        }
    }

    private Map<TopicPartition, Long> ends(List<TopicPartition> read, Until until) {
        if (until == Until.COMMITTED) {
            return consumer.endOffsets(read);
        }
        try (Consumer<byte[], byte[]> all = consumer(IsolationLevel.READ_UNCOMMITTED)) {
            return all.endOffsets(read);
        }
    }

    private static long deadline() {
        return System.nanoTime() + TRANSACTION_ENDS_WITHIN.toNanos();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
