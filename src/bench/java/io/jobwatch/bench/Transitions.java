package io.jobwatch.bench;

import io.jobwatch.event.JobTransition;
import io.jobwatch.registry.AvroDecoder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads committed transitions from now on, in a thread of its own, until it is closed. */
final class Transitions implements AutoCloseable {
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Thread thread;

    /** Told of each transition, in the reader's thread. */
    interface Listener {
        /**
         * @param nanos     when it was received, by {@link System#nanoTime()}
         * @param partition where it was
         */
        void received(JobTransition transition, long nanos, int partition);
    }

    /** Returns when it would miss nothing that is written from now on. */
    Transitions(Cluster cluster, Listener listener) {
        Map<String, Object> settings = new HashMap<>(cluster.kafka());
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = cluster.partitionsOf(cluster.topics().jobTransitions());
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        AvroDecoder<JobTransition> decoder = cluster.schemas().decoder(cluster.topics().jobTransitions());
        thread = new Thread(() -> {
            try (consumer) {
                while (!closing.get()) {
                    read(consumer, decoder, listener);
                }
            } catch (RuntimeException | Error e) {
                failure.set(e);
            }
        }, "transitions");
        thread.start();
    }

    private static void read(KafkaConsumer<byte[], byte[]> consumer, AvroDecoder<JobTransition> decoder, Listener listener) {
        Iterable<ConsumerRecord<byte[], byte[]>> records = consumer.poll(Duration.ofMillis(100));
        long now = System.nanoTime();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            listener.received(decoder.decode(record.value()), now, record.partition());
        }
    }

    /** @throws BenchException if reading has failed */
    void requireReading() {
        if (failure.get() != null) {
            throw new BenchException("reading the transitions failed: " + failure.get(), failure.get());
        }
    }

    /** @throws BenchException if reading has failed */
    @Override
    public void close() {
        closing.set(true);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        requireReading();
    }
}
