package io.jobwatch.query.stream;

/** There are as many readers as are taken at once. Worth trying again later. */
public final class TooManyReadersException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TooManyReadersException(int most) {
        super("there are " + most + " readers of the stream already");
    }
}
