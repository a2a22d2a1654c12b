package io.jobwatch.embedded.simulator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;

/** How far the script has been played. Thread-safe; never runs backwards, even if the clock beneath it is set back. */
final class ScriptClock {
    private final Clock clock;
    private final double speed;
    private final Instant start;
    private final AtomicLong furthest = new AtomicLong();

    ScriptClock(Clock clock, double speed) {
        this.clock = clock;
        this.speed = speed;
        this.start = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** {@return milliseconds of the script since its start} */
    long elapsed() {
        long now = (long) (Duration.between(start, clock.instant()).toMillis() * speed);
        return furthest.accumulateAndGet(now, Math::max);
    }

    /** {@return when a time of the script is by the clock on the wall, in milliseconds} */
    Instant wall(long scriptMillis) {
        return start.plusMillis((long) (scriptMillis / speed));
    }
}
