package io.jobwatch.query;

/** The view cannot answer now: it is still being read, or was lost and is read anew. Worth trying again soon. */
public final class ViewUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ViewUnavailableException(String message) {
        super(message);
    }

    public ViewUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
