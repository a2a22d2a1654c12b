package io.jobwatch.source;

import java.util.concurrent.TimeUnit;

/** Time that only ever goes on, to measure and to wait by. Thread-safe. */
public interface Ticker {

    /** That of the machine. */
    Ticker SYSTEM = new Ticker() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void sleep(long nanos) throws InterruptedException {
            TimeUnit.NANOSECONDS.sleep(nanos);
        }
    };

    /** {@return nanoseconds since some moment, as of {@link System#nanoTime}: only differences mean anything} */
    long nanoTime();

    /**
     * Waits; it may return a little early.
     *
     * @throws InterruptedException if the thread is interrupted, before or meanwhile
     */
    void sleep(long nanos) throws InterruptedException;
}
