package io.jobwatch.job;

import io.jobwatch.event.JobState;

/** What the states of a job mean. Their order in the schema is that of the codes of Media Services v2; it is never compared. */
public final class JobStates {

    private JobStates() {
    }

    /** {@return whether an attempt in this state has ended} */
    public static boolean isTerminal(JobState state) {
        return state == JobState.FINISHED || isStopped(state);
    }

    /** {@return whether an attempt in this state has ended without success, so that a report is due} */
    public static boolean isStopped(JobState state) {
        return state == JobState.ERROR || state == JobState.CANCELED;
    }

    /** {@return the state as people read it: {@code Queued}, {@code Canceling}, …} */
    public static String label(JobState state) {
        return switch (state) {
            case QUEUED -> "Queued";
            case SCHEDULED -> "Scheduled";
            case PROCESSING -> "Processing";
            case FINISHED -> "Finished";
            case ERROR -> "Error";
            case CANCELED -> "Canceled";
            case CANCELING -> "Canceling";
            case UNKNOWN -> "Unknown";
        };
    }

    /**
     * {@return the place of a state in the order of an attempt; nothing moves to a lower place}
     *
     * @throws IllegalArgumentException for UNKNOWN, which has no place
     */
    static int rank(JobState state) {
        return switch (state) {
            case QUEUED -> 0;
            case SCHEDULED -> 1;
            case PROCESSING -> 2;
            case CANCELING -> 3;
            case FINISHED, ERROR, CANCELED -> 4;
            case UNKNOWN -> throw new IllegalArgumentException("UNKNOWN has no place in the order");
        };
    }
}
