package io.jobwatch.query.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.jobwatch.query.View;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** What machines ask: whether it lives, whether it can answer, and its metrics. */
final class OperationsRoutes {
    private final View view;
    private final PrometheusMeterRegistry metrics;

    OperationsRoutes(View view, PrometheusMeterRegistry metrics) {
        this.view = view;
        this.metrics = metrics;
    }

    void addTo(RoutesConfig routes) {
        Routes.get(routes, "/health/live", context -> health(context, true));
        Routes.get(routes, "/health/ready", context -> health(context, view.ready()));
        Routes.get(routes, "/metrics", context -> context.contentType("text/plain; version=0.0.4; charset=utf-8").result(metrics.scrape()));
    }

    /** Nothing but the state: probes are open to all. */
    private static void health(Context context, boolean up) {
        context.status(up ? 200 : 503).contentType("application/json").result(up ? "{\"status\":\"UP\"}" : "{\"status\":\"DOWN\"}");
    }
}
