package io.jobwatch.source;

import java.time.Duration;
import java.util.Optional;

/** The service could not be asked, or its answer not be used. The message is for operators and holds no secret. */
public final class SourceException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Optional<Duration> retryAfter;

    public SourceException(String message) {
        this(message, Optional.empty(), null);
    }

    public SourceException(String message, Throwable cause) {
        this(message, Optional.empty(), cause);
    }

    public SourceException(String message, Optional<Duration> retryAfter, Throwable cause) {
        super(message, cause);
        this.retryAfter = retryAfter;
    }

    /** {@return how long the service asked to be left alone} */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
