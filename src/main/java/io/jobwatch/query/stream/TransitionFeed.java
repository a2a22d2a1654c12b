package io.jobwatch.query.stream;

import io.jobwatch.registry.MalformedValueException;
import io.jobwatch.registry.RegistryException;
import io.jobwatch.topic.access.Refusals;
import io.jobwatch.topic.access.Right;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the topic into the ring with one consumer, in a thread of its own, whether there are readers or not: so it is always known where
 * "now" is. After a failure it goes on where it stopped; what was removed meanwhile, and a topic made anew, restart the ring, and each
 * reader then learns of its gap.
 */
final class TransitionFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TransitionFeed.class);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration IDENTIFY_EVERY = Duration.ofSeconds(30);
    private static final long PAUSE_MILLIS = 500;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;
    private static final long CLOSE_WITHIN_MILLIS = 2_000;

    private final Map<String, Object> kafkaProps;
    private final Refusals refusals;
    private final String topic;
    private final TransitionDecoder decoder;
    private final FrameRing ring;
    private final StreamSettings settings;
    private final Runnable published;
    private final LongAdder events;
    private final LongAdder unreadable;
    private final EndToEnd endToEnd;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::live, "jobwatch-stream");
    /** By partition, from where on records were committed while this feed was there. Belongs to its thread. */
    private long[] liveFrom = new long[0];
    private volatile KafkaConsumer<byte[], byte[]> consumer;

    /**
     * @param published  told when something has come into the ring
     * @param events     counts what came into the ring
     * @param unreadable counts the records that could not be read
     * @param endToEnd   told of what is committed from the start on
     */
    TransitionFeed(Map<String, Object> kafkaProps, String topic, TransitionDecoder decoder, FrameRing ring, StreamSettings settings,
                   Runnable published, LongAdder events, LongAdder unreadable, EndToEnd endToEnd) {
        this.kafkaProps = Map.copyOf(kafkaProps);
        this.refusals = new Refusals(kafkaProps, List.of(Right.onTopic("role query", topic, AclOperation.READ)));
        this.topic = topic;
        this.decoder = decoder;
        this.ring = ring;
        this.settings = settings;
        this.published = published;
        this.events = events;
        this.unreadable = unreadable;
        this.endToEnd = endToEnd;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Ends within seconds. */
    @Override
    public void close() {
        closing.countDown();
        KafkaConsumer<byte[], byte[]> open = consumer;
        if (open != null) {
            open.wakeup();
        }
        try {
            thread.join(CLOSE_WITHIN_MILLIS);
            if (thread.isAlive()) {
                thread.interrupt();
                thread.join(CLOSE_WITHIN_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void live() {
        String failure = null;
        long pause = PAUSE_MILLIS;
        try {
            do {
                long began = System.nanoTime();
                try {
                    readOn();
                } catch (InterruptException e) {
                    throw e;
                } catch (WakeupException e) {
                    LOG.debug("The stream was told to end", e);
                } catch (KafkaException | TimeoutException | ExecutionException e) {
                    String reason = refusals.describe(e);
                    if (!reason.equals(failure)) {
                        LOG.warn("{} cannot be read, so nothing new is streamed; trying again: {}", topic, reason);
                    }
                    failure = reason;
                } catch (RuntimeException e) {
                    LOG.error("{} cannot be read, so nothing new is streamed; trying again", topic, e);   // a bug
                }
                boolean lasted = System.nanoTime() - began > 2 * ANSWER_WITHIN.toNanos();
                pause = lasted ? PAUSE_MILLIS : Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
                failure = lasted ? null : failure;
            } while (!closing.await(pause, TimeUnit.MILLISECONDS));
        } catch (InterruptedException | InterruptException e) {
            LOG.debug("The stream was told to end", e);
        }
    }

    private void readOn() throws ExecutionException, TimeoutException, InterruptedException {
        Map<String, Object> consumerSettings = TopicReader.commonSettings(kafkaProps);
        consumerSettings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 200);
        Map<String, Object> adminSettings = new HashMap<>(kafkaProps);
        adminSettings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWER_WITHIN.toMillis());
        adminSettings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) ANSWER_WITHIN.toMillis());
        KafkaConsumer<byte[], byte[]> next = new KafkaConsumer<>(consumerSettings, new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        Admin admin = null;
        try {
            consumer = next;
            admin = Admin.create(adminSettings);
            TopicIdentity identity = identity(ask(admin).get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS));
            List<TopicPartition> partitions = IntStream.range(0, identity.partitions())
                    .mapToObj(partition -> new TopicPartition(topic, partition)).toList();
            next.assign(partitions);
            long[] from = place(identity, offsets(next.beginningOffsets(partitions, ANSWER_WITHIN)),
                    offsets(next.endOffsets(partitions, ANSWER_WITHIN)));
            partitions.forEach(partition -> next.seek(partition, from[partition.partition()]));
            published.run();
            follow(next, admin, identity);
        } finally {
            consumer = null;
            next.close(CloseOptions.timeout(Duration.ofMillis(500)));
            if (admin != null) {
                admin.close(Duration.ZERO);
            }
        }
    }

    /** Puts the ring where reading begins. */
    private long[] place(TopicIdentity identity, long[] begin, long[] end) {
        Optional<TopicIdentity> known = ring.topic();
        if (known.isEmpty()) {
            // For readers that come back after this instance has restarted: as they all do at once, they had better find it in the ring.
            long warmUp = settings.maxFrames();
            long[] from = new long[begin.length];
            Arrays.setAll(from, partition -> Math.max(begin[partition], end[partition] - warmUp / begin.length));
            ring.restart(identity, begin, from, end);
            liveFrom = end;
            return from;
        }
        if (!known.get().equals(identity)) {
            liveFrom = begin;
            LOG.warn("{} was made anew; it is streamed from its beginning", topic);
            ring.restart(identity, begin, begin, end);
            return begin;
        }
        long[] head = ring.head();
        long[] from = new long[head.length];
        Arrays.setAll(from, partition -> Math.min(Math.max(head[partition], begin[partition]), end[partition]));
        if (!Arrays.equals(from, head)) {
            LOG.warn("{} no longer holds what was to be streamed next: records from {} on are lost, going on at {}", topic,
                    Arrays.toString(head), Arrays.toString(from));
            ring.restart(identity, begin, from, from);
        }
        return from;
    }

    private void follow(KafkaConsumer<byte[], byte[]> open, Admin admin, TopicIdentity identity)
            throws ExecutionException, InterruptedException {
        KafkaFuture<TopicDescription> question = null;
        long askAt = System.nanoTime() + IDENTIFY_EVERY.toNanos();
        while (closing.getCount() > 0) {
            ConsumerRecords<byte[], byte[]> records = open.poll(POLL);
            int frames = 0;
            long bytes = 0;
            for (ConsumerRecord<byte[], byte[]> record : records) {
                append(record);
                frames++;
                bytes += record.serializedValueSize();
                if (frames >= settings.maxFrames() / 8 || bytes >= settings.maxBytes() / 32) {
                    published.run();   // before those who keep up are overtaken by the rest of what was polled
                    frames = 0;
                    bytes = 0;
                }
            }
            // The consumer's own position passes over what it does not hand out: aborted records, and the marks of transactions.
            for (TopicPartition partition : open.assignment()) {
                ring.advance(partition.partition(), open.position(partition, ANSWER_WITHIN));
            }
            if (!records.isEmpty()) {
                published.run();
            }
            if (question == null && System.nanoTime() - askAt >= 0) {
                question = ask(admin);
            } else if (question != null && question.isDone()) {
                if (!question.isCompletedExceptionally() && !identity(question.get()).equals(identity)) {
                    return;   // to begin again with the new one
                }
                question = null;
                askAt = System.nanoTime() + IDENTIFY_EVERY.toNanos();
            }
        }
    }

    /** Waits for the registry as long as it takes: to pass over a record for want of its schema would lose it. */
    private void append(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
        long pause = PAUSE_MILLIS;
        while (true) {
            try {
                ring.append(decoder.decode(record));
                events.increment();
                if (record.offset() >= liveFrom[record.partition()]) {
                    endToEnd.came(record);
                }
                return;
            } catch (MalformedValueException e) {
                unreadable.increment();
                LOG.warn("The stream goes without {}-{}@{}, which cannot be read: {}", topic, record.partition(), record.offset(),
                        e.getMessage());
                return;
            } catch (RegistryException e) {
                LOG.warn("The stream waits {} ms for the schema of {}-{}@{}: {}", pause, topic, record.partition(), record.offset(),
                        e.getMessage());
            }
            if (closing.await(pause, TimeUnit.MILLISECONDS)) {
                throw new WakeupException();
            }
            pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
        }
    }

    private KafkaFuture<TopicDescription> ask(Admin admin) {
        return admin.describeTopics(List.of(topic)).topicNameValues().get(topic);
    }

    private static TopicIdentity identity(TopicDescription found) {
        return new TopicIdentity(found.name(), found.topicId().hashCode(), found.partitions().size());
    }

    private static long[] offsets(Map<TopicPartition, Long> found) {
        long[] offsets = new long[found.size()];
        found.forEach((partition, offset) -> offsets[partition.partition()] = offset);
        return offsets;
    }
}
