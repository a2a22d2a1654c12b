package io.jobwatch.source.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.config.HttpJsonOptions;
import io.jobwatch.config.HttpJsonOptions.JobFields;
import io.jobwatch.config.Pointers;
import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobState;
import io.jobwatch.event.Task;
import io.jobwatch.job.JobStates;
import io.jobwatch.job.StatePath;
import io.jobwatch.source.Bounds;
import io.jobwatch.source.JobBounds;
import io.jobwatch.source.ObservedJob;
import io.jobwatch.source.Printable;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads an item as a job, strictly: from an item that is wrong in one field the others are not believed either. Immutable. */
final class JobMapper {

    /**
     * A job and when it changed last.
     *
     * @param changed where the service is read as a feed
     */
    record Mapped(ObservedJob job, Optional<Instant> changed) {
    }

    private final HttpJsonOptions options;
    private final Dates dates;
    private final String statesGiven;

    JobMapper(HttpJsonOptions options) {
        this.options = options;
        this.dates = new Dates(options.dates());
        this.statesGiven = options.states().given().stream().map(JobState::name).collect(Collectors.joining(" "));
    }

    Mapped read(JsonNode item) throws BadFieldException {
        if (!item.isObject()) {
            throw new BadFieldException("expected an object, found " + Values.shown(item));
        }
        JobFields fields = options.fields();
        String id = id(item, fields.id());
        String nativeState = Values.text(item, "state", fields.state()).filter(text -> !text.isEmpty())
                .orElseThrow(() -> new BadFieldException("state: expected a text at " + fields.state() + ", found nothing"));
        JobState state = options.states().of(nativeState);
        boolean begun = state != JobState.QUEUED && state != JobState.SCHEDULED;
        Optional<String> name = Values.text(item, "name", fields.name()).filter(text -> !text.isEmpty());
        Optional<String> reason = Values.text(item, "reason", fields.reason()).filter(text -> !text.isEmpty());
        Optional<Instant> started = date(item, "started", fields.started()).filter(time -> begun);
        Optional<Instant> ended = date(item, "ended", fields.ended()).filter(time -> JobStates.isTerminal(state));
        boolean complete = options.tasks().isEmpty();
        List<Task> tasks = List.of();
        if (complete && JobStates.isStopped(state)) {
            List<ErrorDetail> errors = Errors.of(item, fields.error(), state, nativeState, reason.orElse(""));
            tasks = List.of(new Task(id, name.orElse(null), state, nativeState, null, started.orElse(null), ended.orElse(null), errors));
        }
        ObservedJob job = new ObservedJob(id, name, attempt(item, fields.attempt()), state, nativeState, reason,
                Values.percent(item, fields.progress()), date(item, "created", fields.created()), started, ended, complete, tasks,
                attributes(item, fields.attributes()));
        return new Mapped(JobBounds.of(job), date(item, "changed", fields.changed()));
    }

    private static String id(JsonNode item, Pointers where) throws BadFieldException {
        String id = Values.text(item, "id", where).filter(text -> !text.isEmpty())
                .orElseThrow(() -> new BadFieldException("id: expected the job's id at " + where + ", found nothing"));
        if (id.length() > Bounds.JOB_ID_CHARS) {
            throw new BadFieldException("id: expected at most " + Bounds.JOB_ID_CHARS + " characters, found " + id.length());
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(id)) {
            throw new BadFieldException("id: expected text, found half a surrogate pair in it");
        }
        if (id.equals(".") || id.equals("..")) {
            throw new BadFieldException("id: expected one that can stand in a path, found \"" + id + "\"");
        }
        return id;
    }

    private static int attempt(JsonNode item, Pointers where) throws BadFieldException {
        Optional<JsonNode> value = Values.find(item, where);
        if (value.isEmpty()) {
            return 1;
        }
        String text = value.get().isContainerNode() ? "" : value.get().asText();
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw Values.bad("attempt", where, "a whole number from 1 on", value.get());
        }
        return Integer.parseInt(text);
    }

    private Optional<Instant> date(JsonNode item, String field, Pointers where) throws BadFieldException {
        Optional<String> text = Values.text(item, field, where);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return dates.parse(text.get());
        } catch (DateTimeException e) {
            throw new BadFieldException(field + ": expected a date in the form of the source's dates at " + where + ", found \""
                    + Printable.quote(text.get()) + "\"");
        }
    }

    private Map<String, String> attributes(JsonNode item, Map<String, Pointers> where) {
        Map<String, String> attributes = new HashMap<>();
        attributes.put(StatePath.STATES_ATTRIBUTE, statesGiven);
        where.forEach((name, places) -> Values.find(item, places).filter(JsonNode::isValueNode)
                .ifPresent(value -> attributes.put(name, value.asText())));
        return attributes;
    }
}
