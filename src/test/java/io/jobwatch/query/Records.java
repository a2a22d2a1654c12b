package io.jobwatch.query;

import io.jobwatch.event.AlertKind;
import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobAlert;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.SourceStatus;
import io.jobwatch.event.StateChange;
import io.jobwatch.event.Task;
import io.jobwatch.registry.TrustedEvents;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Records for views. */
public final class Records {
    public static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    static {
        TrustedEvents.allow();
    }

    private Records() {
    }

    public static JobStatus.Builder status(String source, String jobId, JobState state, Instant changedAt) {
        return JobStatus.newBuilder().setSource(source).setSourceType("ams-v2").setAccount("contoso").setJobId(jobId)
                .setJobName("Job " + jobId)
                .setState(state).setNativeState(state.name()).setObservedAt(changedAt).setStateSince(changedAt).setChangedAt(changedAt)
                .setFirstSeenAt(changedAt).setAttributes(Map.of()).setHistory(List.of(new StateChange(state, changedAt, 1)));
    }

    public static JobErrorReport.Builder report(String source, String jobId, Instant observedAt, String... codes) {
        List<ErrorDetail> errors = Arrays.stream(codes).map(code -> new ErrorDetail(code, "what went wrong")).toList();
        return JobErrorReport.newBuilder().setSource(source).setSourceType("ams-v2").setAccount("contoso").setJobId(jobId)
                .setState(JobState.ERROR)
                .setObservedAt(observedAt).setDetailsAvailable(true)
                .setTasks(List.of(Task.newBuilder().setTaskId("t1").setState(JobState.ERROR).setErrors(errors).build()));
    }

    /** @param jobId null for an alert about the source */
    public static JobAlert.Builder alert(String source, String jobId, AlertKind kind, boolean active, Instant detectedAt) {
        return JobAlert.newBuilder().setSource(source).setJobId(jobId).setKind(kind).setActive(active).setSince(detectedAt)
                .setDetectedAt(detectedAt).setMessage("look at it");
    }

    public static SourceStatus.Builder source(String name) {
        return SourceStatus.newBuilder().setSource(name).setSourceType("ams-v2").setUpdatedAt(NOON).setOwner("host-1")
                .setLastSuccessAt(NOON);
    }
}
