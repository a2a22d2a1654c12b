package io.jobwatch.source.ams;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the dates of OData's JSON: ISO 8601 where no zone means UTC, or the verbose shape's old {@code /Date(1423619168897)/}. */
final class AmsDates {
    private static final Pattern TICKS = Pattern.compile("/Date\\((-?\\d{1,18})([+-]\\d{1,4})?\\)/");

    /** Years within these are what a record's milliseconds and every reader of them can hold. */
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    private AmsDates() {
    }

    /**
     * {@return the instant, in whole milliseconds}
     *
     * @throws DateTimeException if the text is no date, or of a year that the service cannot mean
     */
    static Instant parse(String text) {
        Instant instant = read(text).truncatedTo(ChronoUnit.MILLIS);
        if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
            throw new DateTimeException("a year beyond 1 to 9999");
        }
        return instant;
    }

    private static Instant read(String text) {
        Matcher ticks = TICKS.matcher(text);
        if (ticks.matches()) {
            return Instant.ofEpochMilli(Long.parseLong(ticks.group(1))); // the offset only says where it was written, the ticks are UTC
        }
        TemporalAccessor date = DateTimeFormatter.ISO_DATE_TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
        return date instanceof OffsetDateTime zoned ? zoned.toInstant() : ((LocalDateTime) date).toInstant(ZoneOffset.UTC);
    }
}
