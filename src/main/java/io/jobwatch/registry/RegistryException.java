package io.jobwatch.registry;

import java.time.Duration;

/** The registry gave no answer, or one that says no. The message names the registry's reason and holds no secret. */
public final class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What to make of the failure. */
    public enum Kind {
        /** The registry does not know the id, subject or schema (404). */
        NOT_FOUND,
        /** The schema breaks the subject's compatibility rule (409). */
        INCOMPATIBLE,
        /** The registry does not accept the request (other 4xx). */
        REJECTED,
        /** Missing or wrong credentials (401, 403): an outage, as it says nothing of the schema. */
        UNAUTHORIZED,
        /** No answer, or 5xx, 408 or 429: try again later. */
        UNAVAILABLE
    }

    private final Kind kind;
    private final int status;
    private final Duration retryAfter;

    public RegistryException(Kind kind, String message) {
        this(kind, message, null);
    }

    public RegistryException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.status = 0;
        this.retryAfter = Duration.ZERO;
    }

    RegistryException(Kind kind, int status, String message) {
        this(kind, status, message, Duration.ZERO);
    }

    RegistryException(Kind kind, int status, String message, Duration retryAfter) {
        super(message);
        this.kind = kind;
        this.status = status;
        this.retryAfter = retryAfter;
    }

    public Kind kind() {
        return kind;
    }

    /** {@return the HTTP status of the answer; 0 where there was none, or it was no refusal} */
    int status() {
        return status;
    }

    /** {@return how long the registry asks to be left alone; zero where it does not} */
    Duration retryAfter() {
        return retryAfter;
    }
}
