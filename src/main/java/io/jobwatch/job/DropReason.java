package io.jobwatch.job;

/** Why an observation raised nothing. */
public enum DropReason {
    /** It belongs to an attempt before the current one. */
    STALE_ATTEMPT,
    /** It says that the job moved backward. */
    BACKWARD,
    /** It says that the job left a terminal state. */
    AFTER_TERMINAL,
    /** Its native state has no mapping, and the job's state is known. */
    UNMAPPED_STATE,
    /** It is not newer than what is known and says nothing else: the same record again. */
    REPEATED,
    /** The first sighting of a job that ended longer ago than ended jobs are remembered. */
    ENDED_LONG_AGO
}
