package io.jobwatch.query.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;

/** Adds routes. */
final class Routes {

    private Routes() {
    }

    /** Answers GET, and HEAD by the same handler: Javalin's own HEAD says 200 without asking whether there is such a thing. */
    static void get(RoutesConfig routes, String path, Handler handler) {
        routes.get(path, handler);
        routes.head(path, handler);
    }
}
