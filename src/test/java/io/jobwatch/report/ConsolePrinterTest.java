package io.jobwatch.report;

import static io.jobwatch.report.Reports.report;
import static io.jobwatch.report.Reports.transition;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.jobwatch.config.ReportConfig.Console;
import io.jobwatch.event.JobState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ConsolePrinterTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
    private final ConsolePrinter full = new ConsolePrinter(Console.FULL, out);
    private final ConsolePrinter compact = new ConsolePrinter(Console.COMPACT, out);

    @ParameterizedTest
    @CsvSource({"QUEUED, Queued", "SCHEDULED, Scheduled", "PROCESSING, Processing", "CANCELING, Canceling"})
    void shouldAskToWaitWhileTheJobLives(JobState state, String label) {
        full.print(transition(JobState.QUEUED, state).build());

        assertThat(printed()).isEqualTo("Job state changed event:\n  Job: encoder-eu/nb:jid:1 (Encoding BigBuckBunny)\n"
                + "  Previous state: Queued\n  Current state: " + label + "\nPlease wait...\n\n");
    }

    @Test
    void shouldPrintDiscoveryWithAnEmptyPreviousState() {
        full.print(transition(null, JobState.QUEUED).build());

        assertThat(printed()).isEqualTo("Job state changed event:\n  Job: encoder-eu/nb:jid:1 (Encoding BigBuckBunny)\n"
                + "  Previous state: \n  Current state: Queued\nPlease wait...\n\n");
    }

    @Test
    void shouldPrintTheEndOfAFinishedJob() {
        full.print(transition(JobState.PROCESSING, JobState.FINISHED).build());

        assertThat(printed()).isEqualTo("""
                Job state changed event:
                  Job: encoder-eu/nb:jid:1 (Encoding BigBuckBunny)
                  Previous state: Processing
                  Current state: Finished

                ********************
                Job is finished.
                Please wait while local tasks or downloads complete...
                ********************


                """);
    }

    @Test
    void shouldPrintNothingMoreForAnUnknownState() {
        full.print(transition(null, JobState.UNKNOWN).setJobName(null).build());

        assertThat(printed()).isEqualTo(
                "Job state changed event:\n  Job: encoder-eu/nb:jid:1\n  Previous state: \n  Current state: Unknown\n");
    }

    @ParameterizedTest
    @EnumSource(value = JobState.class, names = {"ERROR", "CANCELED"})
    void shouldLeaveAStopToItsReport(JobState state) {
        full.print(transition(JobState.PROCESSING, state).build());
        compact.print(transition(JobState.PROCESSING, state).build());

        assertThat(printed()).isEmpty();
    }

    @Test
    void shouldPrintAStopWithItsReport() {
        full.print(report(JobState.ERROR).build());

        assertThat(printed()).isEqualTo("""
                Job state changed event:
                  Job: encoder-eu/nb:jid:UUID:f3c43f94-327f-2347-90bb-3bf79f8559f1 (Encoding BigBuckBunny)
                  Previous state: Processing
                  Current state: Error
                """ + ReportText.render(report(JobState.ERROR).build()));
    }

    @Test
    void shouldPrintOneLineATransitionWhenCompact() {
        compact.print(transition(null, JobState.QUEUED).build());
        compact.print(transition(JobState.QUEUED, JobState.FINISHED).setJobName(null)
                .setSkippedStates(List.of(JobState.SCHEDULED, JobState.PROCESSING)).build());

        assertThat(printed()).isEqualTo("2026-11-22T10:15:30Z encoder-eu/nb:jid:1 (Encoding BigBuckBunny) -> Queued\n"
                + "2026-11-22T10:15:30Z encoder-eu/nb:jid:1 Queued -> Finished (skipped Scheduled, Processing)\n");
    }

    @Test
    void shouldPrintReportsWholeWhenCompact() {
        compact.print(report(JobState.CANCELED).build());
        compact.print(report(JobState.CANCELED).setEndedAt(null).setObservedAt(Reports.STARTED).setPreviousState(null).build());

        String job = " encoder-eu/nb:jid:UUID:f3c43f94-327f-2347-90bb-3bf79f8559f1 (Encoding BigBuckBunny) ";
        String text = ReportText.render(report(JobState.CANCELED).build());
        assertThat(printed()).isEqualTo("2026-11-22T10:16:00.250Z" + job + "Processing -> Canceled\n" + text
                + "2026-11-22T10:15:30Z" + job + "-> Canceled\n" + text);
    }

    @Test
    void shouldNotLetAJobForgeLinesOrDriveTheTerminal() {
        full.print(transition(null, JobState.UNKNOWN).setJobId("1\nJob state").setJobName("\u001b]0;x\u0007").build());

        assertThat(printed()).startsWith("Job state changed event:\n  Job: encoder-eu/1\\nJob state (\\u001b]0;x\\u0007)\n");
    }

    @Test
    void shouldPrintNothingWhenOff() {
        ConsolePrinter off = new ConsolePrinter(Console.OFF, out);

        off.print(transition(null, JobState.QUEUED).build());
        off.print(report(JobState.ERROR).build());

        assertThat(printed()).isEmpty();
    }

    @Test
    void shouldNotMixTheBlocksOfTwoThreads() throws Exception {
        Callable<Void> printOften = () -> {
            for (int i = 0; i < 500; i++) {
                full.print(report(JobState.ERROR).build());
            }
            return null;
        };

        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (Future<Void> done : threads.invokeAll(List.of(printOften, printOften))) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }

        String all = printed();
        String block = all.substring(0, all.indexOf("Job state changed event:", 1));
        assertThat(all).isEqualTo(block.repeat(1000));
    }

    @Test
    void shouldPrintATransitionAsOneLineOfJson() {
        new ConsolePrinter(Console.JSON, out).print(transition(JobState.QUEUED, JobState.FINISHED).build());

        assertThat(printed()).endsWith("}\n").hasLineCount(1)
                .contains("\"jobwatch.job\":\"encoder-eu/nb:jid:1\"", "\"jobwatch.previous_state\":\"QUEUED\"",
                        "\"jobwatch.state\":\"FINISHED\"", "\"message\":\"encoder-eu/nb:jid:1 Queued -> Finished\"");
    }

    @Test
    void shouldKeepHostileTextInOneLineOfJson() throws IOException {
        String hostile = "a \"name\"\n{\"forged\":true}\u001b[31m \u2028\u0001 ü";

        new ConsolePrinter(Console.JSON, out).print(report(JobState.ERROR).setJobName(hostile).build());

        assertThat(printed()).hasLineCount(1).matches("\\p{ASCII}*");
        assertThat(new ObjectMapper().readTree(printed()).path("jobwatch.name").textValue()).isEqualTo(hostile);
        assertThat(new ObjectMapper().readTree(printed()).path("log.level").textValue()).isEqualTo("ERROR");
    }

    private String printed() {
        out.flush();
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
