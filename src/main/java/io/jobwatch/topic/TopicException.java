package io.jobwatch.topic;

/** The cluster cannot be reached, or its topics are not what they should be; the message says what to do, in one line. */
public final class TopicException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TopicException(String message) {
        super(message);
    }

    public TopicException(String message, Throwable cause) {
        super(message, cause);
    }
}
