package io.jobwatch.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StandbyUpdateListener.SuspendReason;
import org.apache.kafka.streams.processor.TaskId;
import org.junit.jupiter.api.Test;

class RestoreMetricsTest {
    private static final String STORE = "job-status";
    private static final TopicPartition ONE = new TopicPartition("changelog", 0);
    private static final TopicPartition TWO = new TopicPartition("changelog", 1);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final RestoreMetrics metrics = new RestoreMetrics(meters, List.of(STORE, "other")).withStandbys(meters);

    @Test
    void shouldTellHowMuchIsToBeReadAndIsLeft() {
        metrics.onRestoreStart(ONE, STORE, 100, 1_100);
        metrics.onRestoreStart(TWO, STORE, 0, 500);
        metrics.onBatchRestored(ONE, STORE, 400, 250);

        assertThat(gauge("jobwatch.restore.records")).isEqualTo(1_500);
        assertThat(gauge("jobwatch.restore.remaining.records")).isEqualTo(700 + 500);
        assertThat(meters.get("jobwatch.restored.records").tag("store", STORE).counter().count()).isEqualTo(250);
        assertThat(meters.get("jobwatch.restore.records").tag("store", "other").gauge().value()).isZero();
    }

    @Test
    void shouldCountWhatEndedAndForgetWhatWasGivenUp() {
        metrics.onRestoreStart(ONE, STORE, 0, 10);
        metrics.onRestoreEnd(ONE, STORE, 10);
        metrics.onRestoreStart(TWO, STORE, 0, 10);
        metrics.onRestoreSuspended(TWO, STORE, 5);

        assertThat(gauge("jobwatch.restore.records")).isZero();
        assertThat(meters.get("jobwatch.restores").tag("store", STORE).counter().count()).isEqualTo(1);

        metrics.onRestoreStart(ONE, STORE, 0, 10);
        metrics.ended();
        assertThat(gauge("jobwatch.restore.remaining.records")).as("whoever restored has ended").isZero();
    }

    @Test
    void shouldTellHowFarStandbysAreBehind() {
        metrics.onUpdateStart(ONE, STORE, 0);
        metrics.onBatchLoaded(ONE, STORE, new TaskId(0, 0), 40, 40, 100);
        metrics.onBatchLoaded(TWO, STORE, new TaskId(0, 1), 70, 10, 100);
        assertThat(gauge("jobwatch.standby.lag.records")).isEqualTo(60 + 30);

        metrics.onUpdateSuspended(ONE, STORE, 40, 100, SuspendReason.PROMOTED);
        assertThat(gauge("jobwatch.standby.lag.records")).isEqualTo(30);
    }

    private double gauge(String name) {
        return meters.get(name).tag("store", STORE).gauge().value();
    }
}
