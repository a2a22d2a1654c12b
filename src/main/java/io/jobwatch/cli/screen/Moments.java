package io.jobwatch.cli.screen;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times and durations as people read them, as of one moment. All in UTC. */
public final class Moments {
    private static final DateTimeFormatter ABSOLUTE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Instant now;

    /** @param now what is said in relation to */
    public Moments(Instant now) {
        this.now = now;
    }

    /** {@return such as {@code 2026-11-22 10:15:30Z}} */
    public static String absolute(Instant time) {
        return ABSOLUTE.format(time);
    }

    /** {@return such as {@code 3 min ago} or {@code in 20 s}} */
    public String relative(Instant time) {
        Duration ago = Duration.between(time, now);
        if (ago.abs().compareTo(Duration.ofSeconds(1)) < 0) {
            return "now";
        }
        return ago.isNegative() ? "in " + text(ago.negated()) : text(ago) + " ago";
    }

    /** {@return such as {@code 3 min ago (2026-11-22 10:15:30Z)}} */
    public String both(Instant time) {
        return relative(time) + " (" + absolute(time) + ")";
    }

    /** {@return such as {@code in 20 s}, or {@code due} once the time has come} */
    public String until(Instant time) {
        return time.isAfter(now) ? relative(time) : "due";
    }

    /** {@return how long ago, in whole seconds at least, such as {@code 3 min}} A service's clock may be ahead; that is no time at all. */
    public String since(Instant time) {
        Duration since = Duration.between(time, now);
        return since.compareTo(Duration.ofSeconds(1)) < 0 ? "0 s" : text(since);
    }

    /** {@return the duration in its two largest units, such as {@code 700 ms}, {@code 45 s}, {@code 3 min 20 s} or {@code 2 d 4 h}} */
    public static String text(Duration duration) {
        if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
            return duration.toMillis() + " ms";
        }
        if (duration.compareTo(Duration.ofMinutes(1)) < 0) {
            return duration.toSeconds() + " s";
        }
        if (duration.compareTo(Duration.ofHours(1)) < 0) {
            return two(duration.toMinutes(), "min", duration.toSecondsPart(), "s");
        }
        if (duration.compareTo(Duration.ofDays(1)) < 0) {
            return two(duration.toHours(), "h", duration.toMinutesPart(), "min");
        }
        return two(duration.toDays(), "d", duration.toHoursPart(), "h");
    }

    private static String two(long large, String largeUnit, int small, String smallUnit) {
        return large + " " + largeUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
    }
}
