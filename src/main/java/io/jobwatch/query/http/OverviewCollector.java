package io.jobwatch.query.http;

import io.jobwatch.event.AlertKind;
import io.jobwatch.event.JobState;
import io.jobwatch.query.Summary;
import io.jobwatch.query.View;
import io.jobwatch.query.ViewUnavailableException;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the view tells of the whole, made when it is asked for: so that all of it is of one moment, a source that is forgotten leaves no
 * series, and a view that cannot answer tells nothing instead of something old. Thread-safe.
 */
final class OverviewCollector implements MultiCollector {
    /** The sources are those that the topics tell of, whoever wrote them. */
    static final int MAX_SOURCES = 1_000;
    /** Stands for all the other sources. No source can have this name. */
    static final String REST = "_rest";
    private static final Set<AlertKind> KINDS = EnumSet.complementOf(EnumSet.of(AlertKind.UNSPECIFIED));

    private final View view;
    private final Clock clock;

    OverviewCollector(View view, Clock clock) {
        this.view = view;
        this.clock = clock;
    }

    @Override
    public MetricSnapshots collect() {
        try {
            Summary summary = view.summary();
            return new MetricSnapshots(jobs(summary), oldestQueued(summary), alerts(view.activeAlerts()));
        } catch (ViewUnavailableException e) {
            return new MetricSnapshots();   // jobwatch_view_ready tells
        }
    }

    private static GaugeSnapshot jobs(Summary summary) {
        Map<String, Map<JobState, Long>> bounded = new TreeMap<>();
        summary.jobs().forEach((source, states) -> {
            String label = bounded.size() < MAX_SOURCES || bounded.containsKey(source) ? source : REST;
            Map<JobState, Long> sum = bounded.computeIfAbsent(label, name -> new EnumMap<>(JobState.class));
            states.forEach((state, count) -> sum.merge(state, count, Long::sum));
        });
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name("jobwatch_jobs").help("Jobs in the view, by state");
        bounded.forEach((source, states) -> {
            for (JobState state : JobState.values()) {
                gauge.dataPoint(GaugeDataPointSnapshot.builder().labels(Labels.of("source", source, "state", state.name()))
                        .value(states.getOrDefault(state, 0L)).build());
            }
        });
        return gauge.build();
    }

    private GaugeSnapshot oldestQueued(Summary summary) {
        double seconds = summary.oldestQueued()
                .map(job -> Math.max(0, Duration.between(job.changedAt(), clock.instant()).toMillis() / 1000.0)).orElse(0.0);
        return GaugeSnapshot.builder().name("jobwatch_oldest_queued_seconds")
                .help("How long the job has waited that is QUEUED longest; 0 if none is")
                .dataPoint(GaugeDataPointSnapshot.builder().value(seconds).build()).build();
    }

    private static GaugeSnapshot alerts(Map<AlertKind, Long> active) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name("jobwatch_alerts_active").help("Alerts that hold");
        for (AlertKind kind : KINDS) {
            gauge.dataPoint(GaugeDataPointSnapshot.builder().labels(Labels.of("kind", kind.name()))
                    .value(active.getOrDefault(kind, 0L)).build());
        }
        return gauge.build();
    }
}
