package io.jobwatch.report;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** How the report role is doing. Written by its thread, read by any. */
final class ReportMetrics {
    private final Counter transitions;
    private final Counter reports;
    private final Map<String, AtomicLong> backlog = new HashMap<>();
    private final LongSupplier nanos;
    private volatile boolean running;
    private volatile Long failingSince;

    /**
     * @param topics what the role reads: the topic and what it is called without the prefix
     * @param nanos  a steady clock
     */
    ReportMetrics(MeterRegistry meters, Map<String, String> topics, LongSupplier nanos) {
        this.nanos = nanos;
        transitions = delivered(meters, "transition");
        reports = delivered(meters, "report");
        topics.forEach((topic, label) -> {
            AtomicLong records = new AtomicLong();
            backlog.put(topic, records);
            Gauge.builder("jobwatch.report.backlog.records", records, AtomicLong::get)
                    .description("Committed records that this instance has to deliver").tag("topic", label).register(meters);
        });
        Gauge.builder("jobwatch.report.running", this, role -> role.running ? 1 : 0)
                .description("1 while the role works or waits to work").register(meters);
        Gauge.builder("jobwatch.report.failing.seconds", this, ReportMetrics::failingSeconds)
                .description("For how long deliveries have failed; 0 while they succeed").register(meters);
    }

    private static Counter delivered(MeterRegistry meters, String kind) {
        return Counter.builder("jobwatch.report.delivered").description("Transitions printed and reports written").tag("kind", kind)
                .register(meters);
    }

    void running(boolean now) {
        running = now;
    }

    void failed() {
        if (failingSince == null) {
            failingSince = nanos.getAsLong();
        }
    }

    void worked() {
        failingSince = null;
    }

    void transition() {
        transitions.increment();
    }

    void report() {
        reports.increment();
    }

    /** @param records by topic; none where one is missing */
    void waiting(Map<String, Long> records) {
        backlog.forEach((topic, gauge) -> gauge.set(records.getOrDefault(topic, 0L)));
    }

    private double failingSeconds() {
        Long since = failingSince;
        return since == null ? 0 : TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - since) / 1000.0;
    }
}
