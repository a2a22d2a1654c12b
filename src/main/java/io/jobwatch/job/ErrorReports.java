package io.jobwatch.job;

import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.Task;
import java.util.ArrayList;
import java.util.List;

/** Makes the report of a stop from the status at the stop. */
public final class ErrorReports {

    private ErrorReports() {
    }

    /** {@return the report of an attempt that is in ERROR or CANCELED; tasks with errors come first, each group in the service's order} */
    public static JobErrorReport of(JobStatus status) {
        return new JobErrorReport(status.getSource(), status.getSourceType(), status.getAccount(), status.getLocation(), status.getJobId(),
                status.getJobName(), status.getAttempt(), status.getState(), status.getPreviousState(), status.getNativeState(),
                status.getNativeReason(), status.getCreatedAt(), status.getStartedAt(), status.getEndedAt(), status.getObservedAt(),
                status.getDetailsAvailable(), errorsFirst(status.getTasks()));
    }

    private static List<Task> errorsFirst(List<Task> tasks) {
        List<Task> ordered = new ArrayList<>(tasks.size());
        for (Task task : tasks) {
            if (!task.getErrors().isEmpty()) {
                ordered.add(task);
            }
        }
        for (Task task : tasks) {
            if (task.getErrors().isEmpty()) {
                ordered.add(task);
            }
        }
        return ordered;
    }
}
