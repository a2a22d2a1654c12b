package io.jobwatch.query.http;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import io.jobwatch.config.QueryConfig;
import io.jobwatch.query.QueryException;
import io.jobwatch.query.View;
import io.jobwatch.query.ViewUnavailableException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers questions about a {@link View} over HTTP. Read-only, and without authentication for this machine only. */
public final class QueryServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QueryServer.class);
    private static final Duration STALE_AFTER = Duration.ofSeconds(30);
    private static final int MAX_THREADS = 64;
    private static final int MAX_WAITS = 1_000;
    private static final long STOP_WITHIN_MILLIS = 2_000;

    private final Javalin javalin;
    private final String host;
    private final JobWaits waits;
    private final EventRoutes events;

    private QueryServer(Javalin javalin, String host, JobWaits waits, EventRoutes events) {
        this.javalin = javalin;
        this.host = host;
        this.waits = waits;
        this.events = events;
    }

    /**
     * Starts to answer; the view may become ready later.
     *
     * @throws QueryException if the address cannot be bound
     */
    public static QueryServer start(QueryConfig config, Services services) {
        return start(config, services, Clock.systemUTC(), STALE_AFTER);
    }

    static QueryServer start(QueryConfig config, Services services, Clock clock, Duration staleAfter) {
        requireLoopback(config.host());
        View view = services.view();
        Answers answers = new Answers(view, staleAfter);
        ViewMetrics viewMetrics = new ViewMetrics(view, services.metrics());
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 4);
        threads.setName("jobwatch-http");
        EventRoutes events = new EventRoutes(services.stream(), viewMetrics);
        JobWaits waits = new JobWaits(view, threads, MAX_WAITS);
        Javalin javalin = Javalin.create(app -> {
            configure(app, config, threads);
            app.routes.before(context -> {
                answers.prepare(context);
                viewMetrics.began(context);
                refuseStrangers(context);
            });
            app.routes.after(viewMetrics::ended);
            addProblems(app, answers);
            new JobRoutes(view, answers, clock, waits, viewMetrics).addTo(app.routes);
            new TroubleRoutes(view, answers, clock).addTo(app.routes);
            events.addTo(app.routes);
            new OverviewRoutes(view, answers).addTo(app.routes);
            new OperationsRoutes(view, services.metrics()).addTo(app.routes);
            new ConsoleRoutes().addTo(app.routes);
        });
        try {
            javalin.start();
        } catch (JavalinBindException e) {
            waits.close();
            throw cannotBind(config, e);
        }
        return new QueryServer(javalin, config.host(), waits, events);
    }

    /** {@return the TCP port, also where any free one was asked for} */
    public int port() {
        return javalin.port();
    }

    /** {@return where the console is, without a slash at the end} */
    public String url() {
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
    }

    /** Answers at once whoever waits for something, and ends within seconds. */
    @Override
    public void close() {
        events.close();
        waits.close();
        javalin.stop();
    }

    private static void configure(JavalinConfig app, QueryConfig config, QueuedThreadPool threads) {
        app.startup.showJavalinBanner = false;
        app.startup.showOldJavalinVersionWarning = false;
        app.startup.startupWatcherEnabled = false;
        app.jetty.host = config.host();
        app.jetty.port = config.port();
        app.jetty.threadPool = threads;
        app.jetty.modifyHttpConfiguration(http -> {
            http.setSendServerVersion(false);
            http.setSendXPoweredBy(false);
        });
        app.jetty.modifyServer(server -> {
            server.setStopTimeout(STOP_WITHIN_MILLIS);
            server.setErrorHandler(new PlainErrors());
        });
    }

    private static void refuseStrangers(Context context) {
        if (!HostCheck.isLocal(context.header("Host"))) {
            throw Problem.of(421, "this server answers only as localhost, 127.0.0.1 or [::1], whatever the port");
        }
        if (context.method() != HandlerType.GET && context.method() != HandlerType.HEAD) {
            context.header("Allow", "GET, HEAD");
            throw Problem.of(405, "only GET and HEAD are answered here: jobwatch watches, and changes nothing");
        }
    }

    private static void addProblems(JavalinConfig app, Answers answers) {
        app.routes.exception(Problem.class, (problem, context) -> answers.problem(context, problem));
        app.routes.exception(ViewUnavailableException.class, (e, context) -> {
            context.header("Retry-After", "1");
            answers.problem(context, Problem.of(503, e.getMessage() + "; try again soon"));
        });
        app.routes.exception(HttpResponseException.class, (e, context) -> answers.problem(context,
                e.getStatus() == 404 ? Problem.of(404, "there is nothing at this path") : Problem.of(e.getStatus(), e.getMessage())));
        app.routes.exception(Exception.class, (e, context) -> {
            LOG.error("A request to {} failed", context.path(), e);
            answers.problem(context, Problem.of(500, "the answer failed; the reason is in the log"));
        });
    }

    private static void requireLoopback(String host) {
        try {
            if (InetAddress.getByName(host).isLoopbackAddress()) {
                return;
            }
        } catch (UnknownHostException e) {
            throw new QueryException("query.host " + host + " is no address of this machine: set it to 127.0.0.1", false, e);
        }
        throw new QueryException("query.host " + host + " can be reached from other machines, but queries have no authentication: "
                + "set it to 127.0.0.1", false, null);
    }

    private static QueryException cannotBind(QueryConfig config, JavalinBindException e) {
        if (e.getMessage().contains("Port already in use")) {
            return new QueryException("port " + config.port() + " on " + config.host() + " is taken, so queries cannot be answered: "
                    + "stop what listens there, or set query.port to another port (0 takes any free one)", true, e);
        }
        return new QueryException("cannot listen on port " + config.port() + " of " + config.host()
                + ": set query.port to a port above 1023",
                false, e);
    }
}
