package io.jobwatch.query;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * The usual clients for Kafka Streams, but a global consumer that can be watched, and woken when Streams would wait for the broker at the
 * end.
 */
final class ViewClients implements KafkaClientSupplier {
    private final Map<TopicPartition, Long> positions = TrackedConsumer.newPositions();
    private volatile TrackedConsumer globalConsumer;

    /** {@return how far the stores are, live} */
    Map<TopicPartition, Long> positions() {
        return positions;
    }

    /** Lets the global thread fail wherever it waits for the broker. */
    void wakeUp() {
        if (globalConsumer != null) {
            globalConsumer.wakeup();
        }
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return getConsumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        globalConsumer = new TrackedConsumer(config, positions);
        return globalConsumer;
    }
}
