package io.jobwatch.poll;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.utils.Utils;

/**
 * When a source is polled: every interval, at an offset that is a stable hash of its name, so that sources that start together do not poll
 * together.
 */
final class Schedule {
    /** The first poll comes soon, whatever the interval. */
    private static final long FIRST_WITHIN_MILLIS = 2000;

    private final long intervalMillis;
    private final long hash;

    Schedule(String source, Duration interval) {
        this.intervalMillis = Math.max(1, interval.toMillis());
        this.hash = Utils.toPositive(Utils.murmur2(source.getBytes(StandardCharsets.UTF_8)));
    }

    Instant first(Instant now) {
        return now.plusMillis(hash % Math.min(intervalMillis, FIRST_WITHIN_MILLIS));
    }

    /** {@return the next time of the grid after now; times that passed meanwhile are left out, not made up for} */
    Instant next(Instant now) {
        long offset = hash % intervalMillis;
        long millis = now.toEpochMilli();
        return Instant.ofEpochMilli((Math.floorDiv(millis - offset, intervalMillis) + 1) * intervalMillis + offset);
    }
}
