package io.jobwatch.topology;

/** A record that cannot be processed and never will be. The only failure after which the stream goes on. */
public final class BadRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** What is wrong with a record; a bounded set, as it labels a metric. */
    public enum Reason {
        /** The key is null, not UTF-8, or not {@code source/jobId}. */
        BAD_KEY,
        /** The value is null. */
        NULL_VALUE,
        /** The bytes are not a JobStateEvent of a known schema. */
        MALFORMED_VALUE,
        /** The key names another job than the value. */
        KEY_CONTRADICTS_VALUE,
        /** What it leads to would not fit in a record. */
        TOO_LARGE
    }

    public BadRecordException(Reason reason, String message) {
        this(reason, message, null);
    }

    public BadRecordException(Reason reason, String message, Throwable cause) {
        super(reason + ": " + message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
