package io.jobwatch.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class ErrorReportsTest {

    @Test
    void shouldPutTasksWithErrorsFirstAndKeepTheServicesOrderOtherwise() {
        List<Task> tasks = List.of(JobEvents.task("1"), JobEvents.task("2", "E9", "E1"), JobEvents.task("3"), JobEvents.task("4", "E0"));

        JobErrorReport report = ErrorReports.of(stopped(tasks));

        assertThat(report.getTasks()).extracting(Task::getTaskId).containsExactly("2", "4", "1", "3");
        assertThat(report.getTasks().get(0)).isEqualTo(tasks.get(1));
    }

    @Test
    void shouldTellEverythingOfTheStatusThatAReportHas() {
        JobStatus status = stopped(List.of(JobEvents.task("2", "E9")));

        JobErrorReport report = ErrorReports.of(status);

        for (Schema.Field field : report.getSchema().getFields()) {
            Object told = report.get(field.pos());
            assertThat(told).as(field.name()).isNotNull().isEqualTo(status.get(status.getSchema().getField(field.name()).pos()));
        }
    }

    /** A status in which no field is null. */
    private static JobStatus stopped(List<Task> tasks) {
        StateMachine machine = new StateMachine(Duration.ofDays(7));
        Outcome.Changed queued = (Outcome.Changed) machine.apply(null, JobEvents.event("7", JobState.QUEUED, 10_000));
        JobStateEvent failed = JobEvents.event("7", JobState.ERROR, 20_000);
        failed.setNativeReason("OutOfMemory");
        failed.setCreatedAt(Instant.ofEpochMilli(1));
        failed.setStartedAt(Instant.ofEpochMilli(2));
        failed.setEndedAt(Instant.ofEpochMilli(3));
        failed.setDetailsAvailable(true);
        failed.setTasks(tasks);
        return ((Outcome.Changed) machine.apply(queued.status(), failed)).status();
    }
}
