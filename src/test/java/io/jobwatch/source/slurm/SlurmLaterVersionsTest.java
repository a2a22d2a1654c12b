package io.jobwatch.source.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobState;
import io.jobwatch.source.ObservedJob;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The shapes of v0.0.39 and later: states as lists, numbers and exit codes as objects. Composed from the schemas of those versions. */
@Timeout(60)
class SlurmLaterVersionsTest {

    private static final String UNSET = "{\"set\":false,\"infinite\":false,\"number\":0}";

    @Test
    void shouldReadAJobOfALaterVersion() throws Exception {
        ObservedJob job = read("[\"FAILED\"]", 0, "\"state_reason\":\"NonZeroExitCode\",\"nodes\":\"node1\",\"exit_code\":"
                + "{\"status\":[\"ERROR\"],\"return_code\":" + number(3) + ",\"signal\":{\"id\":" + UNSET + ",\"name\":\"\"}}");
        assertThat(job.jobId()).isEqualTo("7");
        assertThat(job.state()).isEqualTo(JobState.ERROR);
        assertThat(job.nativeState()).isEqualTo("FAILED");
        assertThat(job.createdAt()).contains(Instant.ofEpochSecond(100));
        assertThat(job.startedAt()).contains(Instant.ofEpochSecond(110));
        assertThat(job.endedAt()).contains(Instant.ofEpochSecond(150));
        assertThat(job.tasks().get(0).getErrors()).containsExactly(new ErrorDetail("NonZeroExitCode", "exit status 3"));
    }

    @Test
    void shouldReadASignalOfEitherLaterShape() throws Exception {
        for (String signal : List.of("{\"id\":" + number(9) + ",\"name\":\"KILL\"}", "{\"signal_id\":9,\"name\":\"KILL\"}")) {
            ObservedJob job = read("[\"FAILED\"]", 0, "\"exit_code\":{\"status\":\"SIGNALED\",\"return_code\":0,\"signal\":"
                    + signal + "}");
            assertThat(job.tasks().get(0).getErrors().get(0).getMessage()).isEqualTo("killed by signal 9");
        }
    }

    @Test
    void shouldReadAnExitCodeThatIsANumberObject() throws Exception {
        ObservedJob job = read("\"FAILED\"", 0, "\"exit_code\":" + number(768));
        assertThat(job.tasks().get(0).getErrors().get(0).getMessage()).isEqualTo("exit status 3");
    }

    @Test
    void shouldLetFlagsReplaceTheBaseState() throws Exception {
        ObservedJob completing = read("[\"COMPLETED\",\"COMPLETING\"]", 1, "\"nodes\":\"node1\"");
        assertThat(completing.state()).isEqualTo(JobState.PROCESSING);
        assertThat(completing.nativeState()).isEqualTo("COMPLETED,COMPLETING");
        assertThat(completing.attempt()).as("its second run has ended").isEqualTo(2);
        assertThat(read("[\"RUNNING\",\"CONFIGURING\"]", 0, "").state()).isEqualTo(JobState.SCHEDULED);
        assertThat(read("[\"PENDING\",\"REQUEUE_HOLD\"]", 1, "").state()).isEqualTo(JobState.QUEUED);
        assertThat(read("[\"RUNNING\",\"SIGNALING\"]", 0, "").state()).isEqualTo(JobState.PROCESSING);
    }

    @Test
    void shouldBelieveTheBaseStateOfACompletingJob() throws Exception {
        ObservedJob requeued = read("[\"PENDING\",\"COMPLETING\"]", 1, "\"nodes\":\"node1\"");
        assertThat(requeued.attempt()).isEqualTo(1);
        assertThat(requeued.state()).isEqualTo(JobState.PROCESSING);
        assertThat(requeued.startedAt()).isEmpty();
    }

    @Test
    void shouldIgnoreAnUnknownFlagBesideAKnownState() throws Exception {
        assertThat(read("[\"COMPLETED\",\"UPDATE_DB\"]", 0, "").state()).isEqualTo(JobState.FINISHED);
        assertThat(read("[\"HIBERNATING\",\"FROZEN\"]", 0, "").state()).isEqualTo(JobState.UNKNOWN);
    }

    @Test
    void shouldTellATaskFromTheRestOfItsArray() throws Exception {
        assertThat(read("[\"RUNNING\"]", 0, "\"array_job_id\":" + number(5) + ",\"array_task_id\":" + number(0)).jobId()).isEqualTo("5_0");
        assertThat(read("[\"PENDING\"]", 0, "\"array_job_id\":" + number(5) + ",\"array_task_id\":" + UNSET
                + ",\"array_task_string\":\"4\"").jobId()).isEqualTo("5_4");
        assertThat(read("[\"RUNNING\"]", 0, "\"array_job_id\":" + number(0) + ",\"array_task_id\":" + UNSET).jobId()).isEqualTo("7");
        assertThat(read("\"PENDING\"", 0, "\"array_job_id\":5,\"array_task_id\":4294967294,\"array_task_string\":\"4\"").jobId())
                .isEqualTo("5_4");
    }

    private static ObservedJob read(String state, int restarts, String more) throws Exception {
        List<ObservedJob> jobs = SlurmServer.jobs("{\"job_id\":7,\"name\":\"encode\",\"job_state\":" + state
                + ",\"restart_cnt\":" + restarts + ",\"submit_time\":" + number(100) + ",\"start_time\":" + number(110)
                + ",\"end_time\":" + number(150) + ",\"time_limit\":{\"set\":true,\"infinite\":true,\"number\":0}"
                + (more.isEmpty() ? "" : "," + more) + "}");
        assertThat(jobs).hasSize(1);
        return jobs.get(0);
    }

    private static String number(int value) {
        return "{\"set\":true,\"infinite\":false,\"number\":" + value + "}";
    }
}
