package io.jobwatch.query.stream;

/** An id is no position in the stream: it is damaged, or from the stream of another topic. */
public final class UnknownPositionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnknownPositionException(String message) {
        super(message);
    }
}
