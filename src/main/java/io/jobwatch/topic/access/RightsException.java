package io.jobwatch.topic.access;

/** The cluster refuses the user, or what it needs to do; the message says which right is missing and how to give it. */
public final class RightsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RightsException(String message) {
        super(message);
    }

    public RightsException(String message, Throwable cause) {
        super(message, cause);
    }
}
