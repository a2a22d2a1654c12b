package io.jobwatch.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.registry.RegistryException.Kind;
import java.net.ProxySelector;
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
import java.util.function.DoubleSupplier;

/** Asks one of several addresses and tells an outage from an answer. Thread-safe; callers block. */
final class RegistryHttp implements RegistryCalls {
    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final int MAX_ANSWER_BYTES = 8 * 1024 * 1024;

    private final List<RegistryAddress> addresses;
    private final RegistrySettings settings;
    private final Patience patience;
    private final DoubleSupplier chance;
    private final HttpClient client;
    /** The address that answered last; a race only costs a detour. */
    private volatile int preferred;

    /** @param chance numbers from 0 to 1, evenly spread */
    RegistryHttp(List<RegistryAddress> addresses, RegistrySettings settings, DoubleSupplier chance) {
        this.addresses = addresses;
        this.settings = settings;
        this.patience = settings.patience();
        this.chance = chance;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(patience.connect())
                // A redirect would carry the credentials to wherever the answer points.
                .followRedirects(HttpClient.Redirect.NEVER);
        settings.tls().ifPresent(tls -> builder.sslContext(tls.context()).sslParameters(tls.parameters()));
        settings.proxy().ifPresent(proxy -> builder.proxy(ProxySelector.of(proxy)));
        this.client = builder.build();
    }

    /**
     * {@return the JSON of a 2xx answer} Every request of the API may be repeated safely, so each is, at every address, while none answers.
     *
     * @throws RegistryException for everything else
     */
    @Override
    public JsonNode call(String method, String path, Optional<JsonNode> body) {
        long deadline = System.nanoTime() + patience.call().toNanos();
        RegistryException outage = null;
        for (int repetition = 0; repetition <= patience.maxRetries(); repetition++) {
            if (repetition > 0) {
                Duration wait = longer(patience.before(repetition, chance.getAsDouble()), outage.retryAfter());
                if (!pause(wait, deadline, outage)) {
                    break;
                }
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

    /** {@return whether there is still time; if not, nothing was waited for} */
    private static boolean pause(Duration delay, long deadline, RegistryException outage) {
        if (delay.compareTo(Duration.ofNanos(deadline - System.nanoTime())) >= 0) {
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

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    private JsonNode exchange(RegistryAddress address, String method, String path, Optional<JsonNode> body, Duration left) {
        String what = method + " " + address + path
                + settings.proxy().map(proxy -> " through the proxy " + proxy.getHostString() + ":" + proxy.getPort()).orElse("");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address.base() + path))
                .header("Accept", MEDIA_TYPE + ", application/json;q=0.9")
                .method(method, body.map(json -> BodyPublishers.ofString(json.toString())).orElse(BodyPublishers.noBody()));
        if (body.isPresent()) {
            request.header("Content-Type", MEDIA_TYPE);
        }
        address.authorization().ifPresent(secret -> request.header("Authorization", secret.reveal()));
        settings.credentials().headers().forEach((name, value) -> request.setHeader(name, value.reveal()));
        HttpResponse<byte[]> response = await(what, request.build(), left.compareTo(patience.exchange()) < 0 ? left : patience.exchange());
        if (response.statusCode() / 100 != 2) {
            throw RegistryRefusal.of(what, response);
        }
        return RegistryRefusal.json(response.body()).orElseThrow(() -> RegistryRefusal.noRegistry(what, response.headers()));
    }

    /** One deadline for the whole exchange: the time-out of the JDK's request ends with the headers. */
    private HttpResponse<byte[]> await(String what, HttpRequest request, Duration timeout) {
        CompletableFuture<HttpResponse<byte[]>> exchange =
                client.sendAsync(request, info -> new BoundedBody(MAX_ANSWER_BYTES));
        try {
            return exchange.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            exchange.cancel(true);
            throw new RegistryException(Kind.UNAVAILABLE, what + ": no whole answer within " + timeout.toMillis()
                    + " ms (http.read.timeout.ms, or the limit for the whole call)", e);
        } catch (InterruptedException e) {
            exchange.cancel(true);
            Thread.currentThread().interrupt();
            throw new RegistryException(Kind.UNAVAILABLE, what + ": interrupted", e);
        } catch (ExecutionException e) {
            throw RegistryRefusal.of(what, "https".equalsIgnoreCase(request.uri().getScheme()), e.getCause());
        }
    }
}
