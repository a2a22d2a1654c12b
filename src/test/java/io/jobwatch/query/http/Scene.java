package io.jobwatch.query.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.jobwatch.event.AlertKind;
import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobAlert;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.SourceStatus;
import io.jobwatch.event.StateChange;
import io.jobwatch.event.Task;
import io.jobwatch.query.FakeView;
import io.jobwatch.query.Records;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A night at three services, as an operator may find it: most is well, some jobs failed, one hangs, one service is down. */
final class Scene {
    private static final String[] FILMS = {"BigBuckBunny", "ElephantsDream", "Sintel", "TearsOfSteel", "CosmosLaundromat", "Spring",
        "AgentBarbershop", "CaminandesLlamigos", "GlassHalf", "TheDailyDweebs"};
    private static final String[][] ERRORS = {
        {"ErrorDownloadingInputAssetServiceFailure", "The storage account did not answer within 30 seconds."},
        {"ErrorProcessingTask", "The input is malformed: no video track was found in the container."},
        {"ErrorExecutingTaskQuotaExceeded", "The account has used up its encoding units for this hour."}};

    private static final String DOWN = "https://render.example.net answered 503 Service Unavailable";

    private final Instant now;
    private final Random random = new Random(7);
    private final List<JobStatus> jobs = new ArrayList<>();
    private final List<JobErrorReport> failures = new ArrayList<>();
    private final List<JobAlert> alerts = new ArrayList<>();

    Scene(Instant now) {
        this.now = now.truncatedTo(ChronoUnit.SECONDS);
    }

    /** Fills the view. */
    Scene play(FakeView view) {
        for (int i = 0; i < 140; i++) {
            media(i);
        }
        for (int i = 0; i < 60; i++) {
            batch(i);
        }
        JobStatus hanging = jobs.stream().filter(job -> job.getState() == JobState.PROCESSING && job.getSource().equals("encoder-eu"))
                .findFirst()
                .orElseThrow();
        hanging.setStuckAlertedAt(ago(1_500));
        hanging.setStateSince(ago(44_700));
        hanging.setChangedAt(ago(44_698));
        hanging.setObservedAt(ago(41_300));
        hanging.setProgress(12);
        hanging.setPreviousState(JobState.QUEUED);
        hanging.setSequence(2);
        hanging.setCreatedAt(ago(44_901));
        hanging.setStartedAt(ago(44_700));
        hanging.setFirstSeenAt(ago(44_899));
        hanging.setHistory(List.of(new StateChange(JobState.QUEUED, ago(44_900), 1), new StateChange(JobState.PROCESSING, ago(44_700), 1)));
        alerts.add(JobAlert.newBuilder().setSource("encoder-eu").setJobId(hanging.getJobId()).setJobName(hanging.getJobName())
                .setKind(AlertKind.STUCK)
                .setActive(true).setState(JobState.PROCESSING).setSince(ago(44_700)).setDetectedAt(ago(1_500))
                .setMessage("Processing since " + ago(44_700) + ", longer than 12h").build());
        alerts.add(JobAlert.newBuilder().setSource("render-farm").setKind(AlertKind.SOURCE_DOWN).setActive(true).setSince(ago(900))
                .setDetectedAt(ago(590)).setMessage("no successful look since " + ago(900) + "; 6 failed in a row: " + DOWN).build());
        jobs.forEach(view::put);
        failures.forEach(view::put);
        view.put(Records.source("encoder-eu").setAccount("contoso").setLocation("westeurope").setUpdatedAt(ago(4)).setLastPollAt(ago(2))
                .setLastSuccessAt(ago(2)).setNextPollAt(now.plusMillis(500)).setPollIntervalMillis(2_500).setLagMillis(12).setJobsSeen(140)
                .setJobsActive(23).setStatesMissed(18).setOwner("jobwatch-1").build());
        view.put(Records.source("hpc-cluster").setSourceType("slurm").setAccount("hpc-1").setUpdatedAt(ago(9)).setLastPollAt(ago(8))
                .setLastSuccessAt(ago(8)).setNextPollAt(now.plusSeconds(2)).setPollIntervalMillis(10_000).setLagMillis(3).setJobsSeen(60)
                .setJobsActive(14).setStatesMissed(2).setOwner("jobwatch-2").build());
        view.put(Records.source("render-farm").setSourceType("http-json").setAccount("studio").setUpdatedAt(ago(6)).setLastPollAt(ago(7))
                .setLastSuccessAt(ago(900)).setNextPollAt(now.plusSeconds(53)).setPollIntervalMillis(5_000).setFailuresInRow(17)
                .setFailure(DOWN).setOwner("jobwatch-1").build());
        alerts.forEach(view::put);
        return this;
    }

