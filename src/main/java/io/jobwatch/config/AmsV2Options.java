package io.jobwatch.config;

/**
 * What only sources of type {@code ams-v2} have. One that has none is read as a {@link Reading#SNAPSHOT}.
 *
 * @param reading how jobs are listed; the protocol has no feed
 */
public record AmsV2Options(Reading reading) implements SourceOptions {
}
