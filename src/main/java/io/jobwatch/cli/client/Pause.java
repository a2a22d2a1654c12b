package io.jobwatch.cli.client;

import java.time.Duration;

/** Waits; a parameter, so that nobody has to wait in a test. */
@FunctionalInterface
public interface Pause {

    void take(Duration time) throws InterruptedException;

    /** {@return one that takes its time} */
    static Pause real() {
        return time -> Thread.sleep(time.toMillis());
    }
}