    /** {@return a job that failed at its second attempt, with all that can be told of one} */
    JobStatus failed(FakeView view, FakeApi api) {
        List<Task> tasks = List.of(task("1", "Adaptive bitrate", JobState.ERROR, ERRORS[0]), task("2", "Thumbnails", JobState.FINISHED));
        List<StateChange> history = List.of(new StateChange(JobState.QUEUED, ago(5_400), 1),
                new StateChange(JobState.SCHEDULED, ago(5_160), 1),
                new StateChange(JobState.PROCESSING, ago(5_100), 1), new StateChange(JobState.ERROR, ago(3_700), 1),
                new StateChange(JobState.QUEUED, ago(3_000), 2), new StateChange(JobState.PROCESSING, ago(2_400), 2),
                new StateChange(JobState.ERROR, ago(240), 2));
        JobStatus job = Records.status("encoder-eu", "nb:jid:UUID:f3c43f94-327f-2347-90bb-3bf79f8559f1", JobState.ERROR, ago(238))
                .setJobName("Encoding BigBuckBunny 4K").setAttempt(2).setStateSince(ago(240)).setLocation("westeurope")
                .setCreatedAt(ago(5_400))
                .setStartedAt(ago(2_400)).setEndedAt(ago(240)).setPreviousState(JobState.PROCESSING).setDetailsAvailable(true)
                .setTasks(tasks).setSequence(7).setHistory(history).setFirstSeenAt(ago(5_399)).setNativeState("3")
                .setAttributes(Map.of("priority", "10", "template", "h264-adaptive-4k")).build();
        JobErrorReport report = JobErrorReport.newBuilder().setSource(job.getSource()).setSourceType("ams-v2").setAccount("contoso")
                .setLocation("westeurope").setJobId(job.getJobId()).setJobName(job.getJobName()).setAttempt(2).setState(JobState.ERROR)
                .setPreviousState(JobState.PROCESSING).setStartedAt(ago(2_400)).setEndedAt(ago(240)).setObservedAt(ago(238))
                .setDetailsAvailable(true).setTasks(tasks).build();
        view.put(job);
        view.put(report);
        view.put(JobErrorReport.newBuilder(report).setAttempt(1).setObservedAt(ago(3_699)).build());
        api.answer("/api/v1/jobs/encoder-eu/nb%3Ajid%3AUUID%3Af3c43f94-327f-2347-90bb-3bf79f8559f1/explain", context -> explanation(job));
        return job;
    }

    private byte[] explanation(JobStatus job) {
        return FakeApi.object(json -> {
            json.writeStringField("source", job.getSource());
            json.writeStringField("jobId", job.getJobId());
            json.writeStringField("topic", "jobwatch.job-state-events");
            json.writeNumberField("partition", 3);
            json.writeNumberField("firstOffset", 0);
            json.writeNumberField("readTo", 48_210);
            json.writeNumberField("endOffset", 48_210);
            json.writeBooleanField("complete", false);
            json.writeNumberField("leftOut", 0);
            json.writeArrayFieldStart("notes");
            json.writeString("The observation that discovered the job is not in the topic.");
            json.writeEndArray();
            json.writeArrayFieldStart("observations");
            observation(json, job, 41_007, JobState.PROCESSING, "CHANGED", "QUEUED was followed by PROCESSING, a jump over SCHEDULED");
            observation(json, job, 41_950, JobState.PROCESSING, "REFRESHED", "the same state; the progress went from 40 to 50");
            observation(json, job, 44_310, JobState.QUEUED, "DROPPED", "QUEUED after PROCESSING in the same attempt is a stale read");
            observation(json, job, 48_201, JobState.ERROR, "CHANGED", "PROCESSING was followed by ERROR, a direct edge");
            json.writeEndArray();
        });
    }

