package io.jobwatch.poll;

import io.jobwatch.topic.access.Refusals;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
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
 *
 * <p>If the process was halted for so long that the others may have taken its lanes over, it owns nothing until the group has told it
 * anew what it does.
 */
final class LaneGroup implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LaneGroup.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LEAVE_WITHIN = Duration.ofSeconds(5);
    private static final Duration SESSION = Duration.ofSeconds(10);
    /** How soon an instance hears that another comes or goes; until then the sources that move are not polled (default 3 s). */
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);
    /** The others may take over a session after the last heartbeat, which may have been the longest time between two before the halt. */
    static final Duration LONGEST_HALT = SESSION.minus(HEARTBEAT).minusSeconds(2);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String topic;
    private final Consumer<Ownership> listener;
    private final LongSupplier nanos;
    private final Refusals refusals;
    private final Thread thread = new Thread(this::run, "jobwatch-lanes");
    /** Touched by the consumer's thread alone. */
    private final Set<Integer> lanes = new HashSet<>();
    private Ownership published;
    /** What the group had told last when the process was halted; null while it was not, or when it has told anew. */
    private ConsumerGroupMetadata outdated;
    /** Why the group could not be reached at the last attempt; null if it could. */
    private String trouble;
    private volatile long lookedAt;
    private volatile boolean closing;

    /**
     * @param consumer belongs to this object from now on
     * @param topic    poll-cursors
     * @param listener told on the consumer's thread; must return at once
     * @param nanos    a steady clock that goes on while the process is halted
     * @param refusals says what the cluster refuses
     */
    LaneGroup(KafkaConsumer<byte[], byte[]> consumer, String topic, Consumer<Ownership> listener, LongSupplier nanos, Refusals refusals) {
        this.refusals = refusals;
        this.consumer = consumer;
        this.topic = topic;
        this.listener = listener;
        this.nanos = nanos;
        this.lookedAt = nanos.getAsLong();
    }

    /**
     * {@return whether what the listener was told last can be relied on} Not after a halt, until the consumer's thread has noticed it and
     * told the listener. Any thread may ask.
     */
    boolean current() {
        return nanos.getAsLong() - lookedAt < LONGEST_HALT.toNanos();
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
            lookForHalt();
            consumer.poll(POLL);
            lookForHalt();
            publish();
            if (trouble != null) {
                LOG.info("the group of the lanes is reached again");
                trouble = null;
            }
        } catch (WakeupException e) {
            throw e;
        } catch (RuntimeException e) {
            // Not the end of the poller: the lanes' own transactions say whether this instance may still write.
            String reason = refusals.explain(e).orElse(e.toString());
            if (!reason.equals(trouble)) {
                LOG.warn("the group of the lanes cannot be reached, trying again every second: {}", reason);
                trouble = reason;
            }
            pause();
        }
    }

    private void lookForHalt() {
        if (!current()) {
            LOG.warn("this process was halted for {} s, so others may poll its sources: joining the group of the lanes anew",
                    Duration.ofNanos(nanos.getAsLong() - lookedAt).toSeconds());
            outdated = consumer.groupMetadata();
            consumer.enforceRebalance("halted");
            publish();
        }
        lookedAt = nanos.getAsLong();
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
        outdated = outdated != null && sameGeneration(outdated, metadata) ? outdated : null;
        Set<Integer> owned = outdated == null ? lanes : Set.of();
        if (published == null || !published.lanes().equals(owned) || !sameGeneration(published.metadata(), metadata)) {
            published = new Ownership(owned, metadata);
            listener.accept(published);
        }
    }

    private static boolean sameGeneration(ConsumerGroupMetadata one, ConsumerGroupMetadata other) {
        return one.generationId() == other.generationId() && one.memberId().equals(other.memberId());
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
                Map.entry("client.id", group),
                // The assignor, and that a generation stands for an assignment, are those of this protocol.
                Map.entry("group.protocol", "classic"),
                Map.entry("enable.auto.commit", false),
                Map.entry("auto.offset.reset", "earliest"),
                Map.entry("allow.auto.create.topics", false),
                // Only the lanes that move stop; the default would stop all of them at each rebalance.
                Map.entry("partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor"),
                // A killed instance is noticed after this long (default 45 s).
                Map.entry("session.timeout.ms", (int) SESSION.toMillis()),
                Map.entry("heartbeat.interval.ms", (int) HEARTBEAT.toMillis()),
                Map.entry("key.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer"),
                Map.entry("value.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer"));
    }
}
