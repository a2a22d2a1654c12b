package io.jobwatch.job;

import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.Task;
import io.jobwatch.registry.TrustedEvents;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Observations for tests, as the poller would publish them. */
public final class JobEvents {
    public static final String SOURCE = "encoder-eu";

    static {
        // Copies of events are made with their builders.
        TrustedEvents.allow();
    }

    private JobEvents() {
    }

    /** {@return a look at the first attempt of a job that shows this state} The service tells no times. */
    public static JobStateEvent event(String jobId, JobState state, long observedAtMillis) {
        JobStateEvent event = new JobStateEvent();
        event.setSource(SOURCE);
        event.setSourceType("ams-v2");
        event.setAccount("contoso");
        event.setLocation("westeurope");
        event.setJobId(jobId);
        event.setJobName("Encoding " + jobId);
        event.setAttempt(1);
        event.setState(state);
        event.setNativeState(state.name().toLowerCase(Locale.ROOT));
        event.setObservedAt(Instant.ofEpochMilli(observedAtMillis));
        event.setTasks(List.of());
        event.setAttributes(Map.of());
        return event;
    }

    /** {@return a task that failed with these error codes, in order; one that did not fail where there are none} */
    public static Task task(String taskId, String... codes) {
        Task task = new Task();
        task.setTaskId(taskId);
        task.setState(codes.length == 0 ? JobState.FINISHED : JobState.ERROR);
        task.setNativeState(task.getState().name());
        task.setErrors(Arrays.stream(codes).map(code -> new ErrorDetail(code, "it went wrong")).toList());
        return task;
    }
}
