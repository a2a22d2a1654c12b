package io.jobwatch.query.http;

import io.javalin.http.NotFoundResponse;
import io.jobwatch.config.QueryConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.util.function.BooleanSupplier;

/**
 * Tells the health and the metrics of an instance that has no view to answer queries from: at the address, to those and within the limits
 * that a {@link QueryServer} of the same configuration would.
 */
public final class OperationsServer implements AutoCloseable {
    private final HttpServer server;

    private OperationsServer(HttpServer server) {
        this.server = server;
    }

    /**
     * Starts to answer.
     *
     * @param config  with the port for health as its port
     * @param ready   whether the instance has started; asked from several threads
     * @param metrics what {@code /metrics} shows; gets the metrics of the answers, too
     * @throws io.jobwatch.query.QueryException as {@link QueryServer#start}
     */
    public static OperationsServer start(QueryConfig config, BooleanSupplier ready, PrometheusMeterRegistry metrics) {
        ListenAddress address = ListenAddress.of(config, "query.health-port");
        JettySettings jetty = new JettySettings(config, HttpLimits.DEFAULT, Clock.systemUTC(), metrics);
        return new OperationsServer(HttpServer.start(address, jetty, new Access(config, metrics), new AnswerMetrics(metrics), any -> { },
                routes -> {
                    new OperationsRoutes(ready, metrics, config.metricsOpen()).addTo(routes);
                    routes.exception(NotFoundResponse.class, (e, context) -> Answers.problem(context, Problem.of(404, "this instance has "
                            + "not the role query: it answers /health/live, /health/ready and /metrics alone")));
                }));
    }

    /** {@return its address, without a slash at the end} */
    public String url() {
        return server.url();
    }

    /** Ends within seconds. */
    @Override
    public void close() {
        server.close();
    }
}
