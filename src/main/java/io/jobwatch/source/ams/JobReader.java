package io.jobwatch.source.ams;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.event.JobState;
import io.jobwatch.source.Bounds;
import io.jobwatch.source.ObservedJob;
import io.jobwatch.source.Printable;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a Job entity, strictly: from an entity that is wrong in one property the others are not believed either. */
final class JobReader {

    /** Kept under their own names; none of them makes an event. */
    private static final List<String> ATTRIBUTES = List.of("LastModified", "Priority", "TemplateId");

    private JobReader() {
    }

    static ObservedJob read(JsonNode entity) throws BadEntityException {
        if (!entity.isObject()) {
            throw new BadEntityException("expected an object, found " + shown(entity));
        }
        int number = number(entity, "State");
        JobState state = AmsStates.state(number);
        Optional<Instant> started = date(entity, "StartTime").filter(time -> AmsStates.begun(state));
        Optional<Instant> ended = date(entity, "EndTime").filter(time -> AmsStates.ended(state));
        Optional<String> name = text(entity, "Name").filter(text -> !text.isEmpty()).map(text -> Bounds.text(text, Bounds.NAME_CHARS));
        return new ObservedJob(id(entity), name, 1, state, AmsStates.nativeName(number), Optional.empty(), Optional.empty(),
                date(entity, "Created"), started, ended, false, List.of(), attributes(entity));
    }

    private static String id(JsonNode entity) throws BadEntityException {
        String id = text(entity, "Id").filter(text -> !text.isEmpty())
                .orElseThrow(() -> new BadEntityException("Id: expected the job's id, found none"));
        if (id.length() > Bounds.JOB_ID_CHARS) {
            throw new BadEntityException("Id: expected at most " + Bounds.JOB_ID_CHARS + " characters, found " + id.length());
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(id)) {
            throw new BadEntityException("Id: expected text, found half a surrogate pair in it");
        }
        return id;
    }

    private static int number(JsonNode entity, String property) throws BadEntityException {
        JsonNode value = entity.path(property);
        if (!value.canConvertToInt() || !value.canConvertToExactIntegral()) {
            throw new BadEntityException(property + ": expected a whole number, found " + shown(value));
        }
        return value.intValue();
    }

    private static Optional<String> text(JsonNode entity, String property) throws BadEntityException {
        JsonNode value = entity.path(property);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw new BadEntityException(property + ": expected a text, found " + shown(value));
        }
        return Optional.of(value.textValue());
    }

    private static Optional<Instant> date(JsonNode entity, String property) throws BadEntityException {
        Optional<String> text = text(entity, property);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(AmsDates.parse(text.get()));
        } catch (DateTimeException e) {
            throw new BadEntityException(property + ": expected a date, found \"" + Printable.quote(text.get()) + "\"");
        }
    }

    private static Map<String, String> attributes(JsonNode entity) {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (String name : ATTRIBUTES) {
            JsonNode value = entity.path(name);
            if (value.isValueNode() && !value.isNull()) {
                attributes.put(name, Bounds.text(value.asText(), Bounds.WORD_CHARS));
            }
        }
        return attributes;
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "none" : switch (value.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "a list";
            case STRING -> "the text \"" + Printable.quote(value.textValue()) + "\"";
            default -> Printable.quote(value.toString());
        };
    }
}
