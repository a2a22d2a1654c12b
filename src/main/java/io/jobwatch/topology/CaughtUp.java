package io.jobwatch.topology;

/**
 * Tells whether a partition of job-state-events has been read to its end. Behind it the stored statuses are old news: a job may have ended
 * in an event that waits to be processed. Thread-safe.
 */
@FunctionalInterface
public interface CaughtUp {

    /** {@return whether every record of the partition that is committed has been fetched, as far as is known} The last ones fetched may not
     * be processed yet, and of a partition that was just assigned nothing is known. */
    boolean with(int partition);
}
