package io.jobwatch.source;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds in the body of an error answer the words that are meant for people. */
final class ServiceMessage {

    /** OData 3 light and verbose, Azure and Kubernetes, MK.IO, Slurm, and what others commonly do; the first that is a text wins. */
    private static final List<String> PLACES = List.of("/odata.error/message/value", "/error/message/value", "/error/message",
            "/error/detail", "/errors/0/error", "/errors/0/description", "/message", "/detail", "/title", "/error_description", "/error");

    /** Enough for any error message; a larger body is not looked through for one. */
    private static final int LOOK_AT_BYTES = 64 * 1024;

    private static final Pattern TITLE = Pattern.compile("<title[^>]*>([^<]{1,300})", Pattern.CASE_INSENSITIVE);

    private ServiceMessage() {
    }

    /** {@return the message, unescaped and uncut, or an empty text} */
    static String in(byte[] body) {
        byte[] beginning = body.length > LOOK_AT_BYTES ? Arrays.copyOf(body, LOOK_AT_BYTES) : body;
        String text = new String(beginning, StandardCharsets.UTF_8).strip();
        if (looksLikeHtml(text)) {
            Matcher title = TITLE.matcher(text);
            return title.find() ? "an HTML page titled \"" + title.group(1).strip() + "\"" : "an HTML page";
        }
        if (!text.startsWith("{")) {
            return text;
        }
        try {
            JsonNode root = Json.MAPPER.readTree(beginning);
            return PLACES.stream().map(root::at).filter(JsonNode::isTextual).map(JsonNode::textValue).findFirst().orElse(text);
        } catch (IOException e) {
            return text; // not JSON after all: its beginning is what the operator can be shown
        }
    }

    static boolean looksLikeHtml(String text) {
        return text.startsWith("<");
    }
}
