package io.jobwatch.report;

import static io.jobwatch.report.Reports.error;
import static io.jobwatch.report.Reports.report;
import static io.jobwatch.report.Reports.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportTextTest {

    private static final String HEAD = """

            The job stopped due to cancellation or an error.
            ***************************
            Job ID: nb:jid:UUID:f3c43f94-327f-2347-90bb-3bf79f8559f1
            Job Name: Encoding BigBuckBunny
            Job State: Error
            Job started (server UTC time): 2026-11-22T10:15:30Z
            Media Services account name: contoso
            Media Services account location: westeurope
            """;
    private static final String DETAILS = "Error Details: \n";
    private static final String END = "***************************\n\n";

    @Test
    void shouldRenderAnError() {
        JobErrorReport report = report(JobState.ERROR)
                .setTasks(List.of(task("nb:tid:UUID:1", error("ErrorProcessingTask", "the input is malformed")))).build();

        assertThat(ReportText.render(report)).isEqualTo(HEAD + DETAILS
                + "  Task Id: nb:tid:UUID:1\n"
                + "    Error Code: ErrorProcessingTask\n"
                + "    Error Message: the input is malformed\n"
                + "\n"
                + END);
    }

    @Test
    void shouldRepeatTheTaskIdForEachErrorAndLeaveOutTasksWithoutErrors() {
        JobErrorReport report = report(JobState.ERROR)
                .setTasks(List.of(task("t1", error("A", "a"), error("B", "b")), task("t2"), task("t3", error("C", "")))).build();

        assertThat(ReportText.render(report)).isEqualTo(HEAD + DETAILS
                + "  Task Id: t1\n    Error Code: A\n    Error Message: a\n\n"
                + "  Task Id: t1\n    Error Code: B\n    Error Message: b\n\n"
                + "  Task Id: t3\n    Error Code: C\n    Error Message: \n\n"
                + END);
    }

    @Test
    void shouldKeepTheDetailsLineOfAnErrorWithoutErrors() {
        assertThat(ReportText.render(report(JobState.ERROR).build())).isEqualTo(HEAD + DETAILS + END);
    }

    @Test
    void shouldSayThatDetailsCouldNotBeRead() {
        assertThat(ReportText.render(report(JobState.ERROR).setDetailsAvailable(false).build()))
                .isEqualTo(HEAD + DETAILS + "(details not available)\n" + END);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldRenderACancellationWithoutDetailsWhetherOrNotTheyWereRead(boolean detailsAvailable) {
        JobErrorReport report = report(JobState.CANCELED).setDetailsAvailable(detailsAvailable)
                .setTasks(List.of(task("t1", error("A", "a")))).build();

        assertThat(ReportText.render(report)).isEqualTo(HEAD.replace("Job State: Error", "Job State: Canceled") + END);
    }

    @Test
    void shouldLeaveAbsentValuesEmpty() {
        JobErrorReport report = report(JobState.CANCELED).setJobName(null).setStartedAt(null).setAccount("").setLocation(null).build();

        assertThat(ReportText.render(report))
                .contains("Job Name: \n", "Job started (server UTC time): \n", "Media Services account name: \n",
                "Media Services account location: \n");
    }

    @ParameterizedTest
    @CsvSource({"ams-v2, Media Services account", "ams-v3, Media Services account", "slurm, Account", "http-json, Account",
            "ams-v22, Account"})
    void shouldNameTheAccountAfterTheKindOfService(String sourceType, String expected) {
        String text = ReportText.render(report(JobState.CANCELED).setSourceType(sourceType).build());

        assertThat(text).contains("\n" + expected + " name: contoso\n" + expected + " location: westeurope\n");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T10:15:30.000Z, 2026-11-22T10:15:30Z",
        "2026-11-22T10:15:00.000Z, 2026-11-22T10:15:00Z",
        "2026-11-22T10:15:30.500Z, 2026-11-22T10:15:30.500Z",
        "2026-11-22T10:15:30.007Z, 2026-11-22T10:15:30.007Z",
        "2026-11-22T10:15:30.123456Z, 2026-11-22T10:15:30.123Z",
        "1969-12-31T23:59:59.999Z, 1969-12-31T23:59:59.999Z",
    })
    void shouldWriteMillisecondsOnlyWhenTheyAreNotZero(Instant startedAt, String expected) {
        assertThat(ReportText.render(report(JobState.CANCELED).setStartedAt(startedAt).build()))
                .contains("Job started (server UTC time): " + expected + "\n");
    }

    @Test
    void shouldWriteControlCharactersAsTextAndKeepBackslashes() {
        String nasty = "a\nb\rc\td\\n\u001b[31m\u0000\u007f\u0085\u009fé\u00a0\u2028😀";
        String tamed = "a\\nb\\rc\\td\\n\\u001b[31m\\u0000\\u007f\\u0085\\u009fé\u00a0\u2028😀";
        JobErrorReport report = report(JobState.ERROR).setJobId(nasty).setJobName(nasty).setAccount(nasty).setLocation(nasty)
                .setTasks(List.of(task(nasty, error(nasty, nasty)))).build();

        assertThat(ReportText.render(report)).isEqualTo("""

                The job stopped due to cancellation or an error.
                ***************************
                Job ID: %1$s
                Job Name: %1$s
                Job State: Error
                Job started (server UTC time): 2026-11-22T10:15:30Z
                Media Services account name: %1$s
                Media Services account location: %1$s
                """.formatted(tamed) + DETAILS + "  Task Id: " + tamed
                + "\n    Error Code: " + tamed + "\n    Error Message: " + tamed + "\n\n" + END);
    }
}
