package io.jobwatch.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.exceptions.Mark;

/** Everything wrong in one file, so that it can be told at once. */
final class Problems {
    private final Path file;
    private final List<String> found = new ArrayList<>();

    Problems(Path file) {
        this.file = file;
    }

    /**
     * @param place where it is; null for the file as a whole
     * @param key   the path of the key, such as {@code sources[0].name}; empty for the file as a whole
     */
    void add(Mark place, String key, String text) {
        String where = file + at(place) + ": " + (key.isEmpty() ? "" : key + ": ");
        // One line each, whatever the file holds.
        found.add((where + text).replaceAll("\\p{Cntrl}", " "));
    }

    /** {@return the line and column as people and editors count them} */
    static String at(Mark place) {
        return place == null ? "" : ":" + (place.getLine() + 1) + ":" + (place.getColumn() + 1);
    }

    /** @throws ConfigException if there are any, one a line */
    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new ConfigException(String.join("\n", found));
        }
    }
}
