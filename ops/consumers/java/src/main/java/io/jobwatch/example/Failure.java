package io.jobwatch.example;

/** Ends the consumer; the message says what is wrong and what to do. */
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failure(String message) {
        super(message);
    }
}
