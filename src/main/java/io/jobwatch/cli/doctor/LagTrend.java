package io.jobwatch.cli.doctor;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What two looks at a partition say of the time that lies between them.
 *
 * @param kind    how it moves
 * @param records that wait at the second look, at the most
 * @param age     how long the first of them has waited
 * @param left    how long it goes on at this pace until nothing waits, where that can be said
 */
record LagTrend(Kind kind, long records, Duration age, Optional<Duration> left) {
    /** Waiting for less is usual: a commit takes 100 ms, a rebalance 10 s or more. */
    static final Duration TOLERATED = Duration.ofSeconds(30);

    enum Kind { STANDS_STILL, FALLS_BEHIND, CATCHING_UP }

    /**
     * {@return the trend, or empty where nothing has waited for long}
     *
     * @param between the time between the looks
     * @param now     the time of the second one
     */
    static Optional<LagTrend> between(PartitionLag first, PartitionLag second, Duration between, Instant now) {
        if (first.waiting().isEmpty() || second.waiting().isEmpty()) {
            return Optional.empty();
        }
        Duration age = Duration.between(second.waiting().get(), now);
        if (age.compareTo(TOLERATED) < 0) {
            return Optional.empty();
        }
        if (second.committed() <= first.committed()) {
            return Optional.of(new LagTrend(Kind.STANDS_STILL, second.records(), age, Optional.empty()));
        }
        if (second.records() >= first.records()) {
            return Optional.of(new LagTrend(Kind.FALLS_BEHIND, second.records(), age, Optional.empty()));
        }
        double less = first.records() - second.records();
        Duration left = Duration.ofMillis((long) (between.toMillis() * (second.records() / less)));
        return Optional.of(new LagTrend(Kind.CATCHING_UP, second.records(), age, Optional.of(left)));
    }
}
