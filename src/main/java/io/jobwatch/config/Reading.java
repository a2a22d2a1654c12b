package io.jobwatch.config;

import java.util.Locale;

/** How the jobs of a service are listed, where it lets one choose. */
public enum Reading {
    /** All of them, at every poll. */
    SNAPSHOT,
    /** At the first poll all; then those that have not ended, and those created recently. */
    ACTIVE_SET,
    /** Those that changed since the last poll; at the first one all. */
    FEED;

    /** {@return the word used in the configuration} */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
