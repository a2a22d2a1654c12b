package io.jobwatch.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where reports go.
 *
 * @param console   what the console prints
 * @param directory folder of the report files
 * @param webhook   where to post reports, if anywhere
 */
public record ReportConfig(Console console, Path directory, Optional<java.net.URI> webhook) {

    /** What the console prints. */
    public enum Console {
        /** Each transition as a block, and whole reports. */
        FULL,
        /** One line a transition, and whole reports. */
        COMPACT,
        /** A JSON object in one line for each transition and each report. */
        JSON,
        /** Nothing. */
        OFF
    }
}
