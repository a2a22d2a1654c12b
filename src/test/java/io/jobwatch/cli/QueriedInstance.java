package io.jobwatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jobwatch.query.stream.EventClient;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;

/**
 * One life of an instance, asked over HTTP. Refusals are noted, and are wrong while nothing is done to the instance. Thread-safe.
 */
final class QueriedInstance {
    /** So that a halted instance is seen to refuse. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);
    /** Where nothing is done to the instance, so that a busy machine is not taken for a refusal. */
    private static final Duration UNDISTURBED_ANSWER_WITHIN = Duration.ofSeconds(30);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Sightings told = new Sightings();
    private final String name;
    private final int port;
    private final ViewLog log;
    private volatile boolean disturbed = true;

    /**
     * An answer with the status 200 or 404.
     *
     * @param json       null where there is nothing at the path
     * @param lagSeconds the age that it claims
     * @param askedAt    by {@link System#nanoTime()}, as is {@code gotAt}
     */
    record Answer(String path, JsonNode json, double lagSeconds, long askedAt, long gotAt) {

        /** {@return everything that was committed by then must be in this answer} */
        long freshAt() {
            return askedAt - (long) (lagSeconds * 1e9);
        }
    }

    QueriedInstance(String name, int port, ViewLog log) {
        this.name = name;
        this.port = port;
        this.log = log;
    }

    String name() {
        return name;
    }

    /** {@return what this life has said} */
    Sightings told() {
        return told;
    }

    /** Something is being done to it, so it may refuse; or this is over, and it may not. At first it may: it starts. */
    void disturbed(boolean now) {
        disturbed = now;
    }

    /** {@return whether something is being done to it, or it starts} */
    boolean mayRefuse() {
        return disturbed;
    }

    /** {@return its stream of events behind an id; null for from now on} */
    EventClient follow(String lastEventId) {
        return new EventClient(http, "http://127.0.0.1:" + port + "/api/v1/events", lastEventId);
    }

    /** {@return whether it says that it is ready} */
    boolean ready() throws InterruptedException {
        try {
            return send("/health/ready").statusCode() == 200;
        } catch (IOException e) {
            return false;   // it does not listen yet, or does not run
        }
    }

    /** {@return the answer, or empty where it was refused} */
    Optional<Answer> ask(String path) throws InterruptedException {
        String phase = log.phase();
        boolean mayRefuse = disturbed;
        long askedAt = System.nanoTime();
        String refusal;
        try {
            HttpResponse<String> response = send(path);
            long gotAt = System.nanoTime();
            switch (response.statusCode()) {
                case 200, 404 -> {
                    double lag = Double.parseDouble(response.headers().firstValue("X-Jobwatch-View-Lag").orElseThrow());
                    JsonNode json = response.statusCode() == 200 ? MAPPER.readTree(response.body()) : null;
                    log.answered(phase, lag, json != null && json.path("stale").asBoolean());
                    return Optional.of(new Answer(path, json, lag, askedAt, gotAt));
                }
                case 503 -> {
                    refusal = "503";
                    if (response.headers().firstValue("Retry-After").isEmpty()) {
                        log.wrong(name + " refused " + path + " without a Retry-After");
                    }
                }
                default -> {
                    refusal = Integer.toString(response.statusCode());
                    log.wrong(name + " answered " + path + " with " + response.statusCode() + ": " + response.body());
                }
            }
        } catch (ConnectException e) {
            refusal = "no connection";
        } catch (HttpTimeoutException e) {
            refusal = "no answer";
        } catch (IOException e) {
            refusal = "broken off";
        }
        log.refused(phase, name, refusal);
        if (!mayRefuse && !disturbed) {
            log.wrong(name + " refused " + path + " though nothing was done to it: " + refusal);
        }
        return Optional.empty();
    }

    private HttpResponse<String> send(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(disturbed ? ANSWER_WITHIN : UNDISTURBED_ANSWER_WITHIN).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
