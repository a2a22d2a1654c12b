package io.jobwatch.registry;

import java.time.Duration;

/**
 * How long to wait for a registry, as far as the properties do not say it.
 *
 * @param connect    for a connection
 * @param exchange   for one request and its whole answer
 * @param call       for a call with all its repetitions, at all addresses
 * @param retryDelay before the first repetition at the most; doubles with each
 * @param limits     whether properties may only shorten these; otherwise they replace them
 */
public record RegistryTimeouts(Duration connect, Duration exchange, Duration call, Duration retryDelay, boolean limits) {
    /** For a caller that holds nothing. Properties may ask for more: a call then lasts as long as they make it. */
    public static final RegistryTimeouts DEFAULT =
            new RegistryTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(25), Duration.ofMillis(200), false);
    /**
     * For a thread that holds a transaction: half of its time-out (10 s, the default of Streams under exactly-once). A longer time-out
     * would give the registry more time, but a killed instance would also keep every read_committed reader waiting for that long.
     */
    public static final RegistryTimeouts WITHIN_A_TRANSACTION =
            new RegistryTimeouts(Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(5), Duration.ofMillis(200));

    /** Limits: properties may only shorten them. */
    public RegistryTimeouts(Duration connect, Duration exchange, Duration call, Duration retryDelay) {
        this(connect, exchange, call, retryDelay, true);
    }
}
