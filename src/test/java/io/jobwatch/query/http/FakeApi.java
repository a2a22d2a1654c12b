package io.jobwatch.query.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.sse.SseClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * An API for the console to ask, with the console: what a test says it answers, the rest a real server does. It can ask for a token, and
 * tell of transitions.
 */
final class FakeApi implements AutoCloseable {
    private static final List<String> PASSED_ON = List.of("X-Jobwatch-View-Lag", "Date");

    private final Map<String, Function<Context, byte[]>> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<SseClient> readers = new CopyOnWriteArrayList<>();
    private final List<Optional<String>> resumed = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final String real;
    private final Javalin javalin;
    private volatile boolean streams;
    private volatile String token;

    /** @param real address of the server that answers the rest */
    FakeApi(String real) {
        this.real = real;
        javalin = Javalin.create(app -> {
            app.startup.showJavalinBanner = false;
            app.jetty.host = "127.0.0.1";
            app.jetty.port = 0;
            new ConsoleRoutes().addTo(app.routes);
            app.routes.before("/api/*", context -> {
                asked.add(path(context));
                if (token != null && !("Bearer " + token).equals(context.header("Authorization"))) {
                    context.header("WWW-Authenticate", "Bearer");
                    throw Problem.of(401, "a token is needed");
                }
                if (!streams && context.path().equals("/api/v1/events")) {
                    throw Problem.of(404, "there is nothing at this path");
                }
            });
            app.routes.exception(Problem.class, (problem, context) -> context.status(problem.status()).contentType(Problem.CONTENT_TYPE)
                    .result(Json.bytes(problem::write)));
            app.routes.sse("/api/v1/events", this::stream);
            app.routes.get("/api/*", this::answer);
        });
        javalin.start();
    }

    String url() {
        return "http://127.0.0.1:" + javalin.port();
    }

    /** Answers a path, as the browser sends it, with JSON that the request may choose. */
    void answer(String path, Function<Context, byte[]> json) {
        answers.put(path, json);
    }

    /** Forgets answers, requests, readers and token. */
    void clear() {
        answers.clear();
        asked.clear();
        streams = false;
        token = null;
        drop();
        resumed.clear();
    }

    void requireToken(String secret) {
        token = secret;
    }

    /** Has a stream from now on. */
    void streams() {
        streams = true;
    }

    /** {@return what was asked for, with its query, in order} */
    List<String> asked() {
        return List.copyOf(asked);
    }

    /** {@return the Last-Event-ID of each connection to the stream} */
    List<Optional<String>> resumed() {
        return List.copyOf(resumed);
    }

    void tell(String id) {
        readers.forEach(reader -> reader.sendEvent("transition", "{\"jobId\":\"1\"}", id));
    }

    /** Ends the connections of all readers. */
    void drop() {
        readers.forEach(SseClient::close);
        readers.clear();
    }

    /** {@return an object as JSON} */
    static byte[] object(Json.Body fields) {
        return Json.bytes((JsonGenerator json) -> {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        });
    }

    private void stream(SseClient reader) {
        reader.keepAlive();
        readers.add(reader);
        resumed.add(Optional.ofNullable(reader.ctx().header("Last-Event-ID")));   // last: who is in this list hears what is told
        reader.onClose(() -> readers.remove(reader));
    }

    private void answer(Context context) {
        Function<Context, byte[]> known = answers.get(context.req().getRequestURI());
        if (known != null) {
            context.header("X-Jobwatch-View-Lag", "0.120").contentType("application/json").result(known.apply(context));
            return;
        }
        try {
            HttpResponse<byte[]> answer = client.send(HttpRequest.newBuilder(URI.create(real + path(context)))
                    .header("Accept", Optional.ofNullable(context.header("Accept")).orElse("*/*")).build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            PASSED_ON.forEach(name -> answer.headers().firstValue(name).ifPresent(value -> context.header(name, value)));
            context.status(answer.statusCode()).contentType(answer.headers().firstValue("Content-Type").orElse("text/plain"))
                    .result(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static String path(Context context) {
        return context.req().getRequestURI() + (context.queryString() == null ? "" : "?" + context.queryString());
    }

    @Override
    public void close() {
        drop();
        javalin.stop();
    }
}
