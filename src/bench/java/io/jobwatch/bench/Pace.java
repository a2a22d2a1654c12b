package io.jobwatch.bench;

import java.util.concurrent.locks.LockSupport;

/**
 * Evenly planned moments. Each is planned by the clock and not by when the one before was done, so that a stall makes what follows late
 * instead of leaving it out.
 *
 * @param startNanos  the first moment, by {@link System#nanoTime()}
 * @param startMillis the same, by the wall clock
 * @param stepNanos   between two moments
 */
record Pace(long startNanos, long startMillis, long stepNanos) {

    /** {@return a pace that begins now} */
    static Pace perSecond(int moments) {
        return new Pace(System.nanoTime(), System.currentTimeMillis(), 1_000_000_000L / moments);
    }

    /** {@return when a moment is planned, by {@link System#nanoTime()}} */
    long nanos(long moment) {
        return startNanos + moment * stepNanos;
    }

    /** {@return the same by the wall clock, in milliseconds} */
    long millis(long moment) {
        return startMillis + moment * stepNanos / 1_000_000;
    }

    /** Returns at a moment, or at once where it has passed. */
    void await(long moment) {
        for (long left = nanos(moment) - System.nanoTime(); left > 0; left = nanos(moment) - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
