package io.jobwatch.cli;

import static io.jobwatch.event.JobState.CANCELED;
import static io.jobwatch.event.JobState.ERROR;
import static io.jobwatch.event.JobState.FINISHED;
import static io.jobwatch.event.JobState.PROCESSING;
import static io.jobwatch.event.JobState.QUEUED;
import static io.jobwatch.event.JobState.SCHEDULED;
import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.embedded.simulator.JobHistory;
import io.jobwatch.embedded.simulator.JobHistory.Change;
import io.jobwatch.embedded.simulator.JobHistory.TaskError;
import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobTransition;
import io.jobwatch.event.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoTruthTest {
    private static final TaskError BROKEN = new TaskError("t1", "ErrorProcessingTask", "broken");

    private final JobHistory failed = history("a", List.of(BROKEN), QUEUED, SCHEDULED, PROCESSING, ERROR);

    @Test
    void shouldAgreeWithAPartOfTheTruePathAndOneReport() {
        assertThat(disagreements(path("a", QUEUED, PROCESSING, ERROR), List.of(report("a", ERROR, "broken")))).isEmpty();
    }

    @Test
    void shouldNoticeALostTransition() {
        assertThat(disagreements(path("a", QUEUED, PROCESSING), List.of(report("a", ERROR, "broken")))).singleElement().asString()
                .contains("a ended PROCESSING in the topic, ERROR in the simulator");
    }

    @Test
    void shouldNoticeAPathThatTheJobNeverWent() {
        assertThat(disagreements(path("a", QUEUED, CANCELED, ERROR), List.of(report("a", ERROR, "broken")))).singleElement().asString()
                .contains("went [QUEUED, CANCELED, ERROR]");
    }

    @Test
    void shouldNoticeARepeatedTransition() {
        List<JobTransition> twice = new ArrayList<>(path("a", QUEUED, ERROR));
        twice.add(twice.get(1));
        assertThat(disagreements(twice, List.of(report("a", ERROR, "broken")))).anyMatch(text -> text.contains("sequence 2 after 2"));
    }

    @Test
    void shouldNoticeAMissingAndASecondReport() {
        assertThat(disagreements(path("a", QUEUED, ERROR), List.of())).singleElement().asString().contains("0 reports instead of 1");
        assertThat(disagreements(path("a", QUEUED, ERROR), List.of(report("a", ERROR, "broken"), report("a", ERROR, "broken"))))
                .singleElement().asString().contains("2 reports instead of 1");
    }

    @Test
    void shouldNoticeAReportOfAnotherError() {
        assertThat(disagreements(path("a", QUEUED, ERROR), List.of(report("a", ERROR, "all is well")))).singleElement().asString()
                .contains("is reported as ERROR with");
    }

    @Test
    void shouldNoticeAReportOfAJobThatFinished() {
        JobHistory fine = history("b", List.of(), QUEUED, FINISHED);
        assertThat(DemoTruth.disagreements(List.of(fine), Map.of("b", path("b", FINISHED)), Map.of("b", List.of(report("b", ERROR, "x")))))
                .singleElement().asString().contains("b (FINISHED) has 1 reports instead of 0");
    }

    @Test
    void shouldNoticeAnUnknownAndAMissingJob() {
        assertThat(DemoTruth.disagreements(List.of(failed), Map.of("ghost", path("ghost", QUEUED)),
                Map.of("a", List.of(report("a", ERROR, "broken")))))
                .containsExactlyInAnyOrder("a has no transition", "ghost has transitions and was never a job of the simulator");
    }

    private List<String> disagreements(List<JobTransition> transitions, List<JobErrorReport> reports) {
        return DemoTruth.disagreements(List.of(failed), Map.of("a", transitions), Map.of("a", reports));
    }

    private static JobHistory history(String jobId, List<TaskError> errors, JobState... states) {
        return new JobHistory(jobId, "name", Arrays.stream(states).map(state -> new Change(state, Instant.EPOCH)).toList(), errors);
    }

    private static List<JobTransition> path(String jobId, JobState... states) {
        List<JobTransition> path = new ArrayList<>();
        for (JobState state : states) {
            JobTransition transition = new JobTransition();
            transition.setJobId(jobId);
            transition.setCurrentState(state);
            transition.setSequence(path.size() + 1);
            path.add(transition);
        }
        return path;
    }

    private static JobErrorReport report(String jobId, JobState state, String message) {
        Task task = new Task();
        task.setTaskId("t1");
        task.setErrors(List.of(new ErrorDetail("ErrorProcessingTask", message)));
        JobErrorReport report = new JobErrorReport();
        report.setJobId(jobId);
        report.setState(state);
        report.setDetailsAvailable(true);
        report.setTasks(List.of(task));
        return report;
    }
}
