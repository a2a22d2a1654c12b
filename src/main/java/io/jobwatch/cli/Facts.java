package io.jobwatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.cli.screen.Cell;
import io.jobwatch.cli.screen.Moments;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** Reads fields of answers as they are shown. A field that is not there, as in the answer of another version, is as good as null. */
final class Facts {

    private Facts() {
    }

    /** {@return the text, or empty where there is none} */
    static Optional<String> text(JsonNode object, String field) {
        return Optional.of(object.path(field)).filter(JsonNode::isTextual).map(JsonNode::asText).filter(text -> !text.isEmpty());
    }

    static Optional<Instant> time(JsonNode object, String field) {
        try {
            return text(object, field).map(Instant::parse);
        } catch (DateTimeException e) {
            return Optional.empty();   // a form of another version
        }
    }

    static Cell cell(JsonNode object, String field) {
        return text(object, field).map(Cell::of).orElse(Cell.NONE);
    }

    static Cell time(JsonNode object, String field, Function<Instant, String> form) {
        return time(object, field).map(form).map(Cell::of).orElse(Cell.NONE);
    }

    static Cell absolute(JsonNode object, String field) {
        return time(object, field, Moments::absolute);
    }

    static Cell progress(JsonNode object) {
        return object.path("progress").isNumber() ? Cell.of(object.path("progress").asInt() + " %") : Cell.NONE;
    }

    /** {@return a state; UNKNOWN where the answer tells none} */
    static Cell state(JsonNode object, String field) {
        return Cell.state(text(object, field).orElse("UNKNOWN"));
    }

    /** {@return the source, a slash and the job's id; the source alone where the answer is about no job} */
    static String key(JsonNode object) {
        return text(object, "source").orElse("?") + text(object, "jobId").map(id -> "/" + id).orElse("");
    }

    /** {@return source/jobId and the name, if there is one} */
    static String keyAndName(JsonNode object) {
        return key(object) + text(object, "jobName").map(name -> " (" + name + ")").orElse("");
    }
}
