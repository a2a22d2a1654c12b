package io.jobwatch.cli;

import io.jobwatch.topic.deadletter.LetterId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads ids of dead letters. */
final class LetterIdConverter implements ITypeConverter<LetterId> {
    @Override
    public LetterId convert(String text) {
        return LetterId.parse(text)
                .orElseThrow(() -> new TypeConversionException("'" + text + "' is not <partition>:<offset>, such as 2:17"));
    }
}
