package io.jobwatch.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jobwatch.cli.client.ClientException.Kind;
import io.jobwatch.source.LimitedBody;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Asks a jobwatch over HTTP. One deadline holds for everything from the connection to the last byte, including the tries in which the other
 * side says that it cannot answer yet. Thread-safe; interrupting a thread ends its question with a {@link ClientException}.
 */
public final class QueryClient {
    private static final String LAG_HEADER = "X-Jobwatch-View-Lag";
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Endpoint endpoint;
    private final Duration timeout;
    private final Consumer<String> news;
    private final Pause pause;
    private final InstantSource clock;
    private final HttpClient http;

    /**
     * @param timeout for one question
     * @param news    is told, once a question, that the answer takes a while and why
     * @param pause   waits between two tries
     * @param clock   tells the time where the server does not
     * @throws ClientException if the CA's file cannot be used
     */
    public QueryClient(Endpoint endpoint, Duration timeout, Consumer<String> news, Pause pause, InstantSource clock) {
        this.endpoint = endpoint;
        this.timeout = timeout;
        this.news = news;
        this.pause = pause;
        this.clock = clock;
        this.http = endpoint.client();
    }

    /** {@return the JSON object that is there} */
    public Answer get(Target target) {
        return get(target, Duration.ZERO);
    }

    /**
     * {@return the JSON object that is there}
     *
     * @param longer what the server was asked to wait before it answers, beyond the usual time
     */
    public Answer get(Target target, Duration longer) {
        long asked = System.nanoTime();
        HttpResponse<Body> response = ask(request(target, "application/json"), Body.whole(), timeout.plus(longer));
        // A server dates its answer when it is asked (Jetty 12), however long it waits then.
        Duration waited = longer.isZero() ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - asked);
        if (!Refusal.type(response.headers()).equals("application/json") || response.headers().firstValue(LAG_HEADER).isEmpty()) {
            throw Refusal.notJobwatch(endpoint, response.headers());
        }
        try {
            JsonNode body = MAPPER.readTree(whole(response));
            return new Answer(body, lag(response), at(response).plus(waited));
        } catch (JsonProcessingException e) {
            throw new ClientException(Kind.UNAVAILABLE,
                    Refusal.place(endpoint) + " sent JSON that cannot be read: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory does not fail", e);
        }
    }

    /** {@return the plain text that is there} */
    public String text(Target target) {
        HttpResponse<Body> response = ask(request(target, "text/plain"), Body.whole(), timeout);
        if (!Refusal.type(response.headers()).equals("text/plain") || response.headers().firstValue(LAG_HEADER).isEmpty()) {
            throw Refusal.notJobwatch(endpoint, response.headers());
        }
        return new String(whole(response), StandardCharsets.UTF_8);
    }

    /**
     * Opens a stream of events. The deadline holds for the head of the answer.
     *
     * @param lastId where another stream ended, to go on there; empty for from now on
     */
    public EventStream events(Target target, String lastId) {
        HttpRequest.Builder request = request(target, EventStream.CONTENT_TYPE);
        if (!lastId.isEmpty()) {
            request.setHeader("Last-Event-ID", lastId);
        }
        HttpResponse<Body> response = ask(request, Body.stream(), timeout);
        if (response.body() instanceof Body.Pieces stream) {
            return new EventStream(stream.pieces(), lastId);
        }
        throw Refusal.notJobwatch(endpoint, response.headers());
    }

    private HttpRequest.Builder request(Target target, String accept) {
        HttpRequest.Builder request = HttpRequest.newBuilder(target.under(endpoint.url())).setHeader("Accept", accept);
        endpoint.token().ifPresent(token -> request.setHeader("Authorization", "Bearer " + token.reveal()));
        return request;
    }

    /** {@return an answer with status 200} */
    private HttpResponse<Body> ask(HttpRequest.Builder request, HttpResponse.BodyHandler<Body> handler, Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        boolean told = false;
        while (true) {
            try {
                return askOnce(request, handler, within, deadline);
            } catch (ClientException e) {
                Duration left = Duration.ofNanos(deadline - System.nanoTime());
                if (e.retryAfter().isZero() || e.retryAfter().compareTo(left) > 0) {
                    throw e;
                }
                if (!told) {
                    news.accept(e.getMessage() + "; asking again for " + left.toSeconds() + " s");
                    told = true;
                }
                take(e.retryAfter());
            }
        }
    }

    private HttpResponse<Body> askOnce(HttpRequest.Builder request, HttpResponse.BodyHandler<Body> handler, Duration within,
                                       long deadline) {
        CompletableFuture<HttpResponse<Body>> exchange = http.sendAsync(request.build(), handler);
        HttpResponse<Body> response;
        try {
            // HttpRequest.timeout ends with the headers of the answer, hence a deadline of our own.
            response = exchange.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw Refusal.late(endpoint, within);
        } catch (ExecutionException e) {
            throw failed(e.getCause());
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            exchange.cancel(true);
        }
        if (response.statusCode() != 200) {
            throw Refusal.of(endpoint, response, whole(response));
        }
        return response;
    }

    private ClientException failed(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof LimitedBody.TooLargeException) {
                return new ClientException(Kind.TOO_LARGE, Refusal.place(endpoint) + ": " + cause.getMessage());
            }
        }
        return Refusal.of(endpoint, failure);
    }

    private void take(Duration time) {
        try {
            pause.take(time);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private ClientException interrupted() {
        Thread.currentThread().interrupt();
        return new ClientException(Kind.REFUSED, "interrupted while asking " + Refusal.place(endpoint));
    }

    private static byte[] whole(HttpResponse<Body> response) {
        return ((Body.Whole) response.body()).bytes();
    }

    private static Duration lag(HttpResponse<?> response) {
        return response.headers().firstValue(LAG_HEADER).filter(text -> text.matches("[0-9]{1,12}(\\.[0-9]{1,9})?"))
                .map(text -> Duration.ofMillis((long) (Double.parseDouble(text) * 1000))).orElse(Duration.ZERO);
    }

    private Instant at(HttpResponse<?> response) {
        try {
            return response.headers().firstValue("Date").map(text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME))
                    .map(ZonedDateTime::toInstant).orElseGet(clock::instant);
        } catch (DateTimeException e) {
            return clock.instant();   // a date that is none says as much as no date
        }
    }
}
