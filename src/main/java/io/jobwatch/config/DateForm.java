package io.jobwatch.config;

/** How a service writes its dates. */
public sealed interface DateForm {

    /** ISO 8601; UTC where no zone is told. */
    record Iso() implements DateForm {
    }

    /** Seconds since 1970-01-01T00:00:00Z, with or without decimals. */
    record EpochSeconds() implements DateForm {
    }

    /** Milliseconds since 1970-01-01T00:00:00Z. */
    record EpochMillis() implements DateForm {
    }

    /**
     * A pattern of {@link java.time.format.DateTimeFormatter}; UTC where it has no zone.
     *
     * @param pattern one that can be used
     */
    record Pattern(String pattern) implements DateForm {
    }
}
