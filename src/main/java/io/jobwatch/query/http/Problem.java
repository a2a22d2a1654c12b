package io.jobwatch.query.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * Why a request got no answer, as RFC 9457 wants it told. Thrown by routes.
 *
 * <p>The type is always {@code about:blank}: the status says what kind of problem it is, the detail and the extensions say the rest.
 */
final class Problem extends RuntimeException {
    static final String CONTENT_TYPE = "application/problem+json";
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Map<String, String> extensions;

    private Problem(int status, String detail, Map<String, String> extensions) {
        super(detail, null, false, false);
        this.status = status;
        this.extensions = new TreeMap<>(extensions);
    }

    static Problem of(int status, String detail) {
        return new Problem(status, detail, Map.of());
    }

    /** {@return the problem of a parameter that is not what it may be} */
    static Problem ofParameter(String name, String found, String allowed) {
        return new Problem(400, "the parameter " + name + " is \"" + found + "\", allowed is " + allowed,
                Map.of("parameter", name, "allowed", allowed));
    }

    /** {@return the problem of a header that is not what it may be} */
    static Problem ofHeader(String name, String wrong, String allowed) {
        return new Problem(400, "the header " + name + " is wrong: " + wrong, Map.of("parameter", name, "allowed", allowed));
    }

    /** {@return the problem of a parameter that the path does not take} */
    static Problem ofUnknownParameter(String name, String allowed) {
        return new Problem(400, "there is no parameter \"" + name + "\", allowed is " + allowed,
                Map.of("parameter", name, "allowed", allowed));
    }

    int status() {
        return status;
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
        return switch (status) {
            case 400 -> "Bad Request";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 414 -> "URI Too Long";
            case 421 -> "Misdirected Request";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 503 -> "Service Unavailable";
            default -> "Error " + status;
        };
    }
}
