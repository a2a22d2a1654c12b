package io.jobwatch.query.http;

import io.jobwatch.config.QueryConfig;
import io.jobwatch.query.QueryException;
import io.jobwatch.query.View;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;

/** Answers questions about a {@link View} over HTTP. Read-only; without authentication for this machine only. */
public final class QueryServer implements AutoCloseable {
    private static final Duration STALE_AFTER = Duration.ofSeconds(30);
    private static final int MAX_WAITS = 1_000;
    private static final Duration EXPLANATION_PATIENCE = Duration.ofSeconds(5);
    private static final int EXPLANATIONS_AT_ONCE = 2;
    private static final int EXPLANATIONS_WAITING = 16;

    private final HttpServer server;
    private final EventRoutes events;
    private final JobWaits waits;
    private final Explanations explanations;

    private QueryServer(HttpServer server, EventRoutes events, JobWaits waits, Explanations explanations) {
        this.server = server;
        this.events = events;
        this.waits = waits;
        this.explanations = explanations;
    }

    /**
     * Starts to answer; the view may become ready later.
     *
     * @throws QueryException if the address cannot be bound, may not be bound without authentication, or TLS cannot be set up
     */
    public static QueryServer start(QueryConfig config, Services services) {
        return start(config, services, Clock.systemUTC(), STALE_AFTER);
    }

    static QueryServer start(QueryConfig config, Services services, Clock clock, Duration staleAfter) {
        return start(config, services, clock, staleAfter, HttpLimits.DEFAULT);
    }

    static QueryServer start(QueryConfig config, Services services, Clock clock, Duration staleAfter, HttpLimits limits) {
        ListenAddress address = ListenAddress.of(config);
        JettySettings jetty = new JettySettings(config, limits, clock, services.metrics());
        View view = services.view();
        Answers answers = new Answers(view, staleAfter);
        AnswerMetrics answered = new AnswerMetrics(services.metrics());
        EventRoutes events = new EventRoutes(services.stream(), answered);
        JobWaits waits = new JobWaits(view, jetty.threads(), MAX_WAITS);
        ViewMetrics.bind(view, waits, services.metrics());
        services.metrics().getPrometheusRegistry().register(new OverviewCollector(view, clock));
        Explanations explanations = new Explanations(services.explainer(), EXPLANATIONS_AT_ONCE, EXPLANATIONS_WAITING,
                EXPLANATION_PATIENCE);
        byte[] openApi = OpenApi.document();
        try {
            Access access = new Access(config, services.metrics());
            HttpServer server = HttpServer.start(address, jetty, access, answered, answers::prepare, routes -> {
                new JobRoutes(view, answers, clock, waits, answered).addTo(routes);
                new ExplainRoutes(view, explanations, answers, jetty.threads()).addTo(routes);
                new TroubleRoutes(view, answers, clock).addTo(routes);
                events.addTo(routes);
                new OverviewRoutes(view, answers).addTo(routes);
                new OperationsRoutes(view::ready, services.metrics(), config.metricsOpen()).addTo(routes);
                Routes.get(routes, "/openapi.json", context -> context.contentType("application/json").result(openApi));
                new ConsoleRoutes().addTo(routes);
            });
            return new QueryServer(server, events, waits, explanations);
        } catch (RuntimeException e) {
            waits.close();
            throw e;
        }
    }

    /** {@return the TCP port, also where any free one was asked for} */
    public int port() {
        return server.port();
    }

    /** {@return where the console is, without a slash at the end} */
    public String url() {
        return server.url();
    }

    /** {@return the paths of all routes, as they were added} */
    Set<String> paths() {
        return server.paths();
    }

    /** Answers at once whoever waits for something, and ends within seconds. */
    @Override
    public void close() {
        events.close();
        waits.close();
        explanations.close();
        server.close();
    }
}
