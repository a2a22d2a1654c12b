package io.jobwatch.source;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Reads the header {@code Retry-After} (RFC 9110, 10.2.3): seconds, or a date. */
final class RetryAfter {

    /** A service cannot silence a poller for longer, be it by mistake or malice. */
    static final Duration MAX = Duration.ofHours(1);

    private RetryAfter() {
    }

    /**
     * @param value the header's value
     * @param now   the time by the service's clock where it told it, so that a difference between the clocks does no harm
     * @return how long to wait, from zero to {@link #MAX}; empty if the value is neither form
     */
    static Optional<Duration> parse(String value, Instant now) {
        String text = value.strip();
        if (text.matches("\\d{1,9}")) {
            return Optional.of(bounded(Duration.ofSeconds(Long.parseLong(text))));
        }
        return date(text).map(at -> bounded(Duration.between(now, at)));
    }

    /** {@return an HTTP date such as {@code Sun, 01 Mar 2026 10:00:00 GMT}; empty if the text is none} */
    static Optional<Instant> date(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty(); // a header that says nothing usable is as good as none
        }
    }

    private static Duration bounded(Duration wait) {
        return wait.isNegative() ? Duration.ZERO : wait.compareTo(MAX) > 0 ? MAX : wait;
    }
}
