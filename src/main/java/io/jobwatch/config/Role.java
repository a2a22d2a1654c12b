package io.jobwatch.config;

import java.util.Locale;

/** What an instance does; one process may have any of them. */
public enum Role {
    /** Polls the sources and publishes what it sees. */
    POLL,
    /** Runs the topology. */
    PROCESS,
    /** Writes reports: console, files, webhook. */
    REPORT,
    /** Answers queries over HTTP. */
    QUERY;

    /** {@return the word used in the configuration} */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
