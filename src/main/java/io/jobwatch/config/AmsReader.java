package io.jobwatch.config;

import java.util.Optional;

/** Reads what only sources of the Azure Media Services family have. */
final class AmsReader {
    private static final Kind<Reading> READING = Kind.oneOf(Reading.class, Reading::word);

    private AmsReader() {
    }

    static SourceOptions v2(Fields source) {
        Optional<Reading> reading = source.optional("reading", READING);
        return reading.isPresent() ? new AmsV2Options(reading.get()) : new SourceOptions.None();
    }
}
