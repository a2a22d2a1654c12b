package io.jobwatch.topic;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Counts dead letters, one for each that is written. A letter that was written in a transaction that did not end, or whose offset could not
 * be committed, is written and counted again. Thread-safe.
 */
public final class DeadLetterMetrics {
    private final MeterRegistry meters;

    public DeadLetterMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    /**
     * Counts some letters.
     *
     * @param origin {@link DeadLetterHeaders#POLL} or {@link DeadLetterHeaders#STREAM}
     * @param reason as in {@link DeadLetterHeaders#REASON}
     */
    public void count(String origin, String reason, int letters) {
        Counter.builder("jobwatch.dead.letters").description("Records and items that could not be used, by origin and reason")
                .tag("origin", origin).tag("reason", reason).register(meters).increment(letters);
    }
}
