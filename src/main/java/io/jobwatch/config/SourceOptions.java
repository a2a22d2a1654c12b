package io.jobwatch.config;

/** What only sources of one type have. */
public sealed interface SourceOptions permits SourceOptions.None, HttpJsonOptions {

    /** Nothing. */
    record None() implements SourceOptions {
    }
}
