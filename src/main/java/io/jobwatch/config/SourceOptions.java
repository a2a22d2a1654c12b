package io.jobwatch.config;

/** What only sources of one type have. */
public sealed interface SourceOptions permits SourceOptions.None, AmsV2Options, AmsV3Options, HttpJsonOptions {

    /** Nothing. */
    record None() implements SourceOptions {
    }
}
