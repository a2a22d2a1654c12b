package io.jobwatch.query;

import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;

/**
 * How old the view is, measured: the ends of the topics at a known time, and whether the view has reached them. Without an answer from the
 * broker there are no new ends, so the age grows. One target is kept at a time, so the age is told at most one round too high, and never
 * too low.
 *
 * <p>Thread-safe.
 */
final class Freshness {
    private final LongSupplier nanos;
    private long freshAt;
    private long targetTime;
    private Map<TopicPartition, Long> target;

    /** @param nanos a clock that never goes back; until the first target is reached, the age counts from now */
    Freshness(LongSupplier nanos) {
        this.nanos = nanos;
        this.freshAt = nanos.getAsLong();
    }

    /** {@return whether the ends of the topics should be asked for} */
    synchronized boolean wantsTarget() {
        return target == null;
    }

    /**
     * Sets what is to be reached.
     *
     * @param askedAt when the ends were asked for, by the same clock: they are at least as new as that
     */
    synchronized void target(long askedAt, Map<TopicPartition, Long> ends) {
        targetTime = askedAt;
        target = Map.copyOf(ends);
    }

    /** Gives up the target, which nothing reaches any more. */
    synchronized void dropTarget() {
        target = null;
    }

    /** Compares the target with what the view has taken in: for each partition the offset of the next record. */
    synchronized void reached(Map<TopicPartition, Long> positions) {
        if (target != null && target.entrySet().stream()
                .allMatch(end -> end.getValue() == 0 || positions.getOrDefault(end.getKey(), -1L) >= end.getValue())) {
            freshAt = targetTime;
            target = null;
        }
    }

    synchronized Duration age() {
        return Duration.ofNanos(nanos.getAsLong() - freshAt);
    }
}
