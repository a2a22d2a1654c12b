package io.jobwatch.poll;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A thread that has nothing to do but to run often: where it does not, the machine or the JVM stood still. */
final class Pulse implements AutoCloseable {
    private static final long EVERY_MILLIS = 20;

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "pulse");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicLong last = new AtomicLong(System.nanoTime());
    private final AtomicLong longest = new AtomicLong();

    Pulse() {
        executor.scheduleAtFixedRate(() -> {
            long now = System.nanoTime();
            longest.accumulateAndGet(now - last.getAndSet(now), Math::max);
        }, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** {@return the longest time between two beats since this was last asked} */
    Duration longestPause() {
        return Duration.ofNanos(longest.getAndSet(0));
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
