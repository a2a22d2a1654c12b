package io.jobwatch.source;

import io.jobwatch.config.ConfigException;
import io.jobwatch.config.SourceConfig;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * The one way in which sources ask a service over HTTP: a GET with the source's credentials, under one deadline for everything from the
 * connection to the last byte of the body, with a limit on the body. Redirects are never followed by themselves:
 * {@link HttpAnswer#redirect()} tells whether and where to the caller may go. Thread-safe.
 */
public final class HttpExchange implements AutoCloseable {
    private final Credentials credentials;
    private final Duration deadline;
    private final int bodyLimit;
    private final Clock clock;
    private final RequestGate gate;
    private final ExecutorService executor;
    private final HttpClient client;

    /**
     * @param config its credentials and request time-out are used; its name goes into errors
     * @param clock  tells the time where a service does not
     * @param limits what each request has to pass before it is sent
     * @throws ConfigException if the credentials cannot be sent as headers
     */
    public HttpExchange(SourceConfig config, Clock clock, RequestLimits limits) {
        this(config, Bounds.BODY_BYTES, clock, limits);
    }

    /**
     * As {@link #HttpExchange(SourceConfig, Clock, RequestLimits)}, for a service whose answers are larger than {@link Bounds#BODY_BYTES}.
     *
     * @param bodyLimit in bytes; a body is held in memory, for a moment twice
     */
    public HttpExchange(SourceConfig config, int bodyLimit, Clock clock, RequestLimits limits) {
        try {
            this.credentials = Credentials.of(config.auth());
        } catch (ConfigException e) {
            throw new ConfigException("source " + config.name() + ": " + e.getMessage());
        }
        this.deadline = config.requestTimeout();
        this.bodyLimit = bodyLimit;
        this.clock = clock;
        this.gate = limits.gate(config);
        this.executor = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "http-" + config.name());
            thread.setDaemon(true);
            return thread;
        });
        this.client = HttpClient.newBuilder()
                .executor(executor)
                .followRedirects(HttpClient.Redirect.NEVER)
                // With one request in flight HTTP/2 gains nothing, and its upgrade header confuses old servers.
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    /**
     * Waits until the limits of requests allow it, then asks and waits for the whole answer. Only the latter has a deadline.
     *
     * @param headers request headers beside the credentials
     * @return the answer, whatever its status
     * @throws SourceException      if there is no complete answer: no connection, cut off, too large, or not within the deadline; or if
     *                              the service was not asked, as it wants to be left alone (429 or 503 with Retry-After) for longer than
     *                              a moment
     * @throws InterruptedException if the thread was interrupted; the exchange is given up
     */
    public HttpAnswer get(URI uri, Map<String, String> headers) throws SourceException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).GET();
        headers.forEach(request::setHeader);
        credentials.addTo(request);
        gate.pass();
        // HttpRequest.timeout ends with the headers of the answer: a body that stalls would block for ever. Hence a deadline of our own.
        CompletableFuture<HttpResponse<byte[]>> exchange = client.sendAsync(request.build(),
                info -> new LimitedBody(bodyLimit, info.headers().firstValueAsLong("Content-Length")));
        try {
            HttpResponse<byte[]> response = exchange.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
            HttpAnswer answer =
                    new HttpAnswer(uri, response.statusCode(), response.headers(), response.body(), credentials, clock.instant());
            gate.heed(answer);
            return answer;
        } catch (TimeoutException e) {
            throw new SourceException(prefix(uri, credentials) + "no complete answer within " + seconds(deadline));
        } catch (ExecutionException e) {
            throw new SourceException(prefix(uri, credentials) + credentials.mask(reason(uri, e.getCause())), e.getCause());
        } finally {
            exchange.cancel(true); // drops the connection of an exchange that is not over
        }
    }

    @Override
    public void close() {
        // The client of Java 17 has no close: it ends by itself once nobody refers to it.
        executor.shutdownNow();
    }

    static String prefix(URI uri, Credentials credentials) {
        return "GET " + credentials.mask(Printable.address(uri)) + ": ";
    }

    private static String reason(URI uri, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "the host " + uri.getHost() + " is not known: check the source's url";
            }
            if (cause instanceof LimitedBody.TooLargeException) {
                return cause.getMessage();
            }
            if (cause instanceof SSLException) {
                return "TLS failed: " + Printable.quote(String.valueOf(cause.getMessage()));
            }
        }
        String message = message(failure);
        if (failure instanceof ConnectException) {
            return "no connection" + (message.isEmpty() ? "" : " (" + message + ")")
                    + ": check the source's url and that the service is up";
        }
        if (isCut(message)) {
            return "the answer was cut off (" + message + ")";
        }
        return failure instanceof IOException ? "the connection broke: " + message : "the request failed: " + failure.getClass().getName();
    }

    /** The JDK's client has no exception type for an answer that ends too early, only these words (java.net.http of 17 to 25). */
    private static boolean isCut(String message) {
        return message.contains("bytes received") || message.contains("EOF reached") || message.contains("chunked transfer encoding")
                || message.contains("received no bytes") || message.equals("closed");
    }

    private static String message(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null) {
                return Printable.quote(cause.getMessage());
            }
        }
        return "";
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
