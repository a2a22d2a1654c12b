package io.jobwatch.query.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.jobwatch.query.View;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** What machines ask: whether it lives, whether it can answer, its metrics, and what the answers are. */
final class OperationsRoutes {
    private final View view;
    private final PrometheusMeterRegistry metrics;

    private final boolean metricsOpen;
    private final byte[] openApi = OpenApi.document();

    /** @param metricsOpen whether everyone may see the metrics */
    OperationsRoutes(View view, PrometheusMeterRegistry metrics, boolean metricsOpen) {
        this.view = view;
        this.metrics = metrics;
        this.metricsOpen = metricsOpen;
    }

    void addTo(RoutesConfig routes) {
        Routes.open(routes, "/health/live", context -> health(context, true));
        Routes.open(routes, "/health/ready", context -> health(context, view.ready()));
        Routes.get(routes, "/openapi.json", context -> context.contentType("application/json").result(openApi));
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
