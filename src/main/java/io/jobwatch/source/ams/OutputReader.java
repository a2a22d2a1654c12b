package io.jobwatch.source.ams;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobState;
import io.jobwatch.event.Task;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the outputs of a v3 job, which are its tasks, as leniently as {@link TaskReader}. Texts are not cut here. */
final class OutputReader {
    private OutputReader() {
    }

    /** {@return a task for each output, under its label, or its place (from 0) where it has none of its own} */
    static List<Task> read(JsonNode outputs) {
        List<Task> tasks = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (JsonNode output : outputs) {
            String label = TaskReader.text(output.path("label"));
            boolean own = !label.isBlank() && taken.add(label);
            tasks.add(task(output, own ? label : Integer.toString(tasks.size())));
        }
        return tasks;
    }

    private static Task task(JsonNode output, String taskId) {
        String nativeState = TaskReader.text(output.path("state"));
        JobState state = AmsStates.state(nativeState);
        String asset = TaskReader.text(output.path("assetName"));
        String label = TaskReader.text(output.path("label"));
        return new Task(taskId,
                !asset.isBlank() ? asset : !label.isBlank() ? label : null,
                state, nativeState,
                TaskReader.percent(output.path("progress")),
                AmsStates.begun(state) ? TaskReader.date(output.path("startTime")) : null,
                AmsStates.ended(state) ? TaskReader.date(output.path("endTime")) : null,
                errors(output));
    }

    /** The error of an output, then what it says in detail. */
    private static List<ErrorDetail> errors(JsonNode output) {
        if (!output.isObject()) {
            return List.of(new ErrorDetail("", "The service told this in the place of an output: " + TaskReader.text(output)));
        }
        JsonNode error = output.path("error");
        if (!error.isObject()) {
            String told = TaskReader.text(error);
            return told.isEmpty() ? List.of() : List.of(new ErrorDetail("", told));
        }
        List<ErrorDetail> errors = new ArrayList<>();
        if (!error.isEmpty()) {
            errors.add(new ErrorDetail(TaskReader.text(error.path("code")), message(error)));
        }
        for (JsonNode detail : error.path("details")) {
            errors.add(detail.isObject()
                    ? new ErrorDetail(TaskReader.text(detail.path("code")), TaskReader.text(detail.path("message")))
                    : new ErrorDetail("", TaskReader.text(detail)));
        }
        return errors;
    }

    /** What kind of error it is and whether to try again belongs into the report, which has no other place for it. */
    private static String message(JsonNode error) {
        List<String> parts = new ArrayList<>();
        for (String name : List.of("category", "retry")) {
            String told = TaskReader.text(error.path(name));
            if (!told.isEmpty()) {
                parts.add(name + ": " + told);
            }
        }
        String message = TaskReader.text(error.path("message"));
        String hint = parts.isEmpty() ? "" : "(" + String.join(", ", parts) + ")";
        return message.isEmpty() || hint.isEmpty() ? message + hint : message + " " + hint;
    }
}
