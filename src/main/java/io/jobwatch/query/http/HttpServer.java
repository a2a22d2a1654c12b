package io.jobwatch.query.http;

import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.util.JavalinBindException;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What listens, whatever is answered there: where, to whom, within which limits, and how failures are told is the same. */
final class HttpServer implements AutoCloseable {
    private final Javalin javalin;
    private final ListenAddress address;

    private HttpServer(Javalin javalin, ListenAddress address) {
        this.javalin = javalin;
        this.address = address;
    }

    /**
     * Starts to answer.
     *
     * @param prepare what is done first with each request
     * @param routes  adds what is answered
     * @throws io.jobwatch.query.QueryException if the address cannot be bound, or TLS cannot be set up
     */
    static HttpServer start(ListenAddress address, JettySettings jetty, Access access, AnswerMetrics answered, Handler prepare,
                            Consumer<RoutesConfig> routes) {
        Javalin javalin = Javalin.create(app -> {
            jetty.applyTo(app);
            app.routes.before(context -> {
                context.header("Cache-Control", "no-store");
                context.header("X-Content-Type-Options", "nosniff");
                prepare.handle(context);
                answered.began(context);
                access.checkRequest(context);
            });
            app.routes.beforeMatched(access::checkRoute);
            app.routes.after(answered::ended);
            ErrorAnswers.addTo(app.routes);
            routes.accept(app.routes);
        });
        try {
            javalin.start();
        } catch (JavalinBindException e) {
            throw address.cannotBind(e);
        }
        return new HttpServer(javalin, address);
    }

    /** {@return the TCP port, also where any free one was asked for} */
    int port() {
        return javalin.port();
    }

    /** {@return the address as clients write it, without a slash at the end} */
    String url() {
        return address.url(port());
    }

    /** {@return the paths of all routes, as they were added} */
    Set<String> paths() {
        return javalin.unsafe.internalRouter.allHttpHandlers().stream().map(route -> route.endpoint)
                .filter(endpoint -> endpoint.method.equals(HandlerType.GET)).map(endpoint -> endpoint.path)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Ends within seconds. */
    @Override
    public void close() {
        javalin.stop();
    }
}
