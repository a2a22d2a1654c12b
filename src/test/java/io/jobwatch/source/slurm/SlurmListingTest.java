package io.jobwatch.source.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobState;
import io.jobwatch.event.Task;
import io.jobwatch.source.Listing;
import io.jobwatch.source.ObservedJob;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a listing means, from answers of a real slurmrestd; see {@code src/test/resources/slurm/README.md}. */
@Timeout(60)
class SlurmListingTest {

    @Test
    void shouldNotTakeTheEstimatesOfAWaitingJobForTimes() throws Exception {
        ObservedJob waiting = SlurmServer.recordedJobs("jobs-01-pending.json").get("3");
        assertThat(waiting.state()).isEqualTo(JobState.QUEUED);
        assertThat(waiting.nativeState()).isEqualTo("PENDING");
        assertThat(waiting.nativeReason()).contains("BeginTime");
        assertThat(waiting.name()).contains("encode-waiting");
        assertThat(waiting.createdAt()).contains(Instant.ofEpochSecond(1795383720));
        assertThat(waiting.startedAt()).isEmpty();
        assertThat(waiting.endedAt()).isEmpty();
        assertThat(waiting.attempt()).isEqualTo(1);
        assertThat(waiting.attributes()).containsOnly(Map.entry("user_name", "alice"), Map.entry("partition", "main"));
    }

