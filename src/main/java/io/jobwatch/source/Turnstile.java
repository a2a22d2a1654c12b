package io.jobwatch.source;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What requests to a service pass on their way, one after another, in the order in which they came: within the limit, where there is one,
 * and not while the service wants to be left alone. Who gives up waiting takes nothing. Thread-safe.
 */
final class Turnstile {

    /** So long, a pause is waited for here: whoever comes a moment early need not be turned away. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private final String service;
    private final Optional<TokenBucket> bucket;
    private final Ticker ticker;
    private final ReentrantLock turn = new ReentrantLock(true);
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong closedUntil;

    /**
     * @param service whom errors speak of
     * @param limit   requests a second
     */
    Turnstile(String service, Optional<Double> limit, Ticker ticker) {
        long now = ticker.nanoTime();
        this.service = service;
        this.bucket = limit.map(perSecond -> new TokenBucket(perSecond, now));
        this.ticker = ticker;
        this.closedUntil = new AtomicLong(now);
    }

    /**
     * Waits for its turn.
     *
     * @throws SourceException      if the service wants to be left alone for longer than a moment; it tells how long
     * @throws InterruptedException if the thread was interrupted before its turn
     */
    void pass() throws SourceException, InterruptedException {
        waiting.incrementAndGet();
        try {
            turn.lockInterruptibly();
            try {
                waitForTurn();
            } finally {
                turn.unlock();
            }
        } finally {
            waiting.decrementAndGet();
        }
    }

    private void waitForTurn() throws SourceException, InterruptedException {
        while (true) {
            long now = ticker.nanoTime();
            long closed = closedUntil.get() - now;
            if (closed > PATIENCE.toNanos()) {
                Duration rest = Duration.ofNanos(closed);
                throw new SourceException(service + " wants to be left alone for another " + rest.plusMillis(999).toSeconds()
                        + " s (Retry-After), so it was not asked", Optional.of(rest), null);
            }
            long wait = Math.max(closed, bucket.map(tokens -> tokens.nanosUntilToken(now)).orElse(0L));
            if (wait <= 0) {
                bucket.ifPresent(tokens -> tokens.take(now));
                return;
            }
            ticker.sleep(wait);
        }
    }

    /** Lets nobody through for so long; a longer pause that was asked for before stays. */
    void close(Duration pause) {
        long until = ticker.nanoTime() + pause.toNanos();
        closedUntil.accumulateAndGet(until, (before, now) -> now - before > 0 ? now : before);
    }

    /** {@return about how long a request that came now would wait for the limit} */
    Duration queue() {
        return bucket.map(tokens -> Duration.ofNanos(tokens.nanosUntilToken(ticker.nanoTime()))
                .plus(Duration.ofNanos(tokens.nanosPerToken()).multipliedBy(waiting.get()))).orElse(Duration.ZERO);
    }
}
