package io.jobwatch.query.http;

import static io.jobwatch.query.Records.NOON;
import static io.jobwatch.query.Records.alert;
import static io.jobwatch.query.Records.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.AlertKind;
import io.jobwatch.event.JobState;
import io.jobwatch.query.FakeView;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OverviewCollectorTest {
    private final FakeView view = new FakeView();
    private final OverviewCollector collector = new OverviewCollector(view, Clock.fixed(NOON, ZoneOffset.UTC));

    @Test
    void shouldTellJobsByStateTheOldestThatWaitsAndTheAlertsThatHold() {
        view.put(status("a", "1", JobState.QUEUED, NOON.minusSeconds(90)).build());
        view.put(status("a", "2", JobState.QUEUED, NOON.minusSeconds(30)).build());
        view.put(status("b", "1", JobState.ERROR, NOON).build());
        view.put(alert("a", "1", AlertKind.STUCK, true, NOON).build());
        view.put(alert("a", "2", AlertKind.STUCK, true, NOON).build());
        view.put(alert("b", null, AlertKind.SOURCE_DOWN, false, NOON).build());

        assertThat(values("jobwatch_jobs")).hasSize(2 * JobState.values().length)
                .containsEntry("a QUEUED", 2.0).containsEntry("a ERROR", 0.0).containsEntry("b ERROR", 1.0);
        assertThat(values("jobwatch_oldest_queued_seconds")).containsEntry("", 90.0);
        assertThat(values("jobwatch_alerts_active")).isEqualTo(Map.of("STUCK", 2.0, "LOST", 0.0, "SOURCE_DOWN", 0.0));
    }

    @Test
    void shouldSayThatNothingWaitsWithAZero() {
        assertThat(values("jobwatch_oldest_queued_seconds")).containsEntry("", 0.0);
        assertThat(values("jobwatch_jobs")).isEmpty();
    }

    /** What it knew last would look like the present. */
    @Test
    void shouldTellNothingWhileTheViewCannotAnswer() {
        view.put(status("a", "1", JobState.QUEUED, NOON).build());
        view.setReady(false);

        assertThat(collector.collect()).isEmpty();
    }

    @Test
    void shouldBoundTheSourcesAndLoseNoJob() {
        int sources = OverviewCollector.MAX_SOURCES + 50;
        for (int i = 0; i < sources; i++) {
            view.put(status("source-" + i, "1", JobState.PROCESSING, NOON).build());
        }

        Map<String, Double> jobs = values("jobwatch_jobs");

        assertThat(jobs).hasSize((OverviewCollector.MAX_SOURCES + 1) * JobState.values().length)
                .containsEntry(OverviewCollector.REST + " PROCESSING", 50.0);
        assertThat(jobs.values().stream().mapToDouble(Double::doubleValue).sum()).isEqualTo(sources);
    }

    private Map<String, Double> values(String name) {
        Map<String, Double> values = new TreeMap<>();
        collector.collect().stream().filter(metric -> metric.getMetadata().getPrometheusName().equals(name))
                .flatMap(metric -> ((GaugeSnapshot) metric).getDataPoints().stream())
                .forEach(point -> {
                    StringBuilder key = new StringBuilder();
                    point.getLabels().forEach(label -> key.append(key.isEmpty() ? "" : " ").append(label.getValue()));
                    values.put(key.toString(), point.getValue());
                });
        return values;
    }
}
