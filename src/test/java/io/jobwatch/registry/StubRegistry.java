package io.jobwatch.registry;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** A server that gives prepared answers in turn, the last one again and again, and writes down what it was asked. */
final class StubRegistry implements AutoCloseable {

    /** What was asked; {@code authorization} is null where there was none. */
    record Asked(String method, String path, String authorization, String contentType, String body, Map<String, List<String>> headers) {
    }

    /** A status, a body, how many bytes of it to send before it stalls (all where negative), headers, and a pause after each byte. */
    record Answer(int status, String body, int stallAfter, Map<String, String> headers, Duration betweenBytes) {
        Answer(int status, String body, int stallAfter, Map<String, String> headers) {
            this(status, body, stallAfter, headers, Duration.ZERO);
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    StubRegistry() throws IOException {
        this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    StubRegistry(SSLContext tls) throws IOException {
        this(https(tls, false));
    }

    /** {@return one that answers only who shows a certificate that the context trusts} */
    static StubRegistry askingForCertificates(SSLContext tls) throws IOException {
        return new StubRegistry(https(tls, true));
    }

    private static HttpServer https(SSLContext tls, boolean askForCertificate) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = tls.getDefaultSSLParameters();
                wanted.setNeedClientAuth(askForCertificate);
                parameters.setSSLParameters(wanted);
            }
        });
        return server;
    }

    private StubRegistry(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            asked.add(new Asked(exchange.getRequestMethod(), exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders().getFirst("Authorization"), exchange.getRequestHeaders().getFirst("Content-Type"),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                    Map.copyOf(exchange.getRequestHeaders())));
            Answer answer = answers.size() > 1 ? answers.poll() : answers.peek();
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            OutputStream out = exchange.getResponseBody();
            if (!answer.betweenBytes().isZero()) {
                for (byte b : body) {
                    out.write(b);
                    out.flush();
                    LockSupport.parkNanos(answer.betweenBytes().toNanos());
                }
            } else if (answer.stallAfter() < 0) {
                out.write(body);
                exchange.close();
            } else {
                out.write(body, 0, answer.stallAfter());
                out.flush();
            }
        });
        server.start();
    }

    StubRegistry answer(int status, String body) {
        return answer(status, body, Map.of());
    }

    StubRegistry answer(int status, String body, Map<String, String> headers) {
        answers.add(new Answer(status, body, -1, headers));
        return this;
    }

    StubRegistry answerAndStall(int status, String body, int stallAfter) {
        answers.add(new Answer(status, body, stallAfter, Map.of()));
        return this;
    }

    /** Each byte alone, with a pause after it. */
    StubRegistry answerSlowly(int status, String body, Duration betweenBytes) {
        answers.add(new Answer(status, body, -1, Map.of(), betweenBytes));
        return this;
    }

    StubRegistry redirect(String location) {
        answers.add(new Answer(302, "", -1, Map.of("Location", location)));
        return this;
    }

    List<Asked> asked() {
        return asked;
    }

    int port() {
        return server.getAddress().getPort();
    }

    URI url() {
        return URI.create((server instanceof HttpsServer ? "https://localhost:" : "http://127.0.0.1:") + port());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
