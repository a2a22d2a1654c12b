package io.jobwatch.cli;

import io.jobwatch.config.DurationText;
import io.jobwatch.topic.deadletter.LetterFilter;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that say which dead letters are meant. */
final class LetterFilterOptions {
    @Option(names = "--source", paramLabel = "NAME", description = "Only those of this source.")
    private String source;

    @Option(names = "--reason", paramLabel = "WORD",
            description = "Only those with this reason, such as MALFORMED_VALUE or BAD_ITEM.")
    private String reason;

    @Option(names = "--since", paramLabel = "TIME", converter = SinceConverter.class,
            description = "Only those since then: a time such as 2026-11-22T10:00:00Z, or a duration such as 12h or 7d before now.")
    private Instant since;

    LetterFilter filter(Optional<String> origin) {
        return new LetterFilter(Optional.ofNullable(source), origin,
                Optional.ofNullable(reason).map(word -> word.toUpperCase(Locale.ROOT)), Optional.ofNullable(since));
    }

    /** {@return whether any is set} */
    boolean any() {
        return source != null || reason != null || since != null;
    }

    /** Reads times and durations before now. */
    static final class SinceConverter implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String text) {
            return DurationText.parse(text).map(Clock.systemUTC().instant()::minus).orElseGet(() -> time(text));
        }

        private static Instant time(String text) {
            try {
                return Instant.parse(text);
            } catch (DateTimeException e) {
                throw new TypeConversionException(
                        "'" + text + "' is neither a time such as 2026-11-22T10:00:00Z nor a duration such as 12h");
            }
        }
    }
}
