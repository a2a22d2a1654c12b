package io.jobwatch.query.stream;

import io.jobwatch.registry.MalformedValueException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads pieces of the topic from any position, committed records only. Belongs to one thread at a time. */
final class TopicReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(100);
    /** A reader whose filter lets little pass gets back its turn's time all the same, to be told its position. */
    private static final Duration LONGEST_TURN = Duration.ofMillis(500);
    private static final int RECORDS_AT_ONCE = 250;
    private static final Duration BOUNDS_HOLD = Duration.ofSeconds(1);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TransitionDecoder decoder;
    private final String topic;
    private final int chunkBytes;
    private Map<TopicPartition, Long> begin = Map.of();
    private Map<TopicPartition, Long> end = Map.of();
    private long askedAt;

    TopicReader(Map<String, Object> kafkaProps, String topic, TransitionDecoder decoder, int chunkBytes) {
        this.consumer = new KafkaConsumer<>(settings(kafkaProps), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.decoder = decoder;
        this.topic = topic;
        this.chunkBytes = chunkBytes;
    }

    /** {@return what any consumer of the stream needs: no group, nothing of aborted transactions, and no guess where to go on} */
    static Map<String, Object> commonSettings(Map<String, Object> kafkaProps) {
        Map<String, Object> settings = new HashMap<>(kafkaProps);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) ANSWER_WITHIN.toMillis());
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWER_WITHIN.toMillis());
        return settings;
    }

    private static Map<String, Object> settings(Map<String, Object> kafkaProps) {
        Map<String, Object> settings = commonSettings(kafkaProps);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_AT_ONCE);
        // What is fetched beyond the end of a turn is lost.
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 256 << 10);
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
        return settings;
    }

    /**
     * Reads on from a position, as far as the bounds of a turn allow, in the partitions that are behind another position.
     *
     * @param until where reading may stop; what comes after it may be read, too
     * @throws org.apache.kafka.common.KafkaException if the broker does not answer, or something was removed while it was read
     * @throws io.jobwatch.registry.RegistryException if the registry does not answer
     */
    Chunk read(StreamReader.Request request, long[] until) {
        long[] next = request.from().clone();
        List<Gap> gaps = skipWhatIsGone(next);
        List<TopicPartition> behind = IntStream.range(0, next.length).filter(partition -> next[partition] < until[partition])
                .mapToObj(this::partition).toList();
        consumer.assign(behind);
        behind.forEach(partition -> consumer.seek(partition, next[partition.partition()]));
        List<TransitionEvent> events = new ArrayList<>();
        long bytes = 0;
        long deadline = System.nanoTime() + LONGEST_TURN.toNanos();
        while (bytes < chunkBytes && behind.stream().anyMatch(partition -> next[partition.partition()] < until[partition.partition()])
                && System.nanoTime() < deadline) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                bytes += add(record, request.filter(), events);
            }
            // The consumer's own position passes over what it does not hand out: aborted records, and the marks of transactions.
            behind.forEach(partition -> next[partition.partition()] = consumer.position(partition, ANSWER_WITHIN));
        }
        return new Chunk(gaps, events, next);
    }

    private List<Gap> skipWhatIsGone(long[] next) {
        List<TopicPartition> all = IntStream.range(0, next.length).mapToObj(this::partition).toList();
        // Where it was known a moment ago, a position still is in the topic; if not, polling fails, and the next attempt asks.
        if (System.nanoTime() - askedAt > BOUNDS_HOLD.toNanos() || !all.stream().allMatch(partition -> isKnown(partition, next))) {
            begin = consumer.beginningOffsets(all, ANSWER_WITHIN);
            end = consumer.endOffsets(all, ANSWER_WITHIN);
            askedAt = System.nanoTime();
        }
        List<Gap> gaps = new ArrayList<>();
        for (TopicPartition partition : all) {
            int index = partition.partition();
            long within = Math.min(Math.max(next[index], begin.get(partition)), end.get(partition));
            if (within != next[index]) {
                gaps.add(new Gap(index, next[index], within));
                next[index] = within;
            }
        }
        return gaps;
    }

    private boolean isKnown(TopicPartition partition, long[] next) {
        long position = next[partition.partition()];
        return begin.containsKey(partition) && begin.get(partition) <= position && position <= end.get(partition);
    }

    /** {@return the size of the event, if there is one for the reader} */
    private int add(ConsumerRecord<byte[], byte[]> record, TransitionFilter filter, List<TransitionEvent> events) {
        try {
            TransitionEvent event = decoder.decode(record);
            if (filter.passes(event)) {
                events.add(event);
                return event.json().length;
            }
        } catch (MalformedValueException e) {
            LOG.debug("A reader goes without {}-{}@{}, which cannot be read: {}", topic, record.partition(), record.offset(),
                    e.getMessage());
        }
        return 0;
    }

    private TopicPartition partition(int index) {
        return new TopicPartition(topic, index);
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ofMillis(500)));
    }
}
