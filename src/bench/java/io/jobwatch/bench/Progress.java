package io.jobwatch.bench;

import java.time.LocalTime;
import java.time.temporal.ChronoUnit;

/** Tells a waiting person how far it is, on standard error: standard output is for the tables. */
final class Progress {

    private Progress() {
    }

    static void note(String message) {
        System.err.println(LocalTime.now().truncatedTo(ChronoUnit.SECONDS) + " " + message);
    }
}
