package io.jobwatch.topology;

import io.jobwatch.event.SourceStatus;
import io.jobwatch.registry.AvroDecoder;
import io.jobwatch.registry.MalformedValueException;
import io.jobwatch.registry.RegistryException;
import io.jobwatch.topic.TopicException;
import io.jobwatch.topic.access.Refusals;
import io.jobwatch.topic.access.Right;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all of source-status and goes on reading it, in a thread of its own.
 *
 * <p>A plain consumer and no global store of the topology: what it tells only holds alerts back, so its failures must not stop the stream,
 * and the failure of a global store does.
 */
public final class SourceStatusReader implements SourceLooks, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SourceStatusReader.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration CHECK_EVERY = Duration.ofSeconds(5);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);
    private static final long PAUSE_MILLIS = 5_000;

    private final Map<String, Object> settings;
    private final Refusals refusals;
    private final String topic;
    private final AvroDecoder<SourceStatus> decoder;
    private final Clock clock;
    private final Map<String, SourceLook> looks = new ConcurrentHashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::live, "source-status-reader");
    private volatile Instant listeningSince;

    /**
     * @param kafkaProperties how to reach and authenticate with the cluster
     * @param topic           source-status
     * @param decoder         for this reader alone
     */
    public SourceStatusReader(Map<String, Object> kafkaProperties, String topic, AvroDecoder<SourceStatus> decoder, Clock clock) {
        this.settings = settings(kafkaProperties);
        this.refusals = new Refusals(kafkaProperties, List.of(Right.onTopic("role process", topic, AclOperation.READ)));
        this.topic = topic;
        this.decoder = decoder;
        this.clock = clock;
        thread.setDaemon(true);
    }

    static Map<String, Object> settings(Map<String, Object> kafkaProperties) {
        Map<String, Object> settings = new HashMap<>(kafkaProperties);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWER_WITHIN.toMillis());
        settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) ANSWER_WITHIN.toMillis());
        return settings;
    }

    public void start() {
        thread.start();
    }

    @Override
    public Optional<Instant> listeningSince() {
        return Optional.ofNullable(listeningSince);
    }

    @Override
    public Map<String, SourceLook> bySource() {
        return Collections.unmodifiableMap(looks);
    }

    /** Ends within seconds. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(ANSWER_WITHIN.plus(POLL).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void live() {
        try {
            do {
                try (KafkaConsumer<byte[], byte[]> consumer =
                             new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                    read(consumer);
                } catch (InterruptException e) {
                    throw e;
                } catch (KafkaException | RegistryException | TopicException e) {
                    LOG.warn("{} cannot be read, so no alert is raised; next try in {} ms: {}", topic, PAUSE_MILLIS,
                            refusals.explain(e).orElse(e.toString()));
                } catch (RuntimeException e) {
                    LOG.error("{} cannot be read, so no alert is raised; next try in {} ms", topic, PAUSE_MILLIS, e);   // a bug
                } finally {
                    listeningSince = null;
                }
            } while (!closing.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException | InterruptException e) {
            LOG.debug("told to end", e);
        }
    }

    private void read(KafkaConsumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = partitions(consumer, topic);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Set<String> unheard = new HashSet<>(looks.keySet());
        long checkedAt = System.nanoTime() - CHECK_EVERY.toNanos();
        while (closing.getCount() > 0) {
            consumer.poll(POLL).forEach(record -> hear(record).ifPresent(unheard::remove));
            if (System.nanoTime() - checkedAt >= CHECK_EVERY.toNanos()) {
                // That nothing comes is no news: is there nothing, or nobody to tell?
                checkedAt = System.nanoTime();
                boolean atTheEnd = consumer.endOffsets(partitions, ANSWER_WITHIN).entrySet().stream()
                        .allMatch(end -> consumer.position(end.getKey(), ANSWER_WITHIN) >= end.getValue());
                if (atTheEnd && listeningSince == null) {
                    // Their end was told, and compacted away, while nobody listened.
                    looks.keySet().removeAll(unheard);
                    listeningSince = clock.instant();
                }
            }
        }
    }

    /** @throws TopicException if there is no such topic */
    static List<TopicPartition> partitions(Consumer<?, ?> consumer, String topic) {
        List<PartitionInfo> found = consumer.partitionsFor(topic);
        if (found == null || found.isEmpty()) {
            throw new TopicException("topic " + topic + " is missing; create it with: jobwatch setup -c FILE");
        }
        return found.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
    }

    /** {@return the source that a record is about, if it can be read} */
    private Optional<String> hear(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            LOG.warn("{}-{} at offset {}: a record without a key", topic, record.partition(), record.offset());
            return Optional.empty();
        }
        String source = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            looks.remove(source);
            return Optional.of(source);
        }
        try {
            SourceStatus status = decoder.decode(record.value());
            if (!status.getSource().equals(source)) {
                throw new MalformedValueException("the key and the value are about different sources");
            }
            Instant now = clock.instant();
            looks.merge(source, SourceLook.first(status, now), (known, first) -> known.next(status, now));
            return Optional.of(source);
        } catch (MalformedValueException e) {
            LOG.warn("{}-{} at offset {}: {}", topic, record.partition(), record.offset(), e.getMessage());
            return Optional.empty();
        }
    }
}
