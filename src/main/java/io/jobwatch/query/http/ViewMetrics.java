package io.jobwatch.query.http;

import io.javalin.http.Context;
import io.jobwatch.query.View;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Metrics of the view and of the answers given. */
final class ViewMetrics {
    private static final String BEGAN = "jobwatch.began";

    private final MeterRegistry metrics;
    private final Map<Integer, Timer> timers = new ConcurrentHashMap<>();

    ViewMetrics(View view, MeterRegistry metrics) {
        this.metrics = metrics;
        Gauge.builder("jobwatch.view.lag.seconds", view, v -> v.lag().toNanos() / 1e9).description("Age of the view").register(metrics);
        Gauge.builder("jobwatch.processing.lag.seconds", view, v -> v.processingLag().toNanos() / 1e9)
                .description("How long ago all observations of then were processed").register(metrics);
        Gauge.builder("jobwatch.view.ready", view, v -> v.ready() ? 1 : 0).description("1 when the view can answer").register(metrics);
        FunctionCounter.builder("jobwatch.view.unreadable", view, View::unreadable).description("Records that could not be read")
                .register(metrics);
    }

    void began(Context context) {
        context.attribute(BEGAN, System.nanoTime());
    }

    /**
     * Takes the time of an answer, once; {@link #began} begins anew where a request was made to wait for something. Counts by status alone:
     * paths hold ids, and each label value lives for ever.
     */
    void ended(Context context) {
        Long began = context.attribute(BEGAN);
        if (began != null) {
            context.attribute(BEGAN, null);
            timers.computeIfAbsent(context.statusCode(), status -> metrics.timer("jobwatch.query.answers", "status",
                    Integer.toString(status))).record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
        }
    }
}
