package io.jobwatch.config;

import java.time.Duration;

/** What the first poll of a source does with jobs that ended before it. */
public sealed interface StartFrom {

    /** Older ended jobs are marked as seen, without an event. */
    record Now() implements StartFrom {
    }

    /** Every listed job is published. */
    record All() implements StartFrom {
    }

    /** Jobs that ended within this time are published, older ones marked as seen. */
    record Since(Duration age) implements StartFrom {
    }
}
