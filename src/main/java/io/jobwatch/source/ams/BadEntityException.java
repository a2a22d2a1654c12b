package io.jobwatch.source.ams;

/** An entity is not what its type promises; the message says which property, what was expected and what was found. */
final class BadEntityException extends Exception {
    private static final long serialVersionUID = 1L;

    BadEntityException(String message) {
        super(message);
    }
}
