package io.jobwatch.source.ams;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.event.JobState;
import io.jobwatch.source.Bounds;
import io.jobwatch.source.ObservedJob;
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
            throw new BadEntityException("expected an object, found " + EntityProperties.shown(entity));
        }
        int number = EntityProperties.number(entity, "State");
        JobState state = AmsStates.state(number);
        Optional<Instant> started = EntityProperties.date(entity, "StartTime").filter(time -> AmsStates.begun(state));
        Optional<Instant> ended = EntityProperties.date(entity, "EndTime").filter(time -> AmsStates.ended(state));
        Optional<String> name = EntityProperties.text(entity, "Name").filter(text -> !text.isEmpty())
                .map(text -> Bounds.text(text, Bounds.NAME_CHARS));
        return new ObservedJob(id(entity), name, 1, state, AmsStates.nativeName(number), Optional.empty(), Optional.empty(),
                EntityProperties.date(entity, "Created"), started, ended, false, List.of(), attributes(entity));
    }

    private static String id(JsonNode entity) throws BadEntityException {
        String id = EntityProperties.text(entity, "Id").filter(text -> !text.isEmpty())
                .orElseThrow(() -> new BadEntityException("Id: expected the job's id, found none"));
        return EntityProperties.checkedId("Id", id);
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
}
