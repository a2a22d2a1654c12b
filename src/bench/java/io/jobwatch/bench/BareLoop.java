package io.jobwatch.bench;

import io.jobwatch.topology.TopologyRunner;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;

/**
 * The least that any exactly-once program on Kafka does: it reads an event, writes its bytes to two topics, and commits every 100 ms in a
 * transaction. It looks at nothing and keeps nothing: the ceiling. Clients have the settings that Kafka Streams gives its own under
 * exactly-once; everything else is Kafka's default.
 *
 * <p>The wide one writes as many records as jobwatch does for most events, two of them with headers as jobwatch's have, in batches of
 * jobwatch's size: what is left between it and jobwatch is the work.
 */
final class BareLoop implements Contestant {
    private static final long COMMIT_NANOS = 100_000_000;

    private final ContestantSettings settings;
    private final boolean wide;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Thread thread = new Thread(this::run, "bare-loop");
    private volatile boolean running;

    BareLoop(ContestantSettings settings, boolean wide) {
        this.settings = settings;
        this.wide = wide;
        Map<String, Object> reading = new HashMap<>(settings.kafka());
        reading.put(ConsumerConfig.GROUP_ID_CONFIG, settings.applicationId());
        reading.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        reading.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        reading.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        reading.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1000);
        reading.putAll(settings.propertiesOf("consumer."));
        consumer = new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        Map<String, Object> writing = new HashMap<>(settings.kafka());
        writing.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, settings.applicationId());
        writing.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 10_000);
        writing.put(ProducerConfig.LINGER_MS_CONFIG, 100);
        if (wide) {
            writing.put(ProducerConfig.BATCH_SIZE_CONFIG, TopologyRunner.BATCH_BYTES);
        }
        writing.putAll(settings.propertiesOf("producer."));
        producer = new KafkaProducer<>(writing, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public boolean running() {
        return running;
    }

    @Override
    public Optional<KafkaStreams> streams() {
        return Optional.empty();
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (consumer; producer) {
            producer.initTransactions();
            consumer.subscribe(List.of(settings.topics().jobStateEvents()));
            running = true;
            loop();
        } catch (WakeupException e) {
            // It is closed; what was not committed is aborted.
            running = false;
        }
    }

    private void loop() {
        String first = settings.topics().jobTransitions();
        String second = settings.topics().jobStatus();
        Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
        long committedAt = System.nanoTime();
        while (true) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
            if (!records.isEmpty() && done.isEmpty()) {
                producer.beginTransaction();
            }
            for (ConsumerRecord<byte[], byte[]> event : records) {
                if (wide) {
                    producer.send(new ProducerRecord<>(first, null, null, event.key(), event.value(), event.headers()));
                    producer.send(new ProducerRecord<>(second, null, null, event.key(), event.value(), event.headers()));
                    producer.send(new ProducerRecord<>(settings.topics().jobAlerts(), event.key(), event.value()));
                } else {
                    producer.send(new ProducerRecord<>(first, event.key(), event.value()));
                    producer.send(new ProducerRecord<>(second, event.key(), event.value()));
                }
            }
            done.putAll(records.nextOffsets());
            if (!done.isEmpty() && System.nanoTime() - committedAt >= COMMIT_NANOS) {
                producer.sendOffsetsToTransaction(done, consumer.groupMetadata());
                producer.commitTransaction();
                done.clear();
                committedAt = System.nanoTime();
            }
        }
    }
}
