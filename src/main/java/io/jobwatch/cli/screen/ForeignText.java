package io.jobwatch.cli.screen;

/**
 * Text that others chose, such as the names of jobs, made harmless: a terminal obeys control characters, and characters that nobody sees
 * or that turn the direction of writing make people read something else than what is there.
 */
public final class ForeignText {

    private ForeignText() {
    }

    /** {@return the text on one line, with what is not to be shown as {@code \n}, {@code \r}, {@code \t} or {@code \}{@code uxxxx}} */
    public static String line(String text) {
        int at = firstHidden(text);
        if (at == text.length()) {
            return text;
        }
        StringBuilder line = new StringBuilder(text.length() + 16).append(text, 0, at);
        while (at < text.length()) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> append(line, c);
            }
        }
        return line.toString();
    }

    /** {@return JSON with what is not to be shown escaped; line ends and tabs between its parts stay} It means the same as before. */
    public static String json(String json) {
        int at = firstHidden(json);
        if (at == json.length()) {
            return json;
        }
        StringBuilder result = new StringBuilder(json.length() + 16).append(json, 0, at);
        while (at < json.length()) {
            int c = json.codePointAt(at);
            at += Character.charCount(c);
            if (c == '\n' || c == '\r' || c == '\t') {
                result.append((char) c);   // within a text of JSON these are escaped already
            } else {
                append(result, c);
            }
        }
        return result.toString();
    }

    private static void append(StringBuilder result, int c) {
        if (!hidden(c)) {
            result.appendCodePoint(c);
            return;
        }
        for (char unit : Character.toChars(c)) {
            result.append(String.format("\\u%04x", (int) unit));
        }
    }

    private static int firstHidden(String text) {
        int at = 0;
        while (at < text.length() && !hidden(text.codePointAt(at))) {
            at += Character.charCount(text.codePointAt(at));
        }
        return at;
    }

    /**
     * Controls, separators of lines, lone surrogates and format characters, which are the bidirectional controls, invisible spaces and
     * tags. Persian and emoji need the joiners, and a soft hyphen does no harm.
     */
    private static boolean hidden(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE -> true;
            case Character.FORMAT -> c != 0x200c && c != 0x200d && c != 0xad;
            default -> false;
        };
    }
}
