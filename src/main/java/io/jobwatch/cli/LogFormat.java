package io.jobwatch.cli;

import java.util.Locale;
import java.util.Optional;

/** The form of the log's lines: {@code text} for people, {@code json} for what collects logs. */
final class LogFormat {
    /** What logback.xml goes by. */
    private static final String PROPERTY = "jobwatch.log.format";

    private LogFormat() {
    }

    /**
     * Sets the form before the first line is logged.
     *
     * @param wish the word, or null for text
     * @return what is wrong with the word, if anything
     */
    static Optional<String> choose(String wish) {
        String format = wish == null || wish.isBlank() ? "text" : wish.strip().toLowerCase(Locale.ROOT);
        if (!format.equals("text") && !format.equals("json")) {
            return Optional.of("JOBWATCH_LOG_FORMAT: expected text or json, found \"" + wish + "\"");
        }
        System.setProperty(PROPERTY, format);
        return Optional.empty();
    }

    /** {@return whether whatever this process says should be JSON, too} */
    static boolean json() {
        return "json".equals(System.getProperty(PROPERTY));
    }
}
