package io.jobwatch.registry;

/** The bytes of a value cannot be read as the expected Avro record, and never will be: a bad record, not an outage. */
public final class MalformedValueException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedValueException(String message) {
        super(message);
    }

    public MalformedValueException(String message, Throwable cause) {
        super(message, cause);
    }
}
