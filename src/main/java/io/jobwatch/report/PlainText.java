package io.jobwatch.report;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Values of a service made fit for one line of text. A service that could send an escape sequence or a line end could forge what people
 * read.
 */
final class PlainText {

    private PlainText() {
    }

    /**
     * {@return the text with each control character (C0, DEL and C1) as {@code \n}, {@code \r}, {@code \t} or {@code \}{@code u00xx}; an
     * absent text is empty} A backslash stays as it is: this is for people, not to be parsed back.
     */
    static String line(String text) {
        if (text == null) {
            return "";
        }
        int first = firstControl(text);
        if (first == text.length()) {
            return text;
        }
        StringBuilder result = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int i = first; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> result.append("\\n");
                case '\r' -> result.append("\\r");
                case '\t' -> result.append("\\t");
                default -> {
                    if (Character.isISOControl(c)) {
                        result.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 0xf, 16));
                    } else {
                        result.append(c);
                    }
                }
            }
        }
        return result.toString();
    }

    /** {@return the time in ISO-8601, UTC, with milliseconds only when they are not zero; an absent time is empty} */
    static String time(Instant time) {
        return time == null ? "" : time.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static int firstControl(String text) {
        int i = 0;
        while (i < text.length() && !Character.isISOControl(text.charAt(i))) {
            i++;
        }
        return i;
    }
}
