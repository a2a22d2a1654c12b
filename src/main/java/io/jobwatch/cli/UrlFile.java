package io.jobwatch.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Tells other programs of the machine where this instance answers: the file that {@code JOBWATCH_URL_FILE} in the environment names holds
 * its address and a line feed once the instance has started, {@code none} in its place where it listens nowhere, and {@code stopping} from
 * when it begins to end. Without the variable no file is written. The health check of the container image reads it.
 */
final class UrlFile {
    static final String VARIABLE = "JOBWATCH_URL_FILE";

    private UrlFile() {
    }

    /**
     * Writes the file.
     *
     * @return tells of the end
     * @throws CommandException if it cannot be written
     */
    static AutoCloseable write(Map<String, String> environment, Optional<URI> url) {
        String name = environment.get(VARIABLE);
        if (name == null || name.isEmpty()) {
            return () -> { };
        }
        Path file = Path.of(name);
        try {
            Files.writeString(file, url.map(URI::toString).orElse("none") + "\n");
        } catch (IOException e) {
            throw new CommandException("the address cannot be written to " + file + ", which " + VARIABLE + " names: " + e);
        }
        return () -> Files.writeString(file, "stopping\n");
    }
}
