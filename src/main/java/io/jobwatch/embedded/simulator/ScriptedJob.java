package io.jobwatch.embedded.simulator;

import io.jobwatch.event.JobState;
import java.util.List;

/**
 * What will happen to one job. Times are milliseconds of the script, counted from its start at speed 1.
 *
 * @param steps the states in order, the first at the job's creation, the last terminal
 */
record ScriptedJob(String id, String name, int priority, List<Step> steps, List<ScriptedTask> tasks) {

    /** From {@code at} on the job is in {@code state}. */
    record Step(long at, JobState state) {
    }

    /** A task runs from {@code start} until it ends as {@code end}; one that never runs has both times at the job's end. */
    record ScriptedTask(String id, String name, long start, long stop, JobState end, List<ScriptedError> errors) {
    }

    record ScriptedError(String code, String message) {
    }

    long createdAt() {
        return steps.get(0).at();
    }

    long endedAt() {
        return last().at();
    }

    Step last() {
        return steps.get(steps.size() - 1);
    }

    /** {@return the state at a time that is not before the creation} */
    JobState stateAt(long time) {
        JobState state = steps.get(0).state();
        for (int i = 1; i < steps.size() && steps.get(i).at() <= time; i++) {
            state = steps.get(i).state();
        }
        return state;
    }

    /** {@return what has happened up to a time that is not before the creation} */
    List<Step> until(long time) {
        return steps.stream().takeWhile(step -> step.at() <= time).toList();
    }
}
