package io.jobwatch.registry;

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
        /** No answer, or 5xx or 429: try again later. */
        UNAVAILABLE
    }

    private final Kind kind;
    private final int status;

    public RegistryException(Kind kind, String message) {
        this(kind, message, null);
    }

    public RegistryException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.status = 0;
    }

    RegistryException(Kind kind, int status, String message) {
        super(message);
        this.kind = kind;
        this.status = status;
    }

    public Kind kind() {
        return kind;
    }

    /** {@return the HTTP status of the answer; 0 where there was none, or it was no refusal} */
    int status() {
        return status;
    }
}
