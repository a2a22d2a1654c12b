package io.jobwatch.cli.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server that sends prepared streams of events, one a connection, over a real socket; and notes what it was asked. */
public final class EventsServer implements AutoCloseable {

    /** @param lastId null where none was sent */
    public record Asked(String target, String lastId, String authorization) {
    }

    /** What comes after the text. */
    private enum Then {
        END, NOTHING, THE_SAME
    }

    private record Script(int status, String contentType, String text, Then then) {
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BlockingQueue<Script> scripts = new LinkedBlockingQueue<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);

    public EventsServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    /** The next connection gets these events and ends. */
    public EventsServer events(String text) {
        scripts.add(new Script(200, "text/event-stream;charset=utf-8", text, Then.END));
        return this;
    }

    /** The next connection gets these events and stays. */
    public EventsServer eventsAndStay(String text) {
        scripts.add(new Script(200, "text/event-stream;charset=utf-8", text, Then.NOTHING));
        return this;
    }

    /** The next connection gets these events again and again until it is dropped. */
    public EventsServer eventsForEver(String text) {
        scripts.add(new Script(200, "text/event-stream;charset=utf-8", text, Then.THE_SAME));
        return this;
    }

    /** The next connection is refused. */
    public EventsServer problem(int status, String detail) {
        scripts.add(new Script(status, "application/problem+json", "{\"status\":" + status + ",\"detail\":\"" + detail + "\"}", Then.END));
        return this;
    }

    public List<Asked> asked() {
        return asked;
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void serve(HttpExchange exchange) throws IOException {
        asked.add(new Asked(exchange.getRequestURI().toString(), exchange.getRequestHeaders().getFirst("Last-Event-ID"),
                exchange.getRequestHeaders().getFirst("Authorization")));
        try (exchange) {
            Script script = scripts.take();
            exchange.getResponseHeaders().add("Content-Type", script.contentType());
            exchange.getResponseHeaders().add("X-Jobwatch-View-Lag", "0.100");
            exchange.sendResponseHeaders(script.status(), 0);
            OutputStream out = exchange.getResponseBody();
            do {
                out.write(script.text().getBytes(StandardCharsets.UTF_8));
                out.flush();
            } while (script.then() == Then.THE_SAME && !closing.await(100, TimeUnit.MILLISECONDS));
            if (script.then() == Then.NOTHING) {
                closing.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