    /** Else each pass of the scheduler would be an event for every task of a waiting array. */
    @ParameterizedTest
    @ValueSource(strings = {"None", "Priority", "Resources", "Licenses", "BurstBufferResources", "JobArrayTaskLimit", "Cleaning", "Prolog"})
    void shouldGiveNoReasonForAJobThatWaitsItsTurn(String reason) throws Exception {
        assertThat(SlurmServer.jobs("{\"job_id\":1,\"job_state\":\"PENDING\",\"state_reason\":\"" + reason + "\"}").get(0).nativeReason())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"JobHeldUser", "JobHeldAdmin", "Dependency", "DependencyNeverSatisfied", "BeginTime", "PartitionTimeLimit",
            "AssocGrpCpuLimit", "QOSMaxJobsPerUserLimit", "ReqNodeNotAvail", "Reservation", "BadConstraints"})
    void shouldTellWhyAJobWaitsForMoreThanItsTurn(String reason) throws Exception {
        assertThat(SlurmServer.jobs("{\"job_id\":1,\"job_state\":\"PENDING\",\"state_reason\":\"" + reason + "\"}").get(0).nativeReason())
                .contains(reason);
    }

    @Test
    void shouldNotTakeTheLimitOfARunningJobForItsEnd() throws Exception {
        ObservedJob running = SlurmServer.recordedJobs("jobs-02-running.json").get("6");
        assertThat(running.state()).isEqualTo(JobState.PROCESSING);
        assertThat(running.nativeReason()).as("the reason \"None\"").isEmpty();
        assertThat(running.startedAt()).contains(Instant.ofEpochSecond(1795383721));
        assertThat(running.endedAt()).isEmpty();
    }

    @Test
    void shouldTellNothingOfTheOutcomeWhileAJobIsCompleting() throws Exception {
        ObservedJob completing = SlurmServer.recordedJobs("jobs-03-completing.json").get("2");
        assertThat(completing.state()).isEqualTo(JobState.PROCESSING);
        assertThat(completing.nativeState()).isEqualTo("COMPLETING");
        assertThat(completing.startedAt()).contains(Instant.ofEpochSecond(1795383721));
        assertThat(completing.endedAt()).isEmpty();
        assertThat(completing.tasks()).isEmpty();
    }

    @Test
    void shouldTellSuccessAndFailureWithTheirTimes() throws Exception {
        Map<String, ObservedJob> jobs = SlurmServer.recordedJobs("jobs-04-completed-and-failed.json");
        ObservedJob good = jobs.get("1");
        assertThat(good.state()).isEqualTo(JobState.FINISHED);
        assertThat(good.endedAt()).contains(Instant.ofEpochSecond(1795383723));
        assertThat(good.detailsAvailable()).isTrue();
        assertThat(good.tasks()).isEmpty();
        ObservedJob bad = jobs.get("2");
        assertThat(bad.state()).isEqualTo(JobState.ERROR);
        assertThat(bad.startedAt()).contains(Instant.ofEpochSecond(1795383721));
        assertThat(bad.endedAt()).contains(Instant.ofEpochSecond(1795383722));
        assertThat(bad.detailsAvailable()).isTrue();
        assertThat(bad.tasks()).containsExactly(new Task("2", "encode-bad", JobState.ERROR, "FAILED", null,
                Instant.ofEpochSecond(1795383721), Instant.ofEpochSecond(1795383722),
                List.of(new ErrorDetail("NonZeroExitCode", "exit status 3"))));
    }

    @Test
    void shouldTellACancelledJobThatWaitedFromOneThatRan() throws Exception {
        Map<String, ObservedJob> jobs = SlurmServer.recordedJobs("jobs-06-requeued-and-canceled.json");
        ObservedJob waited = jobs.get("4");
        assertThat(waited.state()).isEqualTo(JobState.CANCELED);
        assertThat(waited.startedAt()).isEmpty();
        assertThat(waited.endedAt()).contains(Instant.ofEpochSecond(1795383724));
        assertThat(error(waited)).isEqualTo(new ErrorDetail("CANCELLED", "cancelled before it ran"));
        ObservedJob ran = jobs.get("5");
        assertThat(ran.startedAt()).contains(Instant.ofEpochSecond(1795383721));
        assertThat(error(ran)).isEqualTo(new ErrorDetail("CANCELLED", "cancelled while it ran"));
    }

    @Test
    void shouldTellATimeoutAndASignal() throws Exception {
        ObservedJob overrun = SlurmServer.recordedJobs("jobs-15-timeout.json").get("6");
        assertThat(overrun.state()).isEqualTo(JobState.ERROR);
        assertThat(overrun.nativeReason()).contains("TimeLimit");
        assertThat(error(overrun)).isEqualTo(new ErrorDetail("TIMEOUT", "time limit reached"));
        assertThat(error(SlurmServer.recordedJobs("jobs-27-timeout.json").get("42")))
                .isEqualTo(new ErrorDetail("JobLaunchFailure", "killed by signal 9"));
    }

    @Test
    void shouldKnowThatAFailedJobRanEvenIfNotForASecond() throws Exception {
        assertThat(SlurmServer.recordedJobs("jobs-20-before-requeues.json").get("41").startedAt())
                .contains(Instant.ofEpochSecond(1795383903));
    }

    @Test
    void shouldCountARequeueAsANewAttempt() throws Exception {
        ObservedJob requeued = SlurmServer.recordedJobs("jobs-06-requeued-and-canceled.json").get("8");
        assertThat(requeued.attempt()).isEqualTo(2);
        assertThat(requeued.state()).isEqualTo(JobState.QUEUED);
        assertThat(requeued.startedAt()).isEmpty();
        ObservedJob failedBefore = SlurmServer.recordedJobs("jobs-21-requeued-completing.json").get("41");
        assertThat(failedBefore.attempt()).isEqualTo(2);
        assertThat(failedBefore.tasks()).as("the exit code is of the run before").isEmpty();
    }

    /** With a time limit and without one; an array's task; then the same jobs completing at the end of their second runs. */
    @Test
    void shouldNotBeginAnAttemptWhileTheRunBeforeIsCleanedUp() throws Exception {
        for (ObservedJob job : List.of(
                SlurmServer.recordedJobs("jobs-40-requeued-completing.json").get("12"),
                SlurmServer.recordedJobs("jobs-40-requeued-completing.json").get("13"),
                SlurmServer.recordedJobs("jobs-21-requeued-completing.json").get("39_0"))) {
            assertThat(job.attempt()).as(job.jobId()).isEqualTo(1);
            assertThat(job.state()).isEqualTo(JobState.PROCESSING);
            assertThat(job.nativeState()).isEqualTo("COMPLETING");
            assertThat(job.startedAt()).as("an estimate").isEmpty();
        }
        assertThat(SlurmServer.recordedJobs("jobs-42-second-run-completing.json").values())
                .hasSize(2).allMatch(job -> job.attempt() == 2 && job.state() == JobState.PROCESSING && job.startedAt().isPresent());
    }

    @Test
    void shouldNameEveryTaskOfAWaitingArray() throws Exception {
        Map<String, ObservedJob> jobs = SlurmServer.recordedJobs("jobs-07-array-pending.json");
        assertThat(jobs).doesNotContainKey("9").containsKeys(tasks(9, 0, 20));
        ObservedJob last = jobs.get("9_19");
        assertThat(last.name()).contains("encode-array");
        assertThat(last.state()).isEqualTo(JobState.QUEUED);
        assertThat(last.createdAt()).contains(Instant.ofEpochSecond(1795383725));
    }

    @Test
    void shouldKeepEachTaskUnderOneIdWhateverJobIdSlurmGivesIt() throws Exception {
        for (String file : List.of("jobs-07-array-pending", "jobs-08-array-split", "jobs-10-requeued-running",
                "jobs-12-array-last-task-pending", "jobs-13-array-last-task-running", "jobs-14-array-completed")) {
            assertThat(SlurmServer.recordedJobs(file + ".json").keySet().stream().filter(id -> id.contains("_")))
                    .as(file).containsExactlyInAnyOrder(tasks(9, 0, 20));
        }
        assertThat(SlurmServer.recordedJobs("jobs-08-array-split.json").get("9_3").state()).isEqualTo(JobState.PROCESSING);
        assertThat(SlurmServer.recordedJobs("jobs-12-array-last-task-pending.json").get("9_19").state()).isEqualTo(JobState.QUEUED);
        ObservedJob failed = SlurmServer.recordedJobs("jobs-14-array-completed.json").get("9_7");
        assertThat(failed.tasks().get(0).getTaskId()).isEqualTo("9_7");
        assertThat(error(failed)).isEqualTo(new ErrorDetail("NonZeroExitCode", "exit status 1"));
    }

    @Test
    void shouldShowTheTasksOfAnArrayThatWasCancelledBeforeTheyBegan() throws Exception {
        Map<String, ObservedJob> jobs = SlurmServer.recordedJobs("jobs-33-array-rest-canceled.json");
        assertThat(jobs).containsOnlyKeys("29_0", "29_1", "29_2", "29_3", "29_5");
        assertThat(jobs.get("29_5").state()).isEqualTo(JobState.CANCELED);
        assertThat(jobs.get("29_5").startedAt()).isEmpty();
        assertThat(jobs.get("29_5").endedAt()).contains(Instant.ofEpochSecond(1795383828));
        assertThat(jobs.get("29_0").startedAt()).contains(Instant.ofEpochSecond(1795383826));
    }

    @Test
    void shouldShowAsGoneFromTheListATaskThatWasCancelledAloneWhileItWaited() throws Exception {
        assertThat(SlurmServer.recordedJobs("jobs-31-array-one-task-canceled.json"))
                .containsOnlyKeys("29_0", "29_1", "29_2", "29_3", "29_5");
    }

    @Test
    void shouldLetATasksOwnRecordWinOverTheWaitingOnes() throws Exception {
        String stale = "{\"job_id\":9,\"job_state\":\"PENDING\",\"array_job_id\":9,\"array_task_id\":null,\"array_task_string\":\"0-2\"}";
        String started = "{\"job_id\":10,\"job_state\":\"RUNNING\",\"array_job_id\":9,\"array_task_id\":1,\"array_task_string\":\"\"}";
        for (List<ObservedJob> jobs : List.of(SlurmServer.jobs(stale, started), SlurmServer.jobs(started, stale))) {
            assertThat(jobs).extracting(ObservedJob::jobId).containsExactlyInAnyOrder("9_0", "9_1", "9_2");
            assertThat(jobs).filteredOn(job -> job.state() == JobState.PROCESSING).extracting(ObservedJob::jobId).containsExactly("9_1");
        }
    }

    @ParameterizedTest
    @CsvSource({"PENDING, QUEUED", "REQUEUED, QUEUED", "REQUEUE_HOLD, QUEUED", "REQUEUE_FED, QUEUED", "SPECIAL_EXIT, QUEUED",
            "RESV_DEL_HOLD, QUEUED", "CONFIGURING, SCHEDULED", "RUNNING, PROCESSING", "SUSPENDED, PROCESSING", "STOPPED, PROCESSING",
            "RESIZING, PROCESSING", "SIGNALING, PROCESSING", "STAGE_OUT, PROCESSING", "COMPLETING, PROCESSING", "COMPLETED, FINISHED",
            "FAILED, ERROR", "TIMEOUT, ERROR", "NODE_FAIL, ERROR", "BOOT_FAIL, ERROR", "DEADLINE, ERROR", "OUT_OF_MEMORY, ERROR",
            "PREEMPTED, ERROR", "CANCELLED, CANCELED",
            "REVOKED, CANCELED", "LAUNCH_FAILED, UNKNOWN", "running, UNKNOWN", "HIBERNATING, UNKNOWN"})
    void shouldKnowEveryStateAndKeepTheWordsOfOthers(String word, JobState state) throws Exception {
        ObservedJob job = SlurmServer.jobs("{\"job_id\":1,\"job_state\":\"" + word + "\"}").get(0);
        assertThat(job.state()).isEqualTo(state);
        assertThat(job.nativeState()).isEqualTo(word);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "7", "null", "\"job\"", "{\"job_id\":null,\"job_state\":\"RUNNING\"}",
            "{\"job_id\":0,\"job_state\":\"RUNNING\"}", "{\"job_id\":-4,\"job_state\":\"RUNNING\"}",
            "{\"job_id\":1.5,\"job_state\":\"RUNNING\"}", "{\"job_id\":\"1\",\"job_state\":\"RUNNING\"}",
            "{\"job_id\":1}", "{\"job_id\":1,\"job_state\":3}", "{\"job_id\":1,\"job_state\":[]}", "{\"job_id\":1,\"job_state\":[1]}",
            "{\"job_id\":1,\"job_state\":\"RUNNING\",\"restart_cnt\":99999999999}",
            "{\"job_id\":1,\"job_state\":\"RUNNING\",\"submit_time\":\"yesterday\"}",
            "{\"job_id\":1,\"job_state\":\"RUNNING\",\"name\":{\"a\":1}}",
            "{\"job_id\":1,\"job_state\":\"PENDING\",\"array_job_id\":1,\"array_task_string\":\"1,x\"}",
            "{\"job_id\":1,\"job_state\":\"PENDING\",\"array_job_id\":1,\"array_task_string\":\"0-100000\"}"})
    void shouldSetABadRecordAsideAndReadTheRest(String bad) throws Exception {
        try (SlurmServer server = SlurmServer.listing("{\"job_id\":1,\"job_state\":\"RUNNING\"}", bad,
                        "{\"job_id\":3,\"job_state\":\"RUNNING\"}");
                SlurmSource source = server.source(Clock.systemUTC())) {
            Listing.Snapshot snapshot = SlurmServer.snapshot(source);
            assertThat(snapshot.jobs()).extracting(ObservedJob::jobId).containsExactly("1", "3");
            assertThat(snapshot.bad()).hasSize(1);
            assertThat(new String(snapshot.bad().get(0).raw(), StandardCharsets.UTF_8)).isEqualTo(bad);
            assertThat(snapshot.bad().get(0).reason()).containsAnyOf("job_id must be", "job_state must", "a job must be",
                    "restart_cnt must be", "submit_time must be", "name must be", "array_task_string");
        }
    }

    @Test
    void shouldTakeATimeBeyondTheYear9999ForNone() throws Exception {
        ObservedJob job = SlurmServer.jobs(
                "{\"job_id\":1,\"job_state\":\"COMPLETED\",\"submit_time\":9223372036854775807,\"end_time\":253402300800}").get(0);
        assertThat(job.createdAt()).isEmpty();
        assertThat(job.endedAt()).isEmpty();
    }

    @Test
    void shouldCutWhatIsTooLong() throws Exception {
        String longText = "x".repeat(100_000);
        ObservedJob job = SlurmServer.jobs("{\"job_id\":1,\"job_state\":\"FAILED\",\"name\":\"" + longText
                + "\",\"state_reason\":\"" + longText + "\",\"state_description\":\"" + longText
                + "\",\"user_name\":\"" + longText + "\"}").get(0);
        assertThat(job.name().orElseThrow()).hasSizeLessThanOrEqualTo(1024).contains("cut");
        assertThat(job.nativeReason().orElseThrow()).hasSizeLessThanOrEqualTo(256);
        assertThat(error(job).getCode()).hasSizeLessThanOrEqualTo(256);
        assertThat(error(job).getMessage()).startsWith("exit status 0: xxx").hasSizeLessThanOrEqualTo(8192);
        assertThat(job.attributes().get("user_name")).hasSizeLessThanOrEqualTo(256);
    }

    /** slurmrestd has no pages: 10,000 jobs of 4 kB. */
    @Test
    void shouldReadTheWholeListOfALargeCluster() throws Exception {
        String padding = "x".repeat(4000);
        List<ObservedJob> jobs = SlurmServer.jobs(IntStream.rangeClosed(1, 10_000)
                .mapToObj(id -> "{\"job_id\":" + id + ",\"job_state\":\"RUNNING\",\"command\":\"" + padding + "\"}")
                .toArray(String[]::new));
        assertThat(jobs).hasSize(10_000);
    }

    @Test
    void shouldReadTheUncutAnswerOfTheService() throws Exception {
        assertThat(SlurmServer.recordedJobs("jobs-every-field.json")).containsKeys("2", "3", "9_0");
    }

    private static ErrorDetail error(ObservedJob job) {
        assertThat(job.tasks()).hasSize(1);
        assertThat(job.tasks().get(0).getErrors()).hasSize(1);
        return job.tasks().get(0).getErrors().get(0);
    }

    private static String[] tasks(int array, int first, int end) {
        return IntStream.range(first, end).mapToObj(index -> array + "_" + index).toArray(String[]::new);
    }
}
