package io.jobwatch.config;

/** What only sources of one type have. */
public sealed interface SourceOptions {

    /** Nothing. */
    record None() implements SourceOptions {
    }
}
