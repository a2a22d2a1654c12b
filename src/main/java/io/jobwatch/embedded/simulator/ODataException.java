package io.jobwatch.embedded.simulator;

/** A request that the service refuses; the message goes into the body of the answer. */
final class ODataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    ODataException(int status, String message) {
        super(message);
        this.status = status;
    }

    static ODataException badRequest(String message) {
        return new ODataException(400, message);
    }

    int status() {
        return status;
    }
}
