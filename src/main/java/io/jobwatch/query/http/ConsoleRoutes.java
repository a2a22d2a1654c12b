package io.jobwatch.query.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The page for people: files of our own, the same for all and open to all, with no fact of any job in them. Its policy lets a browser load
 * nothing else, run no script that stands in a text, and make markup of no text.
 */
final class ConsoleRoutes {
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private static final String PAGE = "index.html";

    /** All that the page loads. Named one by one: a path of a request never becomes a path of the jar. */
    private static final List<String> FILES = List.of("console.css", "pages.css", "icon.svg", "main.js", "alerts.js", "api.js", "dom.js",
            "explain.js", "failures.js", "job.js", "jobalerts.js", "jobs.js", "live.js", "livelist.js", "overview.js", "pagedlist.js",
            "pager.js", "parts.js", "places.js", "search.js", "signin.js", "sources.js", "states.js", "time.js", "timeline.js",
            "visited.js");

    private static final Map<String, String> TYPES = Map.of("html", "text/html; charset=utf-8", "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8", "svg", "image/svg+xml");

    /** @param tag changes with the content, so that a browser need not fetch again what it has */
    private record StaticFile(String type, byte[] content, String tag) {
    }

    void addTo(RoutesConfig routes) {
        add(routes, "/", PAGE);
        FILES.forEach(name -> add(routes, "/console/" + name, name));
    }

    private static void add(RoutesConfig routes, String path, String name) {
        StaticFile file = read(name);
        Routes.open(routes, path, context -> send(context, file));
    }

    private static void send(Context context, StaticFile file) {
        context.header("Content-Security-Policy", POLICY);
        context.header("Referrer-Policy", "no-referrer");
        context.header("Cross-Origin-Resource-Policy", "same-origin");
        context.header("Cache-Control", "no-cache");
        context.header("ETag", file.tag());
        if (file.tag().equals(context.header("If-None-Match"))) {
            context.status(304);
        } else {
            context.contentType(file.type()).result(file.content());
        }
    }

    private static StaticFile read(String name) {
        try (InputStream file = ConsoleRoutes.class.getResourceAsStream("console/" + name)) {
            if (file == null) {
                throw new IllegalStateException("the jar lacks the file console/" + name);
            }
            byte[] content = file.readAllBytes();
            return new StaticFile(TYPES.get(name.substring(name.lastIndexOf('.') + 1)), content, tag(content));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read console/" + name + " from the jar", e);
        }
    }

    private static String tag(byte[] content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            return '"' + HexFormat.of().formatHex(hash, 0, 16) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
