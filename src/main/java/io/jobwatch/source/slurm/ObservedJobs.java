package io.jobwatch.source.slurm;

import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobState;
import io.jobwatch.event.Task;
import io.jobwatch.job.JobStates;
import io.jobwatch.source.Bounds;
import io.jobwatch.source.ObservedJob;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a record of Slurm means. A function of the record alone. */
final class ObservedJobs {

    private ObservedJobs() {
    }

    /** @param jobId what jobwatch calls the job: the record's own, or one of the tasks that it stands for */
    static ObservedJob of(SlurmRecord record, String jobId) {
        JobState state = record.state().canonical();
        boolean betweenRuns = isBetweenRuns(record);
        boolean ended = JobStates.isTerminal(state);
        Optional<Instant> startedAt = hasRun(record, state, betweenRuns) ? record.startTime() : Optional.empty();
        Optional<Instant> endedAt = ended ? record.endTime() : Optional.empty();
        Optional<String> name = record.name().map(text -> Bounds.text(text, Bounds.NAME_CHARS));
        String nativeState = record.state().text();
        List<Task> tasks = JobStates.isStopped(state)
                ? List.of(new Task(jobId, name.orElse(null), state, nativeState, null, startedAt.orElse(null), endedAt.orElse(null),
                        List.of(error(record, state, startedAt.isPresent()))))
                : List.of();
        return new ObservedJob(jobId, name, attempt(record, betweenRuns), state, nativeState,
                record.reason().map(text -> Bounds.text(text, Bounds.WORD_CHARS)), Optional.empty(),
                record.submitTime(), startedAt, endedAt, true, tasks, attributes(record));
    }

    /**
     * The restart count rises when a requeue is asked for, while the nodes of the run that it ends are still being cleaned up. Nothing of
     * the next run exists then, not even its submit_time: the record belongs to the run before.
     */
    private static int attempt(SlurmRecord record, boolean betweenRuns) {
        return betweenRuns && record.restarts() > 0 ? record.restarts() : record.restarts() + 1;
    }

    /**
     * Whether a COMPLETING record hides a job that is to be queued again, and not one that has ended. Where the version hides the base
     * state behind the flag, the times betray it (measured on 22.05.8): the job counts as PENDING, and Slurm sends for such a job
     * estimates, made anew at each reading: it would start now and end when its time limit is over, 2^32 - 60 s later if it has none. Of
     * a job that has ended these are the true times, and the difference is what it took. One that took its time limit to the second is
     * mistaken for the run before, which does little harm: an observation of a past attempt is dropped, and once the clean-up is over the
     * record tells.
     */
    private static boolean isBetweenRuns(SlurmRecord record) {
        if (!record.state().isCompleting()) {
            return false;
        }
        return record.state().isPending().orElseGet(() -> {
            if (record.restarts() == 0 || record.startTime().isEmpty() || record.endTime().isEmpty()) {
                return false;
            }
            long seconds = Duration.between(record.startTime().get(), record.endTime().get()).toSeconds();
            return record.timeLimit().isPresent() ? seconds == record.timeLimit().getAsLong() * 60 : seconds > Integer.MAX_VALUE;
        });
    }

    /**
     * Whether start_time is the time of a start. Of a job that waits it is an estimate, and of one that ended while it waited it is the
     * time of the end; only a job that got as far as having nodes has run.
     */
    private static boolean hasRun(SlurmRecord record, JobState state, boolean betweenRuns) {
        if (state == JobState.PROCESSING) {
            return !betweenRuns;
        }
        return JobStates.isTerminal(state) && record.nodes().map(nodes -> !nodes.isEmpty())
                .orElseGet(() -> record.startTime().isPresent() && record.endTime().filter(record.startTime().get()::isBefore).isPresent());
    }

    /** A failed job is told by its reason, any other stop by its state, for what stands as its reason may be why it once waited. */
    private static ErrorDetail error(SlurmRecord record, JobState state, boolean ran) {
        String word = record.state().decisiveWord();
        String code = word.equals("FAILED") ? record.reason().orElse(word) : word;
        String message = switch (word) {
            case "CANCELLED" -> ran ? "cancelled while it ran" : "cancelled before it ran";
            case "REVOKED" -> "revoked: another cluster of the federation runs the job";
            case "TIMEOUT" -> "time limit reached";
            case "NODE_FAIL" -> "a node of the job failed";
            case "PREEMPTED" -> "preempted by another job";
            case "BOOT_FAIL" -> "a node of the job did not boot";
            case "DEADLINE" -> "deadline reached";
            case "OUT_OF_MEMORY" -> "out of memory";
            default -> record.exit().toString();
        };
        return new ErrorDetail(Bounds.text(code, Bounds.WORD_CHARS),
                Bounds.text(record.description().map(text -> message + ": " + text).orElse(message), Bounds.MESSAGE_CHARS));
    }

    /** Only what stays the same while the job lives: time_limit for one is null before it runs and the partition's limit later. */
    private static Map<String, String> attributes(SlurmRecord record) {
        Map<String, String> attributes = new LinkedHashMap<>();
        record.user().ifPresent(user -> attributes.put("user_name", Bounds.text(user, Bounds.WORD_CHARS)));
        record.partition().ifPresent(partition -> attributes.put("partition", Bounds.text(partition, Bounds.WORD_CHARS)));
        return attributes;
    }
}
