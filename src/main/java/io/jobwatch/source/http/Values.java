package io.jobwatch.source.http;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.config.Pointers;
import io.jobwatch.source.Printable;
import java.util.Optional;

/** Finds values in an item. */
final class Values {
    private Values() {
    }

    /** {@return the first value that is there and not null} */
    static Optional<JsonNode> find(JsonNode item, Pointers where) {
        for (JsonPointer place : where.places()) {
            JsonNode value = item.at(place);
            if (!value.isMissingNode() && !value.isNull()) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    /**
     * {@return the text of a value; a number or truth value as it stands}
     *
     * @throws BadFieldException if it is a list or an object
     */
    static Optional<String> text(JsonNode item, String field, Pointers where) throws BadFieldException {
        Optional<JsonNode> value = find(item, where);
        if (value.isPresent() && value.get().isContainerNode()) {
            throw bad(field, where, "a single value", value.get());
        }
        return value.map(JsonNode::asText);
    }

    /** {@return what a value says to people, whatever it is; empty where there is none} */
    static String words(JsonNode item, Pointers where) {
        return find(item, where).map(value -> value.isContainerNode() ? value.toString() : value.asText()).orElse("");
    }

    /** {@return percent, where the value is a number; what is beyond 0 to 100 is taken for the nearer of them} */
    static Optional<Integer> percent(JsonNode item, Pointers where) {
        return find(item, where).map(value -> value.isNumber() ? value.doubleValue() : value.asDouble(Double.NaN))
                .filter(number -> !number.isNaN()).map(number -> (int) Math.max(0, Math.min(100, number)));
    }

    static BadFieldException bad(String field, Pointers where, String expected, JsonNode found) {
        return new BadFieldException(field + ": expected " + expected + " at " + where + ", found " + shown(found));
    }

    /** {@return what was found, for people} */
    static String shown(JsonNode value) {
        return value.isMissingNode() ? "nothing" : switch (value.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "a list";
            case STRING -> "the text \"" + Printable.quote(value.textValue()) + "\"";
            default -> Printable.quote(value.toString());
        };
    }
}
