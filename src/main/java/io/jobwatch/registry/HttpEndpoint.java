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

/** An address that the JDK's client asks. */
final class HttpEndpoint implements RegistryEndpoint {
    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final int MAX_ANSWER_BYTES = 8 * 1024 * 1024;

    private final RegistryAddress address;
    private final RegistrySettings settings;
    private final HttpClient client;

    private HttpEndpoint(RegistryAddress address, RegistrySettings settings, HttpClient client) {
        this.address = address;
        this.settings = settings;
        this.client = client;
    }

    /** {@return these addresses, which share one client} */
    static List<HttpEndpoint> of(List<RegistryAddress> addresses, RegistrySettings settings) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(settings.patience().connect())
                // A redirect would carry the credentials to wherever the answer points.
                .followRedirects(HttpClient.Redirect.NEVER);
        settings.tls().ifPresent(tls -> builder.sslContext(tls.context()).sslParameters(tls.parameters()));
        settings.proxy().ifPresent(proxy -> builder.proxy(ProxySelector.of(proxy)));
        HttpClient client = builder.build();
        return addresses.stream().map(address -> new HttpEndpoint(address, settings, client)).toList();
    }

    @Override
    public JsonNode exchange(String method, String path, Optional<JsonNode> body, Duration limit) {
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
        HttpResponse<byte[]> response = await(what, request.build(), limit);
        if (response.statusCode() / 100 != 2) {
            throw RegistryRefusal.of(what, response);
        }
        return RegistryRefusal.json(response.body()).orElseThrow(() -> RegistryRefusal.noRegistry(what, response.headers()));
    }

    /** One deadline for the whole exchange: the time-out of the JDK's request ends with the headers. */
    private HttpResponse<byte[]> await(String what, HttpRequest request, Duration limit) {
        CompletableFuture<HttpResponse<byte[]>> exchange =
                client.sendAsync(request, info -> new BoundedBody(MAX_ANSWER_BYTES));
        try {
            return exchange.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            exchange.cancel(true);
            throw RegistryRefusal.tooSlow(what, limit, e);
        } catch (InterruptedException e) {
            exchange.cancel(true);
            Thread.currentThread().interrupt();
            throw new RegistryException(Kind.UNAVAILABLE, what + ": interrupted", e);
        } catch (ExecutionException e) {
            throw RegistryRefusal.of(what, "https".equalsIgnoreCase(request.uri().getScheme()), e.getCause());
        }
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
