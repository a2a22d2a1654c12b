package io.jobwatch.source.http;

/** An item is not what the configuration says; the message says which field, where it was looked for, what was expected and found. */
final class BadFieldException extends Exception {
    private static final long serialVersionUID = 1L;

    BadFieldException(String message) {
        super(message);
    }
}
