package io.jobwatch.report;

/** Reports cannot be written as configured. The message is one line for operators that says where, why and what to do. */
public final class ReportException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ReportException(String message, Throwable cause) {
        super(message, cause);
    }
}
