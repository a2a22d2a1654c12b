package io.jobwatch.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The option that says for whom output is. */
final class OutputFormat {
    private static final JsonMapper MAPPER = new JsonMapper();
    /** JSON escapes the others. A terminal may obey these. */
    private static final Pattern CONTROLS = Pattern.compile("[\\x7f-\\x9f]");

    enum Format { TABLE, JSON }

    @Option(names = {"-o", "--output"}, paramLabel = "FORMAT", defaultValue = "table",
            description = "table (for people) or json (for scripts); default ${DEFAULT-VALUE}.")
    private Format format;

    boolean json() {
        return format == Format.JSON;
    }

    /** {@return the JSON, indented, as one that a terminal may be shown} */
    static String text(JsonNode json) {
        try {
            String text = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json);
            return CONTROLS.matcher(text).replaceAll(found -> String.format("\\\\u%04x", (int) found.group().charAt(0)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON can be written", e);
        }
    }
}
