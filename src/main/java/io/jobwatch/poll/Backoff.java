package io.jobwatch.poll;

import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * How long to leave a failing service alone: 0.8 s, doubled with each failure in a row up to a limit, with jitter; longer where the service
 * asks for it.
 */
final class Backoff {
    private static final long FIRST_MILLIS = 800;
    /** A service that asks for more than this is asked again all the same. */
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);

    private final DoubleSupplier random;
    private final long longestMillis;

    /**
     * @param random  numbers in [0, 1)
     * @param longest the limit
     */
    Backoff(DoubleSupplier random, Duration longest) {
        this.random = random;
        this.longestMillis = longest.toMillis();
    }

    /**
     * {@return the pause before the next try}
     *
     * @param failuresInRow at least 1
     * @param retryAfter    what the service asked for
     */
    Duration pause(int failuresInRow, Optional<Duration> retryAfter) {
        long full = Math.min(longestMillis, FIRST_MILLIS << Math.min(failuresInRow - 1, 16));
        Duration own = Duration.ofMillis(full / 2 + (long) (random.getAsDouble() * full / 2));
        Duration asked = retryAfter.map(d -> d.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : d).orElse(Duration.ZERO);
        return asked.compareTo(own) > 0 ? asked : own;
    }
}
