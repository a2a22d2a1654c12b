package io.jobwatch.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.jobwatch.registry.HttpSchemaRegistry.Timeouts;
import io.jobwatch.registry.RegistryException.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/** Asks one of several addresses and tells an outage from an answer. Thread-safe; callers block. */
final class RegistryHttp implements RegistryCalls {
    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final int ROUNDS = 3;
    private static final int MAX_ANSWER_BYTES = 8 * 1024 * 1024;
    private static final int MAX_REASON_CHARS = 2_000;
    private static final JsonMapper MAPPER = new JsonMapper();

    private final List<RegistryAddress> addresses;
    private final Timeouts timeouts;
    private final HttpClient client;
    /** The address that answered last; a race only costs a detour. */
    private volatile int preferred;

    RegistryHttp(List<RegistryAddress> addresses, Optional<SSLContext> tls, Timeouts timeouts) {
        this.addresses = addresses;
        this.timeouts = timeouts;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeouts.connect())
                // A redirect would carry the credentials to wherever the answer points.
                .followRedirects(HttpClient.Redirect.NEVER);
        tls.ifPresent(builder::sslContext);
        this.client = builder.build();
    }

    /**
     * {@return the JSON of a 2xx answer} Every request of the API may be repeated safely, so each is, at every address, while none answers.
     *
     * @throws RegistryException for everything else
     */
    @Override
    public JsonNode call(String method, String path, Optional<JsonNode> body) {
        long deadline = System.nanoTime() + timeouts.call().toNanos();
        RegistryException outage = null;
        for (int round = 0; round < ROUNDS; round++) {
            if (round > 0 && !pause(timeouts.retryDelay().multipliedBy(1L << (round - 1)), deadline, outage)) {
                break;
            }
            int first = preferred;
            for (int i = 0; i < addresses.size(); i++) {
                int index = (first + i) % addresses.size();
                Duration left = Duration.ofNanos(deadline - System.nanoTime());
                if (outage != null && (left.isNegative() || left.isZero())) {
                    throw outage;
                }
                try {
                    JsonNode answer = exchange(addresses.get(index), method, path, body, left);
                    preferred = index;
                    return answer;
                } catch (RegistryException e) {
                    if (e.kind() != Kind.UNAVAILABLE || Thread.currentThread().isInterrupted()) {
                        throw e;
                    }
                    if (outage != null) {
                        e.addSuppressed(outage);
                    }
                    outage = e;
                }
            }
        }
        throw outage;
    }

    private static boolean pause(Duration delay, long deadline, RegistryException outage) {
        if (System.nanoTime() + delay.toNanos() >= deadline) {
            return false;
        }
        try {
            Thread.sleep(delay.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw outage;
        }
    }

    private JsonNode exchange(RegistryAddress address, String method, String path, Optional<JsonNode> body, Duration left) {
        String what = method + " " + address + path;
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address.base() + path))
                .header("Accept", MEDIA_TYPE + ", application/json;q=0.9")
                .method(method, body.map(json -> BodyPublishers.ofString(json.toString())).orElse(BodyPublishers.noBody()));
        if (body.isPresent()) {
            request.header("Content-Type", MEDIA_TYPE);
        }
        address.authorization().ifPresent(secret -> request.header("Authorization", secret.reveal()));
        HttpResponse<byte[]> response = await(what, request.build(), left.compareTo(timeouts.exchange()) < 0 ? left : timeouts.exchange());
        if (response.statusCode() / 100 != 2) {
            throw refusal(what, response);
        }
        return json(response.body())
                .orElseThrow(() -> new RegistryException(Kind.UNAVAILABLE, what + ": the answer is not JSON; is this a Schema Registry?"));
    }

    /** One deadline for the whole exchange: the time-out of the JDK's request ends with the headers. */
    private HttpResponse<byte[]> await(String what, HttpRequest request, Duration timeout) {
        CompletableFuture<HttpResponse<byte[]>> exchange =
                client.sendAsync(request, info -> new BoundedBody(MAX_ANSWER_BYTES));
        try {
            return exchange.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            exchange.cancel(true);
            throw new RegistryException(Kind.UNAVAILABLE, what + ": no whole answer within " + timeout.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            exchange.cancel(true);
            Thread.currentThread().interrupt();
            throw new RegistryException(Kind.UNAVAILABLE, what + ": interrupted", e);
        } catch (ExecutionException e) {
            // Many of the JDK's connection errors have no message of their own.
            Throwable cause = e.getCause();
            String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            throw new RegistryException(Kind.UNAVAILABLE, cause instanceof ConnectException
                    ? what + ": no connection to the Schema Registry: check schema-registry.url and that it is up"
                    : what + ": " + reason, cause);
        }
    }

    private static RegistryException refusal(String what, HttpResponse<byte[]> response) {
        int status = response.statusCode();
        JsonNode answer = json(response.body()).orElse(MissingNode.getInstance());
        int code = answer.path("error_code").asInt(status);
        return refusal(what, status, code, answer.path("message").asText(""));
    }

    /**
     * {@return what an answer without success means}
     *
     * @param code the registry's own, or the status where there is none
     * @param said the registry's reason, perhaps empty
     */
    static RegistryException refusal(String what, int status, int code, String said) {
        String reason = oneLine(said);
        String message = what + ": " + status + (code == status ? "" : " (error " + code + ")") + (reason.isEmpty() ? "" : " " + reason);
        if (status == 401 || status == 403) {
            return new RegistryException(Kind.UNAUTHORIZED, status, message + "; check basic.auth.user.info or bearer.auth.token");
        }
        if (status == 404) {
            // Only a registry's own 404xx says that something does not exist. A plain 404 is a wrong path or a proxy's: it says nothing of
            // the schema.
            return code / 100 == 404
                    ? new RegistryException(Kind.NOT_FOUND, status, message)
                    : new RegistryException(Kind.REJECTED, status, message + "; is the path of the address right?");
        }
        if (status == 409) {
            return new RegistryException(Kind.INCOMPATIBLE, status, message);
        }
        if (status == 408 || status == 429 || status >= 500) {
            return new RegistryException(Kind.UNAVAILABLE, status, message);
        }
        if (status / 100 == 3) {
            return new RegistryException(Kind.REJECTED, status,
                    message + "; redirects are not followed, configure the address it leads to");
        }
        return new RegistryException(Kind.REJECTED, status, message);
    }

    private static Optional<JsonNode> json(byte[] body) {
        try {
            JsonNode node = MAPPER.readTree(body);
            return node.isContainerNode() ? Optional.of(node) : Optional.empty();
        } catch (IOException e) {
            // Not JSON, or not even characters: the caller says so, and where.
            return Optional.empty();
        }
    }

    /** {@return a text from outside as it may stand in a message: without control characters, and not too long} */
    static String oneLine(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() <= MAX_REASON_CHARS ? line : line.substring(0, MAX_REASON_CHARS) + "…";
    }
}
