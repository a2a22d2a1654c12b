package io.jobwatch.source.ams;

import io.javalin.Javalin;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that answers each path and query, decoded, with what a test laid down for it, and 404 otherwise. */
final class ScriptedService implements AutoCloseable {

    record Reply(int status, Map<String, String> headers, byte[] body) {
    }

    private final Map<String, Reply> replies = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Map<String, String>> headers = new CopyOnWriteArrayList<>();
    private final Javalin server;

    ScriptedService() {
        this.server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.jetty.host = "127.0.0.1";
            config.jetty.port = 0;
            config.routes.get("/*", ctx -> {
                String query = ctx.req().getQueryString();
                String asked = URLDecoder.decode(ctx.req().getRequestURI() + (query == null ? "" : "?" + query), StandardCharsets.UTF_8);
                requests.add(asked);
                headers.add(ctx.headerMap());
                Reply reply = replies.getOrDefault(asked, new Reply(404, Map.of(), new byte[0]));
                reply.headers().forEach(ctx::header);
                ctx.status(reply.status()).result(reply.body());
            });
        }).start();
    }

    ScriptedService on(String asked, int status, Map<String, String> replyHeaders, String body) {
        replies.put(asked, new Reply(status, replyHeaders, body.getBytes(StandardCharsets.UTF_8)));
        return this;
    }

    ScriptedService on(String asked, String body) {
        return on(asked, 200, Map.of("Content-Type", "application/json"), body);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /** Paths and queries in the order of the requests, decoded. */
    List<String> requests() {
        return requests;
    }

    Map<String, String> headersOf(int request) {
        return headers.get(request);
    }

    static String fixture(String name) {
        try (InputStream in = ScriptedService.class.getResourceAsStream("/ams-v2/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.stop();
    }
}
