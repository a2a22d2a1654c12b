package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.topic.deadletter.DeadLetterReplay.Refused;
import io.jobwatch.topic.deadletter.DeadLetterReplay.Replayed;
import io.jobwatch.topic.deadletter.LetterId;
import io.jobwatch.topic.deadletter.Place;
import io.jobwatch.topic.deadletter.Refusal;
import io.jobwatch.topic.deadletter.Refusal.Reasoned;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ReplayReportTest {
    private final StringWriter printed = new StringWriter();

    /** With --all there may be millions. */
    @Test
    void shouldKeepNothingOfALetterOnceItIsPrinted() {
        ReplayReport report = new ReplayReport(new PrintWriter(printed), false, true, false);
        WeakReference<String> why = refuse(report);

        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            System.gc();
            return why.get() == null;
        });

        report.end();
        assertThat(printed.toString()).isEqualTo("left      0:7: cut at 3\nput back 0, left 1 (1 cut)\n");
    }

    @Test
    void shouldListAllLettersInJson() {
        ReplayReport report = new ReplayReport(new PrintWriter(printed), true, true, false);
        refuse(report);
        report.take(new Replayed(new LetterId(0, 8), new Place("events", 1, 2), Optional.of(new Place("events", 1, 3))));

        report.end();

        assertThat(printed.toString().replaceAll("\\s", "")).isEqualTo("{\"dryRun\":false,\"items\":["
                + "{\"id\":\"0:7\",\"outcome\":\"refused\",\"refusal\":\"CUT\",\"why\":\"cutat3\"},"
                + "{\"id\":\"0:8\",\"outcome\":\"replayed\",\"from\":{\"topic\":\"events\",\"partition\":1,\"offset\":2},"
                + "\"to\":{\"topic\":\"events\",\"partition\":1,\"offset\":3}}],\"replayed\":1,\"refused\":1}");
        assertThat(report.refused()).isEqualTo(1);
    }

    private static WeakReference<String> refuse(ReplayReport report) {
        String why = String.join(" ", "cut", "at", "3");
        report.take(new Refused(new LetterId(0, 7), new Reasoned(Refusal.CUT, why)));
        return new WeakReference<>(why);
    }
}
