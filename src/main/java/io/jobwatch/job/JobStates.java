package io.jobwatch.job;

import io.jobwatch.event.JobState;
import java.util.Optional;

/** What the states of a job mean. The codes are those of Media Services v2; they are names and never compared. */
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

    /** {@return the state that Media Services v2 writes as this code, if it is one of the seven} */
    public static Optional<JobState> ofCode(int code) {
        return switch (code) {
            case 0 -> Optional.of(JobState.QUEUED);
            case 1 -> Optional.of(JobState.SCHEDULED);
            case 2 -> Optional.of(JobState.PROCESSING);
            case 3 -> Optional.of(JobState.FINISHED);
            case 4 -> Optional.of(JobState.ERROR);
            case 5 -> Optional.of(JobState.CANCELED);
            case 6 -> Optional.of(JobState.CANCELING);
            default -> Optional.empty();
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
