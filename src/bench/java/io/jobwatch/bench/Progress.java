package io.jobwatch.bench;

import java.time.LocalTime;
import java.time.format.DateTimeFormatter;

/** Tells a waiting person how far it is, on standard error: standard output is for the tables. */
final class Progress {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private Progress() {
    }

    static void note(String message) {
        System.err.println(LocalTime.now().format(TIME) + " " + message);
    }
}
