package io.jobwatch.source;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Time that goes on only where somebody waits, and then at once. */
public final class LeapingTicker implements Ticker {
    /** Not far from where the numbers of nanoseconds overflow, as they may. */
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 500_000_000L);

    /** Lets time go on. */
    public void advance(Duration by) {
        now.addAndGet(by.toNanos());
    }

    @Override
    public long nanoTime() {
        return now.get();
    }

    @Override
    public void sleep(long nanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        now.addAndGet(nanos);
    }
}
