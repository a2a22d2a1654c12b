package io.jobwatch.cli.client;

import java.time.Duration;

/**
 * A jobwatch did not answer what was asked. The message says why and what to do; it may quote what the other side said, of any characters.
 */
public final class ClientException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What would have to change before trying again makes sense. */
    public enum Kind {
        /** What was asked for, or how: the caller's. */
        USAGE,
        /** There is no such job, report or question. */
        NOT_FOUND,
        /** The other side will say the same again. */
        REFUSED,
        /** Nothing but time: there was no answer, or one that said to come back. */
        UNAVAILABLE,
        /** The size of the answer. */
        TOO_LARGE
    }

    private final Kind kind;
    private final Duration retryAfter;

    ClientException(Kind kind, String message) {
        this(kind, message, Duration.ZERO);
    }

    /** @param retryAfter how long the other side wants to be left alone */
    ClientException(Kind kind, String message, Duration retryAfter) {
        super(message);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    public Kind kind() {
        return kind;
    }

    Duration retryAfter() {
        return retryAfter;
    }
}