    private void observation(JsonGenerator json, JobStatus job, long offset, JobState state, String type, String why) throws IOException {
        json.writeStartObject();
        json.writeStringField("topic", "jobwatch.job-state-events");
        json.writeNumberField("partition", 3);
        json.writeNumberField("offset", offset);
        json.writeStringField("writtenAt", ago(2_400 - (offset - 41_007) / 4).toString());
        json.writeFieldName("seen");
        Json.writeRecord(json, JobStateEvent.newBuilder().setSource(job.getSource()).setJobId(job.getJobId()).setAttempt(2).setState(state)
                .setNativeState(state.name()).setObservedAt(now).setAttributes(Map.of()).build());
        json.writeObjectFieldStart("decision");
        json.writeStringField("type", type);
        if (type.equals("CHANGED")) {
            boolean jump = state == JobState.PROCESSING;
            json.writeStringField("kind", "ADVANCED");
            json.writeStringField("previousState", jump ? "QUEUED" : "PROCESSING");
            json.writeStringField("currentState", state.name());
            json.writeArrayFieldStart("skippedStates");
            if (jump) {
                json.writeString("SCHEDULED");
            }
            json.writeEndArray();
            json.writeNumberField("sequence", jump ? 6 : 7);
        } else if (type.equals("DROPPED")) {
            json.writeStringField("reason", "BACKWARD");
            json.writeBooleanField("kept", false);
        }
        json.writeEndObject();
        json.writeBooleanField("certain", offset != 41_007);
        json.writeStringField("why", why);
        json.writeEndObject();
    }

    private void media(int i) {
        JobState state = i < 6 ? JobState.QUEUED : i < 9 ? JobState.SCHEDULED : i < 22 ? JobState.PROCESSING : i == 22 ? JobState.CANCELING
                : i % 9 == 0 ? JobState.ERROR : i % 31 == 0 ? JobState.CANCELED : JobState.FINISHED;
        String id = "nb:jid:UUID:" + hex(4) + "-" + hex(2) + "-" + hex(2) + "-" + hex(2) + "-" + hex(6);
        Instant changed = ago(random.nextInt(state == JobState.FINISHED ? 20_000 : 3_000) + 3L);
        JobStatus.Builder job = Records.status("encoder-eu", id, state, changed)
                .setJobName("Encoding " + FILMS[random.nextInt(FILMS.length)])
                .setProgress(state == JobState.PROCESSING ? random.nextInt(95) : null);
        if (state == JobState.ERROR) {
            Task task = task("1", "Adaptive bitrate", JobState.ERROR, ERRORS[random.nextInt(5) % 3]);
            job.setDetailsAvailable(true).setTasks(List.of(task));
            failures.add(failure("encoder-eu", "ams-v2", "contoso", id, job.getJobName(), changed, task));
        }
        jobs.add(job.build());
    }

    private void batch(int i) {
        JobState state = i < 4 ? JobState.QUEUED : i < 14 ? JobState.PROCESSING : i % 13 == 0 ? JobState.ERROR : JobState.FINISHED;
        Instant changed = ago(random.nextInt(9_000) + 5L);
        String id = (412_300 + i / 20) + "_" + i % 20;
        JobStatus.Builder job = Records.status("hpc-cluster", id, state, changed).setSourceType("slurm").setAccount("hpc-1")
                .setJobName("cfd-wing-sweep");
        if (state == JobState.ERROR) {
            Task task = task("0", "batch", JobState.ERROR, "OUT_OF_MEMORY", "The step used more memory than its limit of 32 GiB.");
            job.setDetailsAvailable(true).setTasks(List.of(task));
            failures.add(failure("hpc-cluster", "slurm", "hpc-1", id, "cfd-wing-sweep", changed, task));
        }
        jobs.add(job.build());
    }

    private static JobErrorReport failure(String source, String type, String account, String id, String name, Instant at, Task task) {
        return JobErrorReport.newBuilder().setSource(source).setSourceType(type).setAccount(account).setJobId(id).setJobName(name)
                .setState(JobState.ERROR).setObservedAt(at).setDetailsAvailable(true).setTasks(List.of(task)).build();
    }

    private Task task(String id, String name, JobState state, String... error) {
        return Task.newBuilder().setTaskId("nb:tid:UUID:" + id).setName(name).setState(state).setNativeState(state.name())
                .setStartedAt(ago(2_400))
                .setEndedAt(ago(241)).setErrors(error.length == 0 ? List.of() : List.of(new ErrorDetail(error[0], error[1]))).build();
    }

    private Instant ago(long seconds) {
        return now.minus(Duration.ofSeconds(seconds));
    }

    private String hex(int bytes) {
        byte[] drawn = new byte[bytes];
        random.nextBytes(drawn);
        return HexFormat.of().formatHex(drawn);
    }
}
