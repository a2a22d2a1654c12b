package io.jobwatch.source.slurm;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * How a job's processes ended.
 *
 * @param status the exit status, 0 to 255
 * @param signal the signal that ended them, or 0
 */
record ExitCode(int status, int signal) {

    /**
     * Reads both shapes: up to v0.0.38 the wait status of POSIX as one number (exit status 3 is 768, signal 9 is 9), after it an object
     * with {@code return_code} and {@code signal}. Absent reads as 0.
     */
    static ExitCode read(JsonNode record) throws MalformedRecordException {
        JsonNode value = record.path("exit_code");
        if (value.isObject() && !value.has("number")) {
            JsonNode signal = value.path("signal");
            long number = Fields.number(signal, signal.has("id") ? "id" : "signal_id").orElse(0);
            return new ExitCode((int) (Fields.number(value, "return_code").orElse(0) & 0xFF), (int) (number & 0x7F));
        }
        long wait = Fields.number(record, "exit_code").orElse(0);
        return new ExitCode((int) (wait >> 8 & 0xFF), (int) (wait & 0x7F));
    }

    @Override
    public String toString() {
        return signal != 0 ? "killed by signal " + signal : "exit status " + status;
    }
}
