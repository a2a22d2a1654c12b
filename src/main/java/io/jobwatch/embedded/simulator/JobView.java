package io.jobwatch.embedded.simulator;

import io.jobwatch.embedded.simulator.ScriptedJob.ScriptedTask;
import io.jobwatch.event.JobState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A job as it stands at one moment of the script.
 *
 * @param now  milliseconds of the script, not before the job's creation
 */
record JobView(ScriptedJob job, long now, ScriptClock clock) {

    /** A task as it stands; times are empty before they are there. */
    record TaskView(ScriptedTask task, JobState state, double progress, Optional<Instant> startedAt, Optional<Instant> endedAt) {
    }

    JobState state() {
        return job.stateAt(now);
    }

    Instant createdAt() {
        return clock.wall(job.createdAt());
    }

    /** The customer's last change, as in the service's own documentation: the creation or the wish to cancel, not the job's progress. */
    Instant lastModified() {
        return entered(JobState.CANCELING).orElseGet(this::createdAt);
    }

    Optional<Instant> startedAt() {
        return entered(JobState.PROCESSING);
    }

    Optional<Instant> endedAt() {
        return job.endedAt() <= now ? Optional.of(clock.wall(job.endedAt())) : Optional.empty();
    }

    /** {@return milliseconds at work so far, by the clock on the wall} */
    long runningMillis() {
        Instant until = endedAt().orElseGet(() -> clock.wall(now));
        return startedAt().map(started -> until.toEpochMilli() - started.toEpochMilli()).orElse(0L);
    }

    List<TaskView> tasks() {
        return job.tasks().stream().map(this::task).toList();
    }

    JobHistory history() {
        List<JobHistory.Change> changes = job.until(now).stream()
                .map(step -> new JobHistory.Change(step.state(), clock.wall(step.at()))).toList();
        List<JobHistory.TaskError> errors = tasks().stream().filter(view -> view.state() == JobState.ERROR)
                .flatMap(view -> view.task().errors().stream()
                        .map(error -> new JobHistory.TaskError(view.task().id(), error.code(), error.message())))
                .toList();
        return new JobHistory(job.id(), job.name(), changes, errors);
    }

    private Optional<Instant> entered(JobState wanted) {
        return job.until(now).stream().filter(step -> step.state() == wanted).findFirst().map(step -> clock.wall(step.at()));
    }

    private TaskView task(ScriptedTask task) {
        boolean everRuns = task.start() < task.stop();
        if (now >= task.stop()) {
            Optional<Instant> started = everRuns ? Optional.of(clock.wall(task.start())) : Optional.empty();
            return new TaskView(task, task.end(), everRuns ? reaches(task) : 0, started, Optional.of(clock.wall(task.stop())));
        }
        if (everRuns && now >= task.start()) {
            double progress = reaches(task) * (now - task.start()) / (task.stop() - task.start());
            JobState state = state() == JobState.CANCELING ? JobState.CANCELING : JobState.PROCESSING;
            return new TaskView(task, state, Math.round(progress * 10) / 10.0, Optional.of(clock.wall(task.start())), Optional.empty());
        }
        JobState waiting = state() == JobState.QUEUED ? JobState.QUEUED : JobState.SCHEDULED;
        return new TaskView(task, waiting, 0, Optional.empty(), Optional.empty());
    }

    /** {@return the percentage at a task's end: one that is struck stops on its way} */
    private static double reaches(ScriptedTask task) {
        return task.end() == JobState.FINISHED ? 100 : 60;
    }
}
