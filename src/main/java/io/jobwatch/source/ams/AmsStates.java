package io.jobwatch.source.ams;

import io.jobwatch.event.JobState;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The states of jobs and their tasks, which Media Services v2 tells as numbers (REST reference, Job, property State) and its third version
 * and MK.IO by name.
 */
final class AmsStates {

    private record Native(String name, JobState state) {
    }

    /** In the order of their numbers. */
    private static final List<Native> STATES = List.of(
            new Native("Queued", JobState.QUEUED),
            new Native("Scheduled", JobState.SCHEDULED),
            new Native("Processing", JobState.PROCESSING),
            new Native("Finished", JobState.FINISHED),
            new Native("Error", JobState.ERROR),
            new Native("Canceled", JobState.CANCELED),
            new Native("Canceling", JobState.CANCELING));

    private AmsStates() {
    }

    static JobState state(int number) {
        return known(number) ? STATES.get(number).state() : JobState.UNKNOWN;
    }

    static JobState state(String name) {
        String known = name.equals("Cancelled") ? "Canceled" : name;
        return STATES.stream().filter(state -> state.name().equals(known)).findFirst().map(Native::state).orElse(JobState.UNKNOWN);
    }

    /** {@return the numbers of the states that a job can leave} */
    static List<Integer> liveNumbers() {
        return IntStream.range(0, STATES.size()).filter(number -> !ended(state(number))).boxed().toList();
    }

    /** {@return the names of the states that a job can leave, in the order in which it passes through them} */
    static List<String> liveNames() {
        return liveNumbers().stream().map(AmsStates::nativeName).toList();
    }

    /** {@return the service's name of a state, or the number itself where it has none} */
    static String nativeName(int number) {
        return known(number) ? STATES.get(number).name() : Integer.toString(number);
    }

    /** {@return whether a time of start means that work began} */
    static boolean begun(JobState state) {
        return state != JobState.QUEUED && state != JobState.SCHEDULED;
    }

    static boolean ended(JobState state) {
        return state == JobState.FINISHED || state == JobState.ERROR || state == JobState.CANCELED;
    }

    private static boolean known(int number) {
        return number >= 0 && number < STATES.size();
    }
}
