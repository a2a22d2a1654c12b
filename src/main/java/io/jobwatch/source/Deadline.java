package io.jobwatch.source;

import java.time.Duration;

/**
 * Until when something must be done, by the steady clock.
 *
 * @param given how long that was at the beginning, for messages
 * @param nanos the value of {@link System#nanoTime()} at the end
 */
record Deadline(Duration given, long nanos) {

    static Deadline in(Duration given) {
        return new Deadline(given, System.nanoTime() + given.toNanos());
    }

    /** {@return what is left, in nanoseconds; 0 when it is over} */
    long left() {
        return Math.max(0, nanos - System.nanoTime());
    }

    /** {@return a deadline that leaves as much time after it as there is before it} */
    Deadline halfway() {
        return in(Duration.ofNanos(left() / 2));
    }

    /** Something that is not to be counted. */
    interface Pause {
        void take() throws SourceException, InterruptedException;
    }

    /** {@return the deadline, put off by the time that something took} */
    Deadline pausedFor(Pause pause) throws SourceException, InterruptedException {
        long left = left();
        pause.take();
        return new Deadline(given, System.nanoTime() + left);
    }

    /** {@return such as {@code 30 s} or {@code 700 ms}} */
    @Override
    public String toString() {
        return given.toMillis() % 1000 == 0 ? given.toSeconds() + " s" : given.toMillis() + " ms";
    }
}
