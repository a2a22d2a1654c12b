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

    public RegistryException(Kind kind, String message) {
        this(kind, message, null);
    }

    public RegistryException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
