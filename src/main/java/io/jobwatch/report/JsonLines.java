package io.jobwatch.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobTransition;
import io.jobwatch.event.Task;
import io.jobwatch.job.JobStates;
import io.jobwatch.log.LogContext;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;

/**
 * Changes of jobs as JSON, a line each, with the field names that the lines of the log have (Elastic Common Schema, ours under
 * {@code jobwatch.}), so that one search finds both by the job's key. ASCII alone, as nobody knows the console's character set.
 */
final class JsonLines {
    private static final JsonFactory FACTORY = JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private JsonLines() {
    }

    /** {@return the line of a change of state} */
    static String of(JobTransition transition) {
        return line(json -> {
            begin(json, transition.getOccurredAt(), "INFO", "job-transitions",
                    way(transition.getSource(), transition.getJobId(), transition.getPreviousState(), transition.getCurrentState()));
            job(json, transition.getSource(), transition.getJobId(), transition.getJobName(), transition.getAttempt());
            json.writeNumberField("jobwatch.sequence", transition.getSequence());
            states(json, transition.getPreviousState(), transition.getCurrentState(), transition.getNativeState());
            json.writeArrayFieldStart("jobwatch.skipped_states");
            for (JobState state : transition.getSkippedStates()) {
                json.writeString(state.name());
            }
            json.writeEndArray();
        });
    }

    /** {@return the line of a stop, with each error of each task, and the first in the fields that say so for one} */
    static String of(JobErrorReport report) {
        List<ErrorDetail> errors = report.getTasks().stream().flatMap(task -> task.getErrors().stream()).toList();
        return line(json -> {
            begin(json, report.getEndedAt() == null ? report.getObservedAt() : report.getEndedAt(),
                    report.getState() == JobState.ERROR ? "ERROR" : "WARN", "job-error-reports",
                    way(report.getSource(), report.getJobId(), report.getPreviousState(), report.getState())
                            + (errors.isEmpty() ? "" : ": " + errors.get(0).getCode() + ": " + errors.get(0).getMessage()));
            job(json, report.getSource(), report.getJobId(), report.getJobName(), report.getAttempt());
            states(json, report.getPreviousState(), report.getState(), report.getNativeState());
            optional(json, "jobwatch.account", report.getAccount());
            json.writeBooleanField("jobwatch.details_available", report.getDetailsAvailable());
            if (!errors.isEmpty()) {
                json.writeStringField("error.code", errors.get(0).getCode());
                json.writeStringField("error.message", errors.get(0).getMessage());
            }
            errors(json, report.getTasks());
        });
    }

    private static void errors(JsonGenerator json, List<Task> tasks) throws IOException {
        json.writeArrayFieldStart("jobwatch.errors");
        for (Task task : tasks) {
            for (ErrorDetail error : task.getErrors()) {
                json.writeStartObject();
                json.writeStringField("task", task.getTaskId());
                json.writeStringField("code", error.getCode());
                json.writeStringField("message", error.getMessage());
                json.writeEndObject();
            }
        }
        json.writeEndArray();
    }

    private static void begin(JsonGenerator json, Instant time, String level, String topic, String message) throws IOException {
        json.writeStringField("@timestamp", PlainText.time(time));
        json.writeStringField("log.level", level);
        json.writeStringField("message", message);
        json.writeStringField("service.name", "jobwatch");
        json.writeStringField("event.dataset", topic);
    }

    private static void job(JsonGenerator json, String source, String jobId, String name, int attempt) throws IOException {
        json.writeStringField(LogContext.SOURCE, source);
        json.writeStringField(LogContext.JOB, source + "/" + jobId);
        optional(json, "jobwatch.name", name);
        json.writeNumberField("jobwatch.attempt", attempt);
    }

    private static void states(JsonGenerator json, JobState previous, JobState current, String nativeState) throws IOException {
        optional(json, "jobwatch.previous_state", previous == null ? null : previous.name());
        json.writeStringField("jobwatch.state", current.name());
        json.writeStringField("jobwatch.native_state", nativeState);
    }

    private static void optional(JsonGenerator json, String name, String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    private static String way(String source, String jobId, JobState previous, JobState current) {
        return source + "/" + jobId + (previous == null ? "" : " " + JobStates.label(previous)) + " -> " + JobStates.label(current);
    }

    @FunctionalInterface
    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    private static String line(Fields fields) {
        StringWriter text = new StringWriter(512);
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return text.append('\n').toString();
    }
}
