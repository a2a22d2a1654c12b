package io.jobwatch.source.ams;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.source.Bounds;
import io.jobwatch.source.Printable;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** Reads properties strictly: one that is there is of the right type, or the entity is a bad one. */
final class EntityProperties {
    private EntityProperties() {
    }

    static Optional<String> text(JsonNode entity, String property) throws BadEntityException {
        JsonNode value = entity.path(property);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw new BadEntityException(property + ": expected a text, found " + shown(value));
        }
        return Optional.of(value.textValue());
    }

    static Optional<Instant> date(JsonNode entity, String property) throws BadEntityException {
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

    static int number(JsonNode entity, String property) throws BadEntityException {
        JsonNode value = entity.path(property);
        if (!value.canConvertToInt() || !value.canConvertToExactIntegral()) {
            throw new BadEntityException(property + ": expected a whole number, found " + shown(value));
        }
        return value.intValue();
    }

    /** {@return the id itself, if it can be one: no part of it is ever cut} */
    static String checkedId(String property, String id) throws BadEntityException {
        if (id.length() > Bounds.JOB_ID_CHARS) {
            throw new BadEntityException(property + ": expected at most " + Bounds.JOB_ID_CHARS + " characters, found " + id.length());
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(id)) {
            throw new BadEntityException(property + ": expected text, found half a surrogate pair in it");
        }
        return id;
    }

    /** {@return a value for people} */
    static String shown(JsonNode value) {
        return value.isMissingNode() ? "none" : switch (value.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "a list";
            case STRING -> "the text \"" + Printable.quote(value.textValue()) + "\"";
            default -> Printable.quote(value.toString());
        };
    }
}
