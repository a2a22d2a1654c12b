package io.jobwatch.query.http;

import io.javalin.Javalin;
import io.javalin.http.HandlerType;
import io.javalin.util.JavalinBindException;
import io.jobwatch.config.QueryConfig;
import io.jobwatch.query.QueryException;
import io.jobwatch.query.View;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/** Answers questions about a {@link View} over HTTP. Read-only; without authentication for this machine only. */
public final class QueryServer implements AutoCloseable {
    private static final Duration STALE_AFTER = Duration.ofSeconds(30);
    private static final int MAX_WAITS = 1_000;
    private static final Duration EXPLANATION_PATIENCE = Duration.ofSeconds(5);
    private static final int EXPLANATIONS_AT_ONCE = 2;
    private static final int EXPLANATIONS_WAITING = 16;

    private final Javalin javalin;
    private final ListenAddress address;
    private final EventRoutes events;
    private final JobWaits waits;
    private final Explanations explanations;

    private QueryServer(Javalin javalin, ListenAddress address, EventRoutes events, JobWaits waits, Explanations explanations) {
        this.javalin = javalin;
        this.address = address;
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
        Access access = new Access(config, services.metrics());
        ViewMetrics viewMetrics = new ViewMetrics(view, services.metrics());
        EventRoutes events = new EventRoutes(services.stream(), viewMetrics);
        JobWaits waits = new JobWaits(view, jetty.threads(), MAX_WAITS);
        viewMetrics.show(waits);
        services.metrics().getPrometheusRegistry().register(new OverviewCollector(view, clock));
        Explanations explanations = new Explanations(services.explainer(), EXPLANATIONS_AT_ONCE, EXPLANATIONS_WAITING,
                EXPLANATION_PATIENCE);
        Javalin javalin = Javalin.create(app -> {
            jetty.applyTo(app);
            app.routes.before(context -> {
                answers.prepare(context);
                viewMetrics.began(context);
                access.checkRequest(context);
            });
            app.routes.beforeMatched(access::checkRoute);
            app.routes.after(viewMetrics::ended);
            new ErrorAnswers(answers).addTo(app.routes);
            new JobRoutes(view, answers, clock, waits, viewMetrics).addTo(app.routes);
            new ExplainRoutes(view, explanations, answers, jetty.threads()).addTo(app.routes);
            new TroubleRoutes(view, answers, clock).addTo(app.routes);
            events.addTo(app.routes);
            new OverviewRoutes(view, answers).addTo(app.routes);
            new OperationsRoutes(view, services.metrics(), config.metricsOpen()).addTo(app.routes);
            new ConsoleRoutes().addTo(app.routes);
        });
        try {
            javalin.start();
        } catch (JavalinBindException e) {
            waits.close();
            throw address.cannotBind(e);
        } catch (RuntimeException e) {
            waits.close();
            throw e;
        }
        return new QueryServer(javalin, address, events, waits, explanations);
    }

    /** {@return the TCP port, also where any free one was asked for} */
    public int port() {
        return javalin.port();
    }

    /** {@return where the console is, without a slash at the end} */
    public String url() {
        return address.url(port());
    }

    /** {@return the paths of all routes, as they were added} */
    Set<String> paths() {
        return javalin.unsafe.internalRouter.allHttpHandlers().stream().map(route -> route.endpoint)
                .filter(endpoint -> endpoint.method.equals(HandlerType.GET)).map(endpoint -> endpoint.path)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Answers at once whoever waits for something, and ends within seconds. */
    @Override
    public void close() {
        events.close();
        waits.close();
        explanations.close();
        javalin.stop();
    }
}
