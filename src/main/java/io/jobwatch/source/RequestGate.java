package io.jobwatch.source;

import io.jobwatch.config.SourceConfig;
import java.time.Duration;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A source's own way through a turnstile that it may share with others; lets it be seen that a source waits there. Thread-safe. */
final class RequestGate {
    private static final Logger LOG = LoggerFactory.getLogger(RequestGate.class);
    private static final Duration SAY_AGAIN_AFTER = Duration.ofMinutes(10);

    private final SourceConfig source;
    private final Turnstile turnstile;
    private final RequestLimits.Watcher watcher;
    private final Ticker ticker;
    private long saidAt;

    RequestGate(SourceConfig source, Turnstile turnstile, RequestLimits.Watcher watcher, Ticker ticker) {
        this.source = source;
        this.turnstile = turnstile;
        this.watcher = watcher;
        this.ticker = ticker;
        this.saidAt = ticker.nanoTime() - SAY_AGAIN_AFTER.toNanos();
    }

    /**
     * Waits until a request may be sent.
     *
     * @throws SourceException      if the service wants to be left alone for longer than a moment
     * @throws InterruptedException if the thread was interrupted meanwhile
     */
    void pass() throws SourceException, InterruptedException {
        if (source.requestLimit().isEmpty()) {
            turnstile.pass();
            return;
        }
        sayIfLong(turnstile.queue());
        long from = ticker.nanoTime();
        turnstile.pass();
        watcher.waited(source.name(), Duration.ofNanos(ticker.nanoTime() - from));
    }

    /** Leaves the service alone for as long as an answer asks for it (RFC 6585, 4; RFC 9110, 15.6.4); GitHub asks so with a 403. */
    void heed(HttpAnswer answer) {
        if (answer.status() == 429 || answer.status() == 503 || answer.status() == 403) {
            answer.retryAfter().ifPresent(turnstile::close);
        }
    }

    /** {@return what is to be given to {@link #ended} when the request that is sent now has ended} */
    long sent() {
        return ticker.nanoTime();
    }

    /** @param status empty if there was no whole answer */
    void ended(long sent, OptionalInt status) {
        watcher.ended(source.name(), status, Duration.ofNanos(ticker.nanoTime() - sent));
    }

    /** A source that waits longer for its turn than until its next poll can never keep to its interval. */
    private synchronized void sayIfLong(Duration wait) {
        if (wait.compareTo(source.pollInterval()) > 0 && ticker.nanoTime() - saidAt >= SAY_AGAIN_AFTER.toNanos()) {
            saidAt = ticker.nanoTime();
            LOG.warn("{}: the next request has to wait for about {} ms, as its request-limit allows no more: raise it, or poll-interval",
                    source.name(), wait.toMillis());
        }
    }
}
