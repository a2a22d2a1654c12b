package io.jobwatch.query.http;

import io.javalin.Javalin;
import io.javalin.http.Context;
import io.jobwatch.config.QueryConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;

/**
 * The limit of what the query role can reach: the same HTTP server with the same settings, paths and headers, whose handlers do nothing but
 * return bytes that are there. In this package for the settings.
 */
public final class BareServer implements AutoCloseable {
    private final Javalin javalin;

    private BareServer(Javalin javalin) {
        this.javalin = javalin;
    }

    /** Starts to answer on a free port of the loopback interface with these bytes, whatever job or list is asked for. */
    public static BareServer start(byte[] job, byte[] list, byte[] summary) {
        JettySettings jetty = new JettySettings(new QueryConfig("127.0.0.1", 0), HttpLimits.DEFAULT, Clock.systemUTC(),
                new SimpleMeterRegistry());
        return new BareServer(Javalin.create(app -> {
            jetty.applyTo(app);
            app.routes.before(context -> context.header(Answers.LAG_HEADER, "0.123").header("Cache-Control", "no-store")
                    .header("X-Content-Type-Options", "nosniff"));
            app.routes.get("/api/v1/jobs/{source}/{jobId}", context -> answer(context, job));
            app.routes.get("/api/v1/jobs", context -> answer(context, list));
            app.routes.get("/api/v1/summary", context -> answer(context, summary));
        }).start());
    }

    public int port() {
        return javalin.port();
    }

    @Override
    public void close() {
        javalin.stop();
    }

    private static void answer(Context context, byte[] bytes) {
        context.contentType("application/json").result(bytes);
    }
}
