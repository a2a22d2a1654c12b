package io.jobwatch.source.ams;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobState;
import io.jobwatch.event.Task;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Reads a Task entity, leniently: why a job failed must reach its report even if the service tells it badly, so that everything readable is
 * taken and nothing is refused. Texts are not cut here.
 */
final class TaskReader {
    private TaskReader() {
    }

    static Task read(JsonNode entity) {
        JsonNode number = entity.path("State");
        boolean known = number.canConvertToInt() && number.canConvertToExactIntegral();
        JobState state = known ? AmsStates.state(number.intValue()) : JobState.UNKNOWN;
        String nativeState = known ? AmsStates.nativeName(number.intValue()) : text(number);
        return new Task(text(entity.path("Id")),
                text(entity.path("Name")).isEmpty() ? null : text(entity.path("Name")),
                state, nativeState,
                percent(entity.path("Progress")),
                AmsStates.begun(state) ? date(entity.path("StartTime")) : null,
                AmsStates.ended(state) ? date(entity.path("EndTime")) : null,
                errors(entity));
    }

    /** {@return how far the tasks are on average; empty where none of them tells} */
    static Optional<Integer> progress(List<Task> tasks) {
        OptionalDouble mean = tasks.stream().map(Task::getProgress).filter(Objects::nonNull).mapToInt(Integer::intValue).average();
        return mean.isPresent() ? Optional.of((int) mean.getAsDouble()) : Optional.empty();
    }

    /** {@return 0 to 100, or null where none is told} */
    static Integer percent(JsonNode value) {
        return value.isNumber() ? (int) Math.max(0, Math.min(100, value.doubleValue())) : null;
    }

    private static List<ErrorDetail> errors(JsonNode entity) {
        if (!entity.isObject()) {
            return List.of(new ErrorDetail("", "The service told this in the place of a task: " + text(entity)));
        }
        // A collection is a list in the light shape, and {"results":[…]} in the verbose one.
        JsonNode details = entity.path("ErrorDetails");
        List<ErrorDetail> errors = new ArrayList<>();
        for (JsonNode detail : details.isObject() ? details.path("results") : details) {
            errors.add(detail.isObject()
                    ? new ErrorDetail(text(detail.path("Code")), text(detail.path("Message")))
                    : new ErrorDetail("", text(detail)));
        }
        return errors;
    }

    /** {@return whatever is told, as text; empty where nothing is} */
    static String text(JsonNode value) {
        return value.isMissingNode() || value.isNull() ? "" : value.isValueNode() ? value.asText() : value.toString();
    }

    /** {@return the date, or null where there is none that can be read} */
    static Instant date(JsonNode value) {
        try {
            return value.isTextual() ? AmsDates.parse(value.textValue()) : null;
        } catch (DateTimeException e) {
            return null; // an unreadable time must not cost the errors beside it
        }
    }
}
