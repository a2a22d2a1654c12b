package io.jobwatch.query;

/** Queries cannot be answered as configured. The message is one line for operators that says why and what to do. */
public final class QueryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean portTaken;

    public QueryException(String message, boolean portTaken, Throwable cause) {
        super(message, cause);
        this.portTaken = portTaken;
    }

    /** {@return whether another port might do} */
    public boolean portTaken() {
        return portTaken;
    }
}
