package io.jobwatch.source.slurm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads the fields of a record in each shape that a version of the API gives them. */
final class Fields {

    /** Slurm's NO_VAL; the value after it is INFINITE. Some versions send them instead of null. */
    private static final long NO_VAL = 0xFFFF_FFFEL;

    private Fields() {
    }

    /** {@return the field's text; empty if it is absent, null or empty} */
    static Optional<String> text(JsonNode record, String field) throws MalformedRecordException {
        JsonNode value = record.path(field);
        if (isAbsent(value)) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw unexpected(field, "a text", value);
        }
        return Optional.of(value.textValue()).filter(text -> !text.isEmpty());
    }

    /**
     * {@return the field's whole number, zero or more; empty if it is absent, null, not set or infinite} From v0.0.39 a number may come as
     * {@code {"set": true, "infinite": false, "number": 5}}.
     */
    static OptionalLong number(JsonNode record, String field) throws MalformedRecordException {
        JsonNode value = record.path(field);
        if (value.isObject()) {
            if (!value.path("set").asBoolean(true) || value.path("infinite").asBoolean(false)) {
                return OptionalLong.empty();
            }
            value = value.path("number");
        }
        if (isAbsent(value)) {
            return OptionalLong.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw unexpected(field, "a whole number", value);
        }
        long number = value.longValue();
        return number == NO_VAL || number == NO_VAL + 1 ? OptionalLong.empty() : OptionalLong.of(number);
    }

    /** As {@link #number}, for what counts or names and so has 31 bits. */
    static Optional<Integer> smallNumber(JsonNode record, String field) throws MalformedRecordException {
        OptionalLong number = number(record, field);
        if (number.isEmpty()) {
            return Optional.empty();
        }
        // Below the largest, so that a restart count plus one is still a number.
        if (number.getAsLong() >= Integer.MAX_VALUE) {
            throw unexpected(field, "a number below " + Integer.MAX_VALUE, record.path(field));
        }
        return Optional.of((int) number.getAsLong());
    }

    static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    static MalformedRecordException unexpected(String field, String expected, JsonNode found) {
        return new MalformedRecordException(field + " must be " + expected + ", but is " + describe(found));
    }

    /** A foreign text may be long and may be anything: numbers are shown, of the others the kind. */
    private static String describe(JsonNode found) {
        if (found.isNumber()) {
            String digits = found.asText();
            return digits.length() > 40 ? "a number of " + digits.length() + " characters" : digits;
        }
        return found.getNodeType() == JsonNodeType.MISSING ? "not there" : "of type " + found.getNodeType().name().toLowerCase(Locale.ROOT);
    }
}
