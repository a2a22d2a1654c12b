package io.jobwatch.query.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.BooleanSupplier;

/** What machines ask: whether it lives, whether it can do its work, and its metrics. */
final class OperationsRoutes {
    private final BooleanSupplier ready;
    private final PrometheusMeterRegistry metrics;
    private final boolean metricsOpen;

    /**
     * @param ready       whether it can answer; without a view, whether it has started
     * @param metricsOpen whether everyone may see the metrics
     */
    OperationsRoutes(BooleanSupplier ready, PrometheusMeterRegistry metrics, boolean metricsOpen) {
        this.ready = ready;
        this.metrics = metrics;
        this.metricsOpen = metricsOpen;
    }

    void addTo(RoutesConfig routes) {
        Routes.open(routes, "/health/live", context -> health(context, true));
        Routes.open(routes, "/health/ready", context -> health(context, ready.getAsBoolean()));
        if (metricsOpen) {
            Routes.open(routes, "/metrics", this::metrics);
        } else {
            Routes.get(routes, "/metrics", this::metrics);
        }
    }

    private void metrics(Context context) {
        context.contentType("text/plain; version=0.0.4; charset=utf-8").result(metrics.scrape());
    }

    /** Nothing but the state: probes are open to all. */
    private static void health(Context context, boolean up) {
        context.status(up ? 200 : 503).contentType("application/json").result(up ? "{\"status\":\"UP\"}" : "{\"status\":\"DOWN\"}");
    }
}
