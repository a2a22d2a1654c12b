package io.jobwatch.topology;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jobwatch.embedded.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands before a registry, and lets its clients through or not. */
final class RegistryGate implements AutoCloseable {
    /** In place of a status: requests are taken and never answered. */
    static final int SILENCE = -1;
    private static final int OPEN = 0;

    private final int port = Ports.free();
    private final String registryUrl;
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile int mode = OPEN;
    private ExecutorService threads;
    private HttpServer server;

    RegistryGate(String registryUrl) throws IOException {
        this.registryUrl = registryUrl;
        open();
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Passes everything on, after a shut-down too. */
    void open() throws IOException {
        mode = OPEN;
        if (server == null) {
            threads = Executors.newCachedThreadPool();
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            server.setExecutor(threads);
            server.createContext("/", this::handle);
            server.start();
        }
    }

    /** Accepts no connection from now on. */
    void shut() {
        server.stop(0);
        threads.shutdownNow();
        server = null;
    }

    /** Answers everything with this status from now on. */
    void refuse(int status) {
        refused.set(0);
        mode = status;
    }

    /** {@return how many requests were not passed on since the last change} */
    int refused() {
        return refused.get();
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        int now = mode;
        if (now != OPEN) {
            refused.incrementAndGet();
            if (now != SILENCE) {
                answer(exchange, now, new byte[0]);
            }
            return;
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create(registryUrl + exchange.getRequestURI()))
                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body)).build();
        try {
            HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
            answer(exchange, response.statusCode(), response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        if (server != null) {
            shut();
        }
    }
}
