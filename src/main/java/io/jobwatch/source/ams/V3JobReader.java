package io.jobwatch.source.ams;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.event.JobState;
import io.jobwatch.event.Task;
import io.jobwatch.source.JobBounds;
import io.jobwatch.source.ObservedJob;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a job of the v3 API, strictly but for its outputs: from one that is wrong in a property the others are not believed either. */
final class V3JobReader {

    /** Kept under their own names; none of them makes an event. */
    private static final List<String> ATTRIBUTES = List.of("lastModified", "priority");

    private V3JobReader() {
    }

    /** @param transform the transform in whose list the job is */
    static ObservedJob read(JsonNode entity, String transform) throws BadEntityException {
        if (!entity.isObject()) {
            throw new BadEntityException("expected an object, found " + EntityProperties.shown(entity));
        }
        String name = EntityProperties.text(entity, "name").filter(V3JobId::isName)
                .orElseThrow(() -> new BadEntityException("name: expected a job's name, found "
                        + EntityProperties.shown(entity.path("name"))));
        String jobId = EntityProperties.checkedId("name", new V3JobId(transform, name).text());
        JsonNode properties = entity.path("properties");
        if (!properties.isObject()) {
            throw new BadEntityException("properties: expected an object, found " + EntityProperties.shown(properties));
        }
        String nativeState = EntityProperties.text(properties, "state").filter(text -> !text.isEmpty())
                .orElseThrow(() -> new BadEntityException("state: expected the job's state, found none"));
        JobState state = AmsStates.state(nativeState);
        Optional<Instant> started = EntityProperties.date(properties, "startTime").filter(time -> AmsStates.begun(state));
        Optional<Instant> ended = EntityProperties.date(properties, "endTime").filter(time -> AmsStates.ended(state));
        // A list that leaves the outputs out says nothing of them.
        boolean outputsTold = properties.path("outputs").isArray();
        List<Task> tasks = outputsTold ? OutputReader.read(properties.path("outputs")) : List.of();
        return JobBounds.of(new ObservedJob(jobId, Optional.of(name), 1, state, nativeState, Optional.empty(), TaskReader.progress(tasks),
                EntityProperties.date(properties, "created"), started, ended, outputsTold, tasks, attributes(properties, transform)));
    }

    private static Map<String, String> attributes(JsonNode properties, String transform) {
        Map<String, String> attributes = new HashMap<>();
        attributes.put("transform", transform);
        ATTRIBUTES.forEach(name -> put(attributes, name, properties.path(name)));
        properties.path("correlationData").properties()
                .forEach(entry -> put(attributes, "correlationData." + entry.getKey(), entry.getValue()));
        return attributes;
    }

    private static void put(Map<String, String> attributes, String name, JsonNode value) {
        if (value.isValueNode() && !value.isNull()) {
            attributes.put(name, value.asText());
        }
    }
}
