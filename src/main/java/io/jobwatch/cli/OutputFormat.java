package io.jobwatch.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jobwatch.cli.screen.ForeignText;
import picocli.CommandLine.Option;

/** The option that says for whom output is. */
final class OutputFormat {
    private static final JsonMapper MAPPER = new JsonMapper();

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
            return ForeignText.json(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON can be written", e);
        }
    }

    /** {@return the JSON on one line, as one that a terminal may be shown} */
    static String line(JsonNode json) {
        return ForeignText.json(json.toString());
    }
}
