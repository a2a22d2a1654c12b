package io.jobwatch.cli.doctor;

/** How bad a finding is. Both are worth an exit status: what is no trouble at all is no finding. */
public enum Severity {
    /** Works, but not for long, not as well as it should, or it could not be looked at. */
    WARN,
    /** Something that jobwatch is for does not happen, or data are at risk. */
    FAIL
}
