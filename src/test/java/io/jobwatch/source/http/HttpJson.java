package io.jobwatch.source.http;

import io.jobwatch.config.ConfigLoader;
import io.jobwatch.config.SourceConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Sources of type http-json for tests, through the real reader of configurations. */
final class HttpJson {

    /** What all tests of one made-up service have in common. */
    static final String FIELDS = """
        fields: {id: /id, name: /name, state: /state, attempt: /attempt, created: /created, started: /started, ended: /ended,
                 progress: /progress, reason: /reason, attributes: {queue: /queue}%s}
        states: {waiting: QUEUED, running: PROCESSING, done: FINISHED, failed: ERROR, stopped: CANCELED}
        """;

    private HttpJson() {
    }

    /** @param options the source's own keys, as YAML, not indented */
    static SourceConfig config(URI url, String options) {
        String yaml = """
            sources:
              - name: any
                type: http-json
                url: %s
                auth: {type: bearer, token: "${TOKEN}"}
            """.formatted(url) + options.indent(4);
        return load(yaml, Map.of("TOKEN", "t0ken"));
    }

    static SourceConfig load(String yaml, Map<String, String> environment) {
        try {
            Path file = Files.createTempFile("jobwatch", ".yaml");
            try {
                Files.writeString(file, yaml);
                return ConfigLoader.load(file, environment::get).sources().get(0);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String sample(String name) {
        try (InputStream in = HttpJson.class.getResourceAsStream("/http-json/" + name)) {
            if (in == null) {
                throw new AssertionError("no such sample: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
