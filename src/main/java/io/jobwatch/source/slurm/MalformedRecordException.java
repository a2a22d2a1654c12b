package io.jobwatch.source.slurm;

/** A job record of Slurm that is not what such a record must be; the message tells the field and what was found there. */
final class MalformedRecordException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedRecordException(String message) {
        super(message);
    }
}
