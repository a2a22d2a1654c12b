package io.jobwatch.source;

/**
 * How many requests a second: a second's worth may go at once (one at the least), beyond that so many a second. Only the arithmetic; it
 * neither waits nor knows the time. Thread-safe.
 */
final class TokenBucket {
    private static final double NANOS_PER_SECOND = 1e9;

    private final long nanosPerToken;
    private final long burstNanos;
    /** When the bucket is full again; no earlier than the last token taken. */
    private long fullAt;

    /**
     * A full bucket.
     *
     * @param perSecond more than 0
     * @param now       nanoseconds, as are all times here; only differences count, so that they may overflow
     */
    TokenBucket(double perSecond, long now) {
        this.nanosPerToken = (long) Math.ceil(NANOS_PER_SECOND / perSecond);
        this.burstNanos = ((long) Math.max(1, perSecond) - 1) * nanosPerToken;
        this.fullAt = now;
    }

    /** {@return how long until a token is there, 0 if one is} */
    synchronized long nanosUntilToken(long now) {
        return Math.max(0, fullAt - burstNanos - now);
    }

    /** Takes a token. The caller has made sure that one is there. */
    synchronized void take(long now) {
        fullAt = (fullAt - now > 0 ? fullAt : now) + nanosPerToken;
    }

    /** {@return how long it takes until an empty bucket has a token} */
    long nanosPerToken() {
        return nanosPerToken;
    }
}
