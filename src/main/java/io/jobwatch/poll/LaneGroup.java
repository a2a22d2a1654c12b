package io.jobwatch.poll;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Membership in the group that owns the lanes. One thread owns the consumer and tells a listener, as an immutable snapshot, what this
 * instance owns. The consumer reads nothing: its partitions are paused, the group is used for ownership alone.
 */
final class LaneGroup implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LaneGroup.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LEAVE_WITHIN = Duration.ofSeconds(5);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String topic;
    private final Consumer<Ownership> listener;
    private final Thread thread = new Thread(this::run, "jobwatch-lanes");
    /** Touched by the consumer's thread alone. */
    private final Set<Integer> lanes = new HashSet<>();
    private Ownership published;
    private volatile boolean closing;

    /**
     * @param consumer belongs to this object from now on
     * @param topic    poll-cursors
     * @param listener told on the consumer's thread; must return at once
     */
    LaneGroup(KafkaConsumer<byte[], byte[]> consumer, String topic, Consumer<Ownership> listener) {
        this.consumer = consumer;
        this.topic = topic;
        this.listener = listener;
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        closing = true;
        if (thread.getState() == Thread.State.NEW) {
            consumer.close();   // it was never started, so nobody else touches the consumer
            return;
        }
        consumer.wakeup();
        try {
            thread.join(2 * LEAVE_WITHIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            consumer.subscribe(List.of(topic), new Rebalance());
            while (!closing) {
                pollOnce();
            }
        } catch (WakeupException e) {
            LOG.debug("leaving the group of the lanes", e);
        } finally {
            leave();
        }
    }

    private void leave() {
        try {
            consumer.close(CloseOptions.timeout(LEAVE_WITHIN));
        } catch (KafkaException e) {
            LOG.warn("the group of the lanes could not be left, the others will notice within 10 s: {}", e.toString());
        } finally {
            // Whatever ended the membership: without it nothing is owned.
            listener.accept(new Ownership(Set.of(), new ConsumerGroupMetadata("none")));
        }
    }

    private void pollOnce() {
        try {
            consumer.poll(POLL);
            publish();
        } catch (WakeupException e) {
            throw e;
        } catch (RuntimeException e) {
            // Not the end of the poller: the lanes' own transactions say whether this instance may still write.
            LOG.warn("the group of the lanes cannot be reached: {}", e.toString());
            pause();
        }
    }

    private void pause() {
        try {
            Thread.sleep(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closing = true;
        }
    }

    private void publish() {
        ConsumerGroupMetadata metadata = consumer.groupMetadata();
        boolean same = published != null && published.lanes().equals(lanes)
                && published.metadata().generationId() == metadata.generationId()
                && published.metadata().memberId().equals(metadata.memberId());
        if (!same) {
            published = new Ownership(lanes, metadata);
            listener.accept(published);
        }
    }

    private final class Rebalance implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            consumer.pause(partitions);
            lanes.addAll(numbers(partitions));
            publish();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            lanes.removeAll(numbers(partitions));
            publish();
        }

        private static Set<Integer> numbers(Collection<TopicPartition> partitions) {
            return partitions.stream().map(TopicPartition::partition).collect(Collectors.toSet());
        }
    }

    /** {@return the consumer settings that ownership rests on, to be put over the cluster's} */
    static Map<String, Object> settings(String group) {
        return Map.ofEntries(
                Map.entry("group.id", group),
                // The assignor, and that a generation stands for an assignment, are those of this protocol.
                Map.entry("group.protocol", "classic"),
                Map.entry("enable.auto.commit", false),
                Map.entry("auto.offset.reset", "earliest"),
                Map.entry("allow.auto.create.topics", false),
                // Only the lanes that move stop; the default would stop all of them at each rebalance.
                Map.entry("partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor"),
                // A killed instance is noticed after this long (default 45 s).
                Map.entry("session.timeout.ms", 10_000),
                Map.entry("heartbeat.interval.ms", 3_000),
                Map.entry("key.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer"),
                Map.entry("value.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer"));
    }
}
