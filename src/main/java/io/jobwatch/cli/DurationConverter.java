package io.jobwatch.cli;

import io.jobwatch.config.DurationText;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations such as {@code 30s}. */
final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        return DurationText.parse(text).filter(duration -> !duration.isZero())
                .orElseThrow(() -> new TypeConversionException("'" + text + "' is no duration such as 500ms, 30s, 5m or 12h"));
    }
}
