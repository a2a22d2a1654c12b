package io.jobwatch.job;

/**
 * A time after which something is to be done about a job, if it is still as it is.
 *
 * @param kind     what
 * @param atMillis when, in milliseconds since the epoch
 */
public record Deadline(Kind kind, long atMillis) {

    /** What is to be done. */
    public enum Kind {
        /** An alert is due: the job is in its state for longer than is usual. */
        STUCK,
        /** The job is to be forgotten. */
        FORGET
    }

    /** {@return whether the time has come} */
    public boolean reached(long nowMillis) {
        return atMillis <= nowMillis;
    }
}
