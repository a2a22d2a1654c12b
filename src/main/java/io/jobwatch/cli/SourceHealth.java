package io.jobwatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.cli.screen.Cell;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with the polling of a source, by the rules of the console. */
final class SourceHealth {
    /** A source writes its status every 30 s at least. */
    private static final Duration SILENT = Duration.ofSeconds(100);
    private static final Duration SLOW = Duration.ofSeconds(60);

    private SourceHealth() {
    }

    /**
     * {@return a few words}
     *
     * @param source as the API tells it
     * @param now    by the clock of the server
     */
    static Cell of(JsonNode source, Instant now) {
        List<String> troubles = new ArrayList<>();
        int failures = source.path("failuresInRow").asInt();
        if (failures > 0) {
            troubles.add("failed x" + failures);
        }
        Duration interval = Duration.ofMillis(source.path("pollIntervalMillis").asLong());
        if (older(source, "updatedAt", SILENT.plus(interval), now)) {
            troubles.add("silent");   // no instance may be polling it
        } else if (failures == 0 && older(source, "lastSuccessAt", longer(SLOW, interval.multipliedBy(3)), now)) {
            troubles.add("late");
        }
        if (source.path("badItems").asInt() > 0) {
            troubles.add("bad items");
        }
        if (!troubles.isEmpty()) {
            return Cell.of(String.join(", ", troubles), failures > 0 ? Cell.Colour.BAD : Cell.Colour.WARNING);
        }
        return Facts.time(source, "lastSuccessAt").isPresent() ? Cell.of("ok", Cell.Colour.GOOD)
                : Cell.of("not polled yet", Cell.Colour.WARNING);
    }

    /** {@return whether there is such a time and it is longer ago} */
    private static boolean older(JsonNode source, String field, Duration age, Instant now) {
        return Facts.time(source, field).filter(time -> time.isBefore(now.minus(age))).isPresent();
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
