package io.jobwatch.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** A complete answer of a service, whatever its status. What it says of itself in errors is short, one line and free of secrets. */
public final class HttpAnswer {
    private static final Pattern NOT_IN_ADDRESS = Pattern.compile("[^A-Za-z0-9._~:/?#\\[\\]@!$&'()*+,;=%-]");

    private final Supplier<String> prefix;
    private final URI uri;
    private final int status;
    private final HttpHeaders headers;
    private final byte[] body;
    private final Mask mask;
    private final Instant receivedAt;

    /**
     * @param prefix begins every error about the answer: what was asked, where
     * @param body   the response's, or what is to be known of it
     */
    HttpAnswer(Supplier<String> prefix, HttpResponse<?> response, byte[] body, Mask mask, Instant receivedAt) {
        this.prefix = prefix;
        this.uri = response.uri();
        this.status = response.statusCode();
        this.headers = response.headers();
        this.body = body;
        this.mask = mask;
        this.receivedAt = receivedAt;
    }

    public int status() {
        return status;
    }

    /** {@return the bytes themselves, not a copy} */
    public byte[] body() {
        return body;
    }

    public Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    /** {@return all values of a header that may be there several times} */
    public List<String> headers(String name) {
        return headers.allValues(name);
    }

    /** {@return the time of the answer by the service's clock, where it tells it} */
    public Optional<Instant> date() {
        return header("Date").flatMap(RetryAfter::date);
    }

    /** {@return how long the service asks to be left alone, at most an hour} */
    public Optional<Duration> retryAfter() {
        return header("Retry-After").flatMap(value -> RetryAfter.parse(value, date().orElse(receivedAt)));
    }

    /** {@return this answer, if its status is 200} */
    public HttpAnswer requireOk() throws SourceException {
        if (status != 200) {
            throw refused();
        }
        return this;
    }

    /** {@return the body as JSON} Requires nothing of the status. */
    public JsonNode json() throws SourceException {
        requireJson();
        try {
            return Json.MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            throw unusable(Json.problem(e));
        } catch (IOException e) {
            throw unusable("not readable: " + e.getMessage());
        }
    }

    /** Rejects at a glance what cannot be JSON, with better words than a parser has for it. */
    public void requireJson() throws SourceException {
        String beginning = new String(body, 0, Math.min(body.length, 256), StandardCharsets.UTF_8).strip();
        if (beginning.isEmpty()) {
            throw unusable("an empty body instead of JSON");
        }
        if (ServiceMessage.looksLikeHtml(beginning)) {
            throw unusable("HTML or XML instead of JSON; is this the address of the API, and not of a sign-in page or a proxy?");
        }
        Optional<String> encoding = header("Content-Encoding").filter(value -> !value.equalsIgnoreCase("identity"));
        if (encoding.isPresent()) {
            throw unusable("the content encoding " + Printable.quote(encoding.get()) + ", which was not asked for");
        }
    }

    /**
     * {@return the address that the service sends to instead, if it is at the very same origin} To any other the credentials must not go.
     *
     * @throws SourceException if it is elsewhere or not readable
     */
    public Optional<URI> redirect() throws SourceException {
        if (status != 301 && status != 302 && status != 307 && status != 308) {
            return Optional.empty();
        }
        String location = header("Location").orElseThrow(() -> unusable("HTTP " + status + " without a Location"));
        return Optional.of(sameOrigin(location, "HTTP " + status));
    }

    /**
     * {@return the address of a link in the answer, such as one to the next page, if it is at the very same origin} To any other the
     * credentials must not go.
     *
     * @param link absolute or relative; characters that an address cannot hold, which services leave in filters, are encoded
     * @param what names the link in errors
     * @throws SourceException if it leads elsewhere or cannot be read
     */
    public URI link(String link, String what) throws SourceException {
        return sameOrigin(NOT_IN_ADDRESS.matcher(link.strip()).replaceAll(found -> ServiceAddress.encode(found.group())), what);
    }

    private URI sameOrigin(String address, String what) throws SourceException {
        URI target;
        try {
            String text = address.strip();
            // The JDK's rules of resolving are those of RFC 2396, by which a query alone takes the last part of the path away.
            target = uri.resolve(text.startsWith("?") ? uri.getRawPath() + text : text);
        } catch (IllegalArgumentException e) {
            throw unusable(what + " leads to an address that cannot be read: " + Printable.quote(mask.apply(address)));
        }
        if (!Origin.of(uri).equals(Origin.of(target))) {
            throw unusable(what + " sends to another host, " + mask.apply(Printable.address(target))
                    + "; credentials are not sent there: if that is the service's right address, configure it as the source's url");
        }
        return target;
    }

    /**
     * {@return whether the body is empty, or may be JSON} What a proxy says of its own accord, such as that it found nothing at the address
     * while the service behind it is away, is mostly neither.
     */
    public boolean isEmptyOrJson() {
        String start = new String(body, 0, Math.min(body.length, 64), StandardCharsets.UTF_8).strip();
        return body.length == 0 || start.startsWith("{") || start.startsWith("[");
    }

    /** {@return what to throw when the status says that this is not what was asked for} Holds the service's own message and Retry-After. */
    public SourceException refused() {
        String said = Printable.quote(mask.apply(ServiceMessage.in(body)));
        String hint = status == 401 || status == 403 ? " (check the source's auth)" : "";
        return new SourceException(prefix.get() + "HTTP " + status + (said.isEmpty() ? "" : ": " + said) + hint, retryAfter(), null);
    }

    /** {@return what to throw when the answer as such cannot be used} */
    public SourceException unusable(String reason) {
        return new SourceException(prefix.get() + "the answer cannot be used: " + mask.apply(reason), retryAfter(), null);
    }
}
