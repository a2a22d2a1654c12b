package io.jobwatch.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReportMetricsTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private long seconds;
    private final ReportMetrics metrics = new ReportMetrics(meters, Map.of("p.job-transitions", "job-transitions",
            "p.job-error-reports", "job-error-reports"), () -> TimeUnit.SECONDS.toNanos(seconds));

    @Test
    void shouldTellForHowLongDeliveriesHaveFailed() {
        assertThat(failing()).isZero();
        metrics.failed();
        seconds += 30;
        metrics.failed();
        seconds += 30;
        assertThat(failing()).as("since the first failure").isEqualTo(60);

        metrics.worked();
        assertThat(failing()).isZero();
    }

    @Test
    void shouldTellWhatWaitsByTopicWithoutItsPrefix() {
        metrics.waiting(Map.of("p.job-transitions", 7L));

        assertThat(meters.get("jobwatch.report.backlog.records").tag("topic", "job-transitions").gauge().value()).isEqualTo(7);
        assertThat(meters.get("jobwatch.report.backlog.records").tag("topic", "job-error-reports").gauge().value()).isZero();

        metrics.waiting(Map.of());
        assertThat(meters.get("jobwatch.report.backlog.records").tag("topic", "job-transitions").gauge().value()).isZero();
    }

    @Test
    void shouldTellWhetherTheRoleRuns() {
        metrics.running(true);
        assertThat(meters.get("jobwatch.report.running").gauge().value()).isEqualTo(1);
        metrics.running(false);
        assertThat(meters.get("jobwatch.report.running").gauge().value()).isZero();
    }

    private double failing() {
        return meters.get("jobwatch.report.failing.seconds").gauge().value();
    }
}
