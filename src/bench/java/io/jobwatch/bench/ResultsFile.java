package io.jobwatch.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A Markdown file whose results stand between marks: each is replaced by itself, the words around them stay. */
final class ResultsFile {

    private ResultsFile() {
    }

    /**
     * Replaces a result.
     *
     * @throws BenchException if the file has no place for it
     */
    static void replace(Path file, String section, String markdown) {
        String begin = "<!-- begin " + section + " -->\n";
        String end = "<!-- end " + section + " -->\n";
        try {
            String text = Files.readString(file);
            int from = text.indexOf(begin);
            int to = text.indexOf(end);
            if (from < 0 || to < from) {
                throw new BenchException(file + " has no place for the result: expected the lines " + begin.strip() + " and "
                        + end.strip());
            }
            Files.writeString(file, text.substring(0, from + begin.length()) + markdown + text.substring(to));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot record the result in " + file, e);
        }
    }
}
