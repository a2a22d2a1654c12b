package io.jobwatch.report;

import java.time.Duration;
import org.slf4j.Logger;

/**
 * Something that goes wrong again and again: logs its beginning, each change of its reason and its end, and says how long to wait before
 * the next attempt. Belongs to one thread.
 */
final class Trouble {
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final Logger log;
    private final String whatWaits;
    private final String whatIsOver;
    private String reason;
    private Duration nextWait = FIRST_WAIT;

    Trouble(Logger log, String whatWaits, String whatIsOver) {
        this.log = log;
        this.whatWaits = whatWaits;
        this.whatIsOver = whatIsOver;
    }

    /**
     * {@return how long to wait}
     *
     * @param now      what is wrong
     * @param expected whether that says it all; of anything else the stack trace is logged
     */
    Duration met(String now, RuntimeException failure, boolean expected) {
        if (!now.equals(reason)) {
            if (expected) {
                log.warn("{}: {}", whatWaits, now);
            } else {
                log.error("{}: {}", whatWaits, now, failure);
            }
            reason = now;
        }
        Duration wait = nextWait;
        Duration doubled = wait.multipliedBy(2);
        nextWait = doubled.compareTo(LONGEST_WAIT) < 0 ? doubled : LONGEST_WAIT;
        return wait;
    }

    /** The last attempt succeeded. */
    void over() {
        if (reason != null) {
            log.info("{}", whatIsOver);
            reason = null;
        }
        nextWait = FIRST_WAIT;
    }
}
