package io.jobwatch.source.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.config.HttpJsonOptions.ErrorFields;
import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobState;
import java.util.ArrayList;
import java.util.List;

/** Reads the errors of a job or task, leniently: why it failed must reach its report even if the service tells it badly. */
final class Errors {
    private Errors() {
    }

    /**
     * {@return the errors, uncut} Where no list of them is configured, what failed has one.
     *
     * @param nativeState the error's code where none is told
     * @param reason      its message where none is told
     */
    static List<ErrorDetail> of(JsonNode item, ErrorFields fields, JobState state, String nativeState, String reason) {
        if (fields.items().isEmpty()) {
            return state == JobState.ERROR ? List.of(error(item, fields, nativeState, reason)) : List.of();
        }
        JsonNode told = item.at(fields.items().get());
        List<ErrorDetail> errors = new ArrayList<>();
        if (told.isArray()) {
            told.forEach(each -> errors.add(error(each, fields, "", "")));
        } else if (!told.isMissingNode() && !told.isNull()) {
            errors.add(error(told, fields, "", ""));
        }
        return errors;
    }

    private static ErrorDetail error(JsonNode told, ErrorFields fields, String nativeState, String reason) {
        if (!told.isObject()) {
            return new ErrorDetail("", told.isValueNode() ? told.asText() : told.toString());
        }
        String code = Values.words(told, fields.code());
        String message = Values.words(told, fields.message());
        return new ErrorDetail(code.isEmpty() ? nativeState : code, message.isEmpty() ? reason : message);
    }
}
