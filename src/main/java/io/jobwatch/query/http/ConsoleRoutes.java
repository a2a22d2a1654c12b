package io.jobwatch.query.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The page for people: three files of our own. Its policy lets a browser load nothing else, and run no script that stands in a text. */
final class ConsoleRoutes {
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            + "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final byte[] page = read("index.html");
    private final byte[] style = read("console.css");
    private final byte[] script = read("console.js");

    void addTo(RoutesConfig routes) {
        Routes.open(routes, "/", context -> send(context, "text/html; charset=utf-8", page));
        Routes.open(routes, "/console.css", context -> send(context, "text/css; charset=utf-8", style));
        Routes.open(routes, "/console.js", context -> send(context, "text/javascript; charset=utf-8", script));
    }

    private static void send(Context context, String contentType, byte[] content) {
        context.header("Content-Security-Policy", POLICY);
        context.header("Referrer-Policy", "no-referrer");
        context.contentType(contentType).result(content);
    }

    private static byte[] read(String name) {
        try (InputStream file = ConsoleRoutes.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("the jar lacks the file " + name);
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name + " from the jar", e);
        }
    }
}
