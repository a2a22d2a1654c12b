package io.jobwatch.bench;

/** The benchmark cannot go on, or a contestant's work was wrong; the message says what was found and where to look. */
final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BenchException(String message) {
        super(message);
    }

    BenchException(String message, Throwable cause) {
        super(message, cause);
    }
}
