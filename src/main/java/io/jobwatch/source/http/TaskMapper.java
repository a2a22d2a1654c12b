package io.jobwatch.source.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.config.DateForm;
import io.jobwatch.config.HttpJsonOptions.StateTable;
import io.jobwatch.config.HttpJsonOptions.TaskFields;
import io.jobwatch.config.Pointers;
import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobState;
import io.jobwatch.event.Task;
import io.jobwatch.job.JobStates;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;

/**
 * Reads an item as a task, leniently: why a job failed must reach its report even if the service tells it badly, so that everything
 * readable is taken and nothing is refused. Texts are not cut here.
 */
final class TaskMapper {
    private final TaskFields fields;
    private final StateTable states;
    private final Dates dates;

    TaskMapper(TaskFields fields, StateTable states, DateForm dates) {
        this.fields = fields;
        this.states = states;
        this.dates = new Dates(dates);
    }

    Task read(JsonNode item) {
        if (!item.isObject()) {
            return new Task("", null, JobState.UNKNOWN, "", null, null, null,
                    List.of(new ErrorDetail("", "The service told this in the place of a task: " + item)));
        }
        String nativeState = Values.words(item, fields.state());
        JobState state = states.of(nativeState);
        String name = Values.words(item, fields.name());
        boolean begun = state != JobState.QUEUED && state != JobState.SCHEDULED;
        return new Task(Values.words(item, fields.id()), name.isEmpty() ? null : name, state, nativeState,
                Values.percent(item, fields.progress()).orElse(null),
                begun ? date(item, fields.started()) : null,
                JobStates.isTerminal(state) ? date(item, fields.ended()) : null,
                Errors.of(item, fields.error(), state, nativeState, ""));
    }

    private Instant date(JsonNode item, Pointers where) {
        try {
            return dates.parse(Values.words(item, where)).orElse(null);
        } catch (DateTimeException e) {
            return null; // an unreadable time must not cost the errors beside it
        }
    }
}
