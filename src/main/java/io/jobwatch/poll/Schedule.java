package io.jobwatch.poll;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.utils.Utils;

/**
 * When a source is polled: every interval, at an offset that is a stable hash of its name, so that sources that start together do not poll
 * together. While no job is live the interval doubles from poll to poll, up to the idle one; with the first live job it is the short one
 * again. One thread.
 */
final class Schedule {
    /** The first poll comes soon, whatever the interval. */
    private static final long FIRST_WITHIN_MILLIS = 2000;

    private final long shortest;
    private final long longest;
    private final long hash;
    private long interval;

    /**
     * @param interval     between two polls while jobs are live
     * @param idleInterval between two polls when none has been for long; the same where it is shorter
     */
    Schedule(String source, Duration interval, Duration idleInterval) {
        this.shortest = Math.max(1, interval.toMillis());
        this.longest = Math.max(shortest, idleInterval.toMillis());
        this.hash = Utils.toPositive(Utils.murmur2(source.getBytes(StandardCharsets.UTF_8)));
        this.interval = shortest;
    }

    Instant first(Instant now) {
        return now.plusMillis(hash % Math.min(shortest, FIRST_WITHIN_MILLIS));
    }

    /** Told of the outcome of each successful poll. */
    void polled(int liveJobs) {
        interval = liveJobs > 0 ? shortest : interval > longest / 2 ? longest : interval * 2;
    }

    /** {@return the interval that counts now} */
    Duration interval() {
        return Duration.ofMillis(interval);
    }

    /** {@return the next time of the grid after now; times that passed meanwhile are left out, not made up for} */
    Instant next(Instant now) {
        long offset = hash % interval;
        long millis = now.toEpochMilli();
        return Instant.ofEpochMilli((Math.floorDiv(millis - offset, interval) + 1) * interval + offset);
    }
}
