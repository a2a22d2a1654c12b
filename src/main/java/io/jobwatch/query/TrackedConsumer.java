package io.jobwatch.query;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The global consumer of Kafka Streams, which tells how far its records have been taken in. Streams finishes all records of a poll before
 * the next one, and seeks only to where it has finished; positions count transaction markers, which no processor ever sees.
 */
final class TrackedConsumer extends KafkaConsumer<byte[], byte[]> {
    private final Map<TopicPartition, Long> positions;
    private Map<TopicPartition, OffsetAndMetadata> inHand = Map.of();

    /** @param positions where to tell; any thread may read it */
    TrackedConsumer(Map<String, Object> config, Map<TopicPartition, Long> positions) {
        super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.positions = positions;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        inHand.forEach((partition, next) -> positions.put(partition, next.offset()));
        inHand = Map.of();
        ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
        inHand = records.nextOffsets();
        return records;
    }

    @Override
    public void seek(TopicPartition partition, long offset) {
        super.seek(partition, offset);
        positions.put(partition, offset);
    }

    /** {@return a map for positions} */
    static Map<TopicPartition, Long> newPositions() {
        return new ConcurrentHashMap<>();
    }
}
