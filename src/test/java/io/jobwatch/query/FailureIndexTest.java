package io.jobwatch.query;

import static io.jobwatch.query.Records.NOON;
import static io.jobwatch.query.Records.report;
import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.JobState;
import io.jobwatch.query.Summary.Failures;
import org.junit.jupiter.api.Test;

class FailureIndexTest {
    private final FailureIndex index = new FailureIndex();

    @Test
    void shouldCountEachCodeOfAnAttemptOnce() {
        index.put(new ReportKey("a/1", 1), report("a", "1", NOON, "X", "X", "Y").build());
        index.put(new ReportKey("a/2", 1), report("a", "2", NOON, "Y").build());
        index.put(new ReportKey("b/1", 1), report("b", "1", NOON, "Y").build());

        assertThat(index.counts()).containsExactly(new Failures("a", "Y", 2), new Failures("a", "X", 1), new Failures("b", "Y", 1));
    }

    @Test
    void shouldCountAttemptsWithoutACodeAndNoCancellations() {
        index.put(new ReportKey("a/1", 1), report("a", "1", NOON).build());
        index.put(new ReportKey("a/2", 1), report("a", "2", NOON, "X").setState(JobState.CANCELED).build());

        assertThat(index.counts()).containsExactly(new Failures("a", "", 1));
    }

    @Test
    void shouldCountAReportOnceHoweverOftenItComes() {
        index.put(new ReportKey("a/1", 1), report("a", "1", NOON, "X").build());
        index.put(new ReportKey("a/1", 1), report("a", "1", NOON, "X").build());
        index.put(new ReportKey("a/1", 2), report("a", "1", NOON, "X").setAttempt(2).build());

        assertThat(index.counts()).containsExactly(new Failures("a", "X", 2));
    }

    @Test
    void shouldForgetWhatIsTooOld() {
        index.put(new ReportKey("a/1", 1), report("a", "1", NOON.minusMillis(1), "X").build());
        index.put(new ReportKey("a/2", 1), report("a", "2", NOON, "X", "Y").build());

        assertThat(index.removeBefore(NOON)).containsExactly(new ReportKey("a/1", 1));
        assertThat(index.counts()).containsExactly(new Failures("a", "X", 1), new Failures("a", "Y", 1));
        assertThat(index.removeBefore(NOON.plusMillis(1))).containsExactly(new ReportKey("a/2", 1));
        assertThat(index.counts()).isEmpty();
    }
}
