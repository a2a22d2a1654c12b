package io.jobwatch.source.slurm;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One record of {@code jobs}, read but not yet interpreted. Times are empty where the service sends 0 or nothing, or what is no time but
 * came of adding an endless time limit.
 *
 * @param jobId       the record's own id; of an array task not what jobwatch calls the job
 * @param reason      why the job waits or ended as it did; empty if it only waits its turn
 * @param restarts    how often the job was put back into the queue
 * @param timeLimit   minutes; changes while the job runs, so that it says nothing about the job
 * @param arrayJobId  the id of the array that the record belongs to, or 0
 * @param arrayTaskId the number within the array; empty in the record that stands for all tasks which have none of their own
 * @param arrayTasks  those tasks; empty in any other record
 * @param nodes       where the job runs or ran; empty text if it has none, empty if the version does not tell
 */
record SlurmRecord(
        long jobId,
        Optional<String> name,
        NativeState state,
        Optional<String> reason,
        Optional<String> description,
        ExitCode exit,
        Optional<Instant> submitTime,
        Optional<Instant> startTime,
        Optional<Instant> endTime,
        int restarts,
        OptionalLong timeLimit,
        long arrayJobId,
        Optional<Integer> arrayTaskId,
        Optional<ArrayTasks> arrayTasks,
        Optional<String> nodes,
        Optional<String> user,
        Optional<String> partition) {

    /**
     * Tasks that are named for one array. Slurm's MaxArraySize is 1001 by default and 4,000,001 at most; what is listed is kept in
     * memory, and every task is a job of its own in all topics.
     */
    static final int MAX_ARRAY_TASKS = 100_000;

    /**
     * Reasons (of {@code job_reason_string} in Slurm 22.05) that say only that the scheduler has not come to the job yet. The scheduler
     * writes them anew at every pass, and one record stands for all waiting tasks of an array: each change back and forth would be an event
     * for each of up to 100,000 tasks, and tell nobody anything. JobArrayTaskLimit is the {@code %n} of the array itself, which comes and
     * goes as its tasks end. What somebody must or did decide is kept: holds, dependencies, begin times, limits of accounts and
     * partitions, nodes that are not available.
     */
    private static final Set<String> WAITING_ITS_TURN = Set.of("None", "Priority", "Resources", "Licenses", "BurstBufferResources",
            "JobArrayTaskLimit", "Cleaning", "Prolog");

    /** 9999-12-31T23:59:59Z */
    private static final long LAST_SECOND = 253_402_300_799L;

    static SlurmRecord read(JsonNode record) throws MalformedRecordException {
        if (!record.isObject()) {
            throw Fields.unexpected("a job", "an object", record);
        }
        OptionalLong jobId = Fields.number(record, "job_id");
        if (jobId.orElse(0) == 0) {
            throw Fields.unexpected("job_id", "a number above 0", record.path("job_id"));
        }
        long arrayJobId = Fields.number(record, "array_job_id").orElse(0);
        Optional<Integer> arrayTaskId = Fields.smallNumber(record, "array_task_id");
        return new SlurmRecord(
                jobId.getAsLong(),
                Fields.text(record, "name"),
                NativeState.read(record.path("job_state")),
                Fields.text(record, "state_reason").filter(reason -> !WAITING_ITS_TURN.contains(reason)),
                Fields.text(record, "state_description"),
                ExitCode.read(record),
                time(record, "submit_time"),
                time(record, "start_time"),
                time(record, "end_time"),
                Fields.smallNumber(record, "restart_cnt").orElse(0),
                Fields.number(record, "time_limit"),
                arrayJobId,
                arrayTaskId,
                arrayJobId != 0 && arrayTaskId.isEmpty() ? Optional.of(arrayTasks(record)) : Optional.empty(),
                record.path("nodes").isTextual() ? Optional.of(record.path("nodes").textValue()) : Optional.empty(),
                Fields.text(record, "user_name"),
                Fields.text(record, "partition"));
    }

    private static Optional<Instant> time(JsonNode record, String field) throws MalformedRecordException {
        OptionalLong seconds = Fields.number(record, field);
        return seconds.isEmpty() || seconds.getAsLong() == 0 || seconds.getAsLong() > LAST_SECOND
                ? Optional.empty() : Optional.of(Instant.ofEpochSecond(seconds.getAsLong()));
    }

    private static ArrayTasks arrayTasks(JsonNode record) throws MalformedRecordException {
        ArrayTasks tasks = ArrayTasks.parse(Fields.text(record, "array_task_string").orElse(""));
        if (tasks.count() > MAX_ARRAY_TASKS) {
            throw new MalformedRecordException("array_task_string names " + tasks.count() + " tasks; at most " + MAX_ARRAY_TASKS
                    + " of an array can be watched while they wait");
        }
        return tasks;
    }

    /** {@return what jobwatch calls the job; means nothing where there are {@link #arrayTasks()}} */
    String observedId() {
        return arrayTaskId.map(this::taskId).orElseGet(() -> Long.toString(jobId));
    }

    /** {@return what jobwatch calls a task of this record's array} */
    String taskId(int index) {
        return arrayJobId + "_" + index;
    }
}
