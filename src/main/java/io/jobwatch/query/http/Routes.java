package io.jobwatch.query.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;

/** Adds routes. */
final class Routes {

    private Routes() {
    }

    /** Adds a route for those who may ask queries. */
    static void get(RoutesConfig routes, String path, Handler handler) {
        // HEAD by the same handler: Javalin's own HEAD says 200 without asking whether there is such a thing.
        routes.get(path, handler);
        routes.head(path, handler);
    }

    /** Adds a route for everyone, with or without a token. What it answers must tell nothing of jobs. */
    static void open(RoutesConfig routes, String path, Handler handler) {
        routes.get(path, handler, Access.Audience.EVERYONE);
        routes.head(path, handler, Access.Audience.EVERYONE);
    }
}
