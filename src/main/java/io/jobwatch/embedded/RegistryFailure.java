package io.jobwatch.embedded;

/** A request that the embedded registry refuses, with the status and code that Confluent's registry gives for it. */
final class RegistryFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final int code;

    RegistryFailure(int status, int code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    static RegistryFailure subjectNotFound(String subject) {
        return new RegistryFailure(404, 40401, "Subject '" + subject + "' not found.");
    }

    static RegistryFailure versionNotFound(String version) {
        return new RegistryFailure(404, 40402, "Version " + version + " not found.");
    }

    static RegistryFailure schemaNotFound() {
        return new RegistryFailure(404, 40403, "Schema not found");
    }

    static RegistryFailure invalidSchema(String reason) {
        return new RegistryFailure(422, 42201, "Invalid schema: " + reason);
    }

    static RegistryFailure invalidVersion(String version) {
        return new RegistryFailure(422, 42202, "The specified version '" + version
                + "' is not a valid version id. Allowed values are between [1, 2^31-1] and the string \"latest\"");
    }

    int status() {
        return status;
    }

    int code() {
        return code;
    }
}
