package io.jobwatch.query.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpStatus;

/**
 * Why a request got no answer, as RFC 9457 wants it told. Thrown by routes.
 *
 * <p>The type is always {@code about:blank}: the status says what kind of problem it is, the detail and the extensions say the rest.
 */
final class Problem extends RuntimeException {
    static final String CONTENT_TYPE = "application/problem+json";
    private static final long serialVersionUID = 1L;

    private final int status;
    private final int retryAfter;
    private final transient Map<String, String> extensions;

    private Problem(int status, String detail, int retryAfter, Map<String, String> extensions) {
        super(detail, null, false, false);
        this.status = status;
        this.retryAfter = retryAfter;
        this.extensions = new TreeMap<>(extensions);
    }

    static Problem of(int status, String detail) {
        return new Problem(status, detail, 0, Map.of());
    }

    /** {@return the problem of an answer that cannot be given now, and after how many seconds to ask again} */
    static Problem unavailable(String detail, int retryAfter) {
        return new Problem(503, detail, retryAfter, Map.of());
    }

    /** {@return the problem of a parameter that is not what it may be} */
    static Problem ofParameter(String name, String found, String allowed) {
        return new Problem(400, "the parameter " + name + " is \"" + found + "\", allowed is " + allowed, 0,
                Map.of("parameter", name, "allowed", allowed));
    }

    /** {@return the problem of a header that is not what it may be} */
    static Problem ofHeader(String name, String wrong, String allowed) {
        return new Problem(400, "the header " + name + " is wrong: " + wrong, 0, Map.of("parameter", name, "allowed", allowed));
    }

    /** {@return the problem of a parameter that the path does not take} */
    static Problem ofUnknownParameter(String name, String allowed) {
        return new Problem(400, "there is no parameter \"" + name + "\", allowed is " + allowed, 0,
                Map.of("parameter", name, "allowed", allowed));
    }

    int status() {
        return status;
    }

    /** {@return the value of the header {@code Retry-After}; empty for none} */
    Optional<String> retryAfter() {
        return retryAfter == 0 ? Optional.empty() : Optional.of(Integer.toString(retryAfter));
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "about:blank");
        json.writeStringField("title", title(status));
        json.writeNumberField("status", status);
        json.writeStringField("detail", getMessage());
        for (Map.Entry<String, String> extension : extensions.entrySet()) {
            json.writeStringField(extension.getKey(), extension.getValue());
        }
        json.writeEndObject();
    }

    private static String title(int status) {
        return status == 500 ? "Internal Server Error" : HttpStatus.getMessage(status); // Jetty's word for 500 is its own
    }
}
