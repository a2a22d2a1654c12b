package io.jobwatch.source.http;

import io.jobwatch.config.DateForm;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Optional;

/** Reads and writes the dates of a service in its form. Immutable. */
final class Dates {
    /** Years within these are what a record's milliseconds and every reader of them can hold. */
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    /** Many services write "no time" as 0 in their unit or as the first moment of the year 1. */
    private static final Instant NO_TIME_UNTIL = Instant.parse("0002-01-01T00:00:00Z");

    private final DateForm form;
    private final DateTimeFormatter formatter;

    Dates(DateForm form) {
        this.form = form;
        this.formatter = form instanceof DateForm.Pattern pattern ? DateTimeFormatter.ofPattern(pattern.pattern(), Locale.ROOT)
                : DateTimeFormatter.ISO_DATE_TIME;
    }

    /**
     * {@return the instant, in whole milliseconds; empty where the text stands for no time}
     *
     * @throws DateTimeException if it is no date in this form, or of a year that the service cannot mean
     */
    Optional<Instant> parse(String text) {
        if (text.isBlank()) {
            return Optional.empty();
        }
        Instant instant = (isEpoch() ? epoch(text.strip()) : calendar(text.strip())).truncatedTo(ChronoUnit.MILLIS);
        if (instant.isAfter(LATEST)) {
            throw new DateTimeException("a year after 9999");
        }
        boolean none = isEpoch() ? instant.equals(Instant.EPOCH) : instant.isBefore(NO_TIME_UNTIL);
        return none ? Optional.empty() : Optional.of(instant);
    }

    /** {@return how the service is told a time: that moment or one within the second before it} */
    String format(Instant instant) {
        Instant second = instant.truncatedTo(ChronoUnit.SECONDS);
        if (form instanceof DateForm.EpochSeconds) {
            return Long.toString(second.getEpochSecond());
        }
        if (form instanceof DateForm.EpochMillis) {
            return Long.toString(second.toEpochMilli());
        }
        return form instanceof DateForm.Pattern ? formatter.format(second.atOffset(ZoneOffset.UTC)) : second.toString();
    }

    private boolean isEpoch() {
        return form instanceof DateForm.EpochSeconds || form instanceof DateForm.EpochMillis;
    }

    private Instant epoch(String text) {
        // Longer ones are no times, and reading 1e999999999 exactly would take all memory.
        if (!text.matches("-?[0-9]{1,15}(\\.[0-9]{1,12})?([eE]\\+?[0-9]{1,2})?")) {
            throw new DateTimeException("no number of " + (form instanceof DateForm.EpochSeconds ? "seconds" : "milliseconds"));
        }
        BigDecimal number = new BigDecimal(text);
        BigDecimal millis = form instanceof DateForm.EpochSeconds ? number.movePointRight(3) : number;
        if (millis.abs().compareTo(BigDecimal.valueOf(LATEST.toEpochMilli())) > 0) {
            throw new DateTimeException("a year after 9999");
        }
        return Instant.ofEpochMilli(millis.longValue());
    }

    private Instant calendar(String text) {
        TemporalAccessor date = formatter.parseBest(text, ZonedDateTime::from, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
        if (date instanceof ZonedDateTime zoned) {
            return zoned.toInstant();
        }
        if (date instanceof OffsetDateTime offset) {
            return offset.toInstant();
        }
        LocalDateTime local = date instanceof LocalDate day ? day.atStartOfDay() : (LocalDateTime) date;
        return local.toInstant(ZoneOffset.UTC);
    }
}
