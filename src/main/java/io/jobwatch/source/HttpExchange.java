package io.jobwatch.source;

import io.jobwatch.config.ConfigException;
import io.jobwatch.config.SourceConfig;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The one way in which sources ask a service over HTTP: a GET with the source's credentials, under one deadline for everything from the
 * connection to the last byte of the body, with a limit on the body. Credentials that are refused with status 401 are replaced where others
 * are to be had, and the request is repeated once, within the same deadline. Redirects are never followed by themselves:
 * {@link HttpAnswer#redirect()} tells whether and where to the caller may go. Thread-safe.
 */
public final class HttpExchange implements AutoCloseable {
    private final Mask mask = new Mask();
    private final HttpTransport http;
    private final Credentials credentials;
    private final Duration timeout;
    private final int bodyLimit;
    private final Clock clock;
    private final RequestGate gate;
    private final ExecutorService executor;

    /**
     * @param config its credentials, TLS settings and request time-out are used; its name goes into errors
     * @param clock  tells the time where a service does not
     * @param limits what each request has to pass before it is sent
     * @throws ConfigException if the credentials cannot be sent as headers, or the TLS files not be used
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
        this.timeout = config.requestTimeout();
        this.bodyLimit = bodyLimit;
        this.clock = clock;
        this.gate = limits.gate(config);
        this.executor = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "http-" + config.name());
            thread.setDaemon(true);
            return thread;
        });
        try {
            this.http = new HttpTransport(new HttpClients(config, executor, clock), mask);
            this.credentials = Credentials.of(config, http, mask, clock);
        } catch (ConfigException e) {
            executor.shutdownNow();
            throw new ConfigException("source " + config.name() + ": " + e.getMessage());
        }
    }

    /**
     * Waits until the limits of requests allow it, then asks and waits for the whole answer. Only the latter has a deadline.
     *
     * @param headers request headers beside the credentials
     * @return the answer, whatever its status; where its body repeats a credential, that is replaced by asterisks
     * @throws SourceException      if there is no complete answer: no connection, cut off, too large, or not within the deadline; or if
     *                              the credentials could not be obtained; or if the service was not asked, as it wants to be left alone
     *                              (429 or 503 with Retry-After) for longer than a moment
     * @throws InterruptedException if the thread was interrupted; the exchange is given up
     */
    public HttpAnswer get(URI uri, Map<String, String> headers) throws SourceException, InterruptedException {
        gate.pass();
        Deadline deadline = Deadline.in(timeout);
        Map<String, String> sent = credentials.headers(deadline);
        HttpAnswer answer = get(uri, headers, sent, deadline);
        Optional<Map<String, String>> others = answer.status() == 401 ? credentials.insteadOf(sent, deadline) : Optional.empty();
        if (others.isPresent()) {
            sent = others.get();
            deadline = deadline.pausedFor(gate::pass);
            answer = get(uri, headers, sent, deadline);
        }
        if (answer.status() != 401) {
            credentials.accepted(sent);
        }
        return answer;
    }

    private HttpAnswer get(URI uri, Map<String, String> headers, Map<String, String> authentication, Deadline deadline)
            throws SourceException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).GET();
        headers.forEach(request::setHeader);
        authentication.forEach(request::setHeader);
        HttpRequest asked = request.build();
        HttpResponse<byte[]> response = send(asked, deadline);
        HttpAnswer answer = new HttpAnswer(() -> http.prefix(asked), response, mask.apply(response.body()), mask, clock.instant());
        gate.heed(answer);
        return answer;
    }

    private HttpResponse<byte[]> send(HttpRequest request, Deadline deadline) throws SourceException, InterruptedException {
        long sent = gate.sent();
        OptionalInt status = OptionalInt.empty();
        try {
            HttpResponse<byte[]> response = http.send(request, bodyLimit, deadline, "url");
            status = OptionalInt.of(response.statusCode());
            return response;
        } finally {
            gate.ended(sent, status);
        }
    }

    @Override
    public void close() {
        // The client of Java 17 has no close: it ends by itself once nobody refers to it.
        executor.shutdownNow();
    }
}
