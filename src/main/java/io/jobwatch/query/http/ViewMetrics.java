package io.jobwatch.query.http;

import io.jobwatch.query.View;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Metrics of the view, and of who waits for it. */
final class ViewMetrics {

    private ViewMetrics() {
    }

    static void bind(View view, JobWaits waits, MeterRegistry metrics) {
        Gauge.builder("jobwatch.view.lag.seconds", view, v -> v.lag().toNanos() / 1e9).description("Age of the view").register(metrics);
        Gauge.builder("jobwatch.processing.lag.seconds", view, v -> v.processingLag().toNanos() / 1e9)
                .description("How long ago all observations of then were processed").register(metrics);
        Gauge.builder("jobwatch.processing.lag.records", view, v -> v.processingLagRecords().isPresent()
                        ? v.processingLagRecords().getAsLong() : Double.NaN)
                .description("Offsets of job-state-events that the topology has not committed").register(metrics);
        Gauge.builder("jobwatch.view.ready", view, v -> v.ready() ? 1 : 0).description("1 when the view can answer").register(metrics);
        FunctionCounter.builder("jobwatch.view.unreadable", view, View::unreadable).description("Records that could not be read")
                .register(metrics);
        Gauge.builder("jobwatch.query.waits", waits, JobWaits::size).description("Requests that wait for a job to change")
                .register(metrics);
    }
}
