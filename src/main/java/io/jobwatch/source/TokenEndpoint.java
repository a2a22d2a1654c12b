package io.jobwatch.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.jobwatch.config.AuthConfig;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Asks an OAuth 2.0 token endpoint for access tokens by the client credentials grant (RFC 6749, 4.4). A redirect is never followed, as the
 * client's secret would go with it, and nothing of an answer that grants is ever quoted. Thread-safe.
 */
final class TokenEndpoint {

    /** A token is a few kilobytes. */
    private static final int BODY_BYTES = 1024 * 1024;

    /** The endpoint need not say how long a token lives (RFC 6749, 5.1); few live shorter than this. */
    static final Duration DEFAULT_LIFETIME = Duration.ofMinutes(5);

    /** Whatever the endpoint says: not every request is to ask for a token, and a mistake is to end some day. */
    static final Duration SHORTEST_LIFETIME = Duration.ofSeconds(1);
    static final Duration LONGEST_LIFETIME = Duration.ofDays(1);

    private final AuthConfig.OAuth2 config;
    private final LiveSecret clientSecret;
    private final HttpTransport http;
    private final Mask mask;
    private final Clock clock;

    /** @param http sends the requests; its mask is {@code mask} */
    TokenEndpoint(AuthConfig.OAuth2 config, LiveSecret clientSecret, HttpTransport http, Mask mask, Clock clock) {
        this.config = config;
        this.clientSecret = clientSecret;
        this.http = http;
        this.mask = mask;
        this.clock = clock;
    }

    /** A token, known to the mask, and how long it lives from the time at which it was asked for. */
    record Grant(String token, Duration lifetime) {
    }

    /** Asks for a token; where it is refused, and the client's secret has been replaced in its file, once more with the new one. */
    Grant ask(Deadline deadline) throws SourceException, InterruptedException {
        HttpRequest request = request();
        HttpAnswer answer = send(request, deadline);
        if ((answer.status() == 400 || answer.status() == 401) && clientSecret.reread()) {
            request = request();
            answer = send(request, deadline);
        }
        if (answer.status() / 100 != 2) {
            throw refused(request, answer);
        }
        return granted(request, answer);
    }

    private HttpAnswer send(HttpRequest request, Deadline deadline) throws SourceException, InterruptedException {
        HttpResponse<byte[]> response = http.send(request, BODY_BYTES, deadline, "auth.token-url");
        return new HttpAnswer(() -> http.prefix(request), response, response.body(), mask, clock.instant());
    }

    private HttpRequest request() {
        String secret = clientSecret.value();
        mask.add("encoded client secret", encode(secret)); // in whose form it is sent, and may be repeated in yet another one
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "client_credentials");
        form.putAll(config.parameters());
        HttpRequest.Builder request = HttpRequest.newBuilder(config.tokenUrl())
                .setHeader("Accept", "application/json")
                .setHeader("Content-Type", "application/x-www-form-urlencoded")
                .setHeader("User-Agent", "jobwatch");
        if (config.clientAuth() == AuthConfig.ClientAuth.BASIC) {
            // RFC 6749, 2.3.1: each is encoded as in a form before they are joined.
            request.setHeader("Authorization", SecretHeaders.basic(encode(config.clientId()), encode(secret), mask));
        } else {
            form.put("client_id", config.clientId());
            form.put("client_secret", secret);
        }
        String body = form.entrySet().stream().map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
        return request.POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.US_ASCII)).build();
    }

    private Grant granted(HttpRequest request, HttpAnswer answer) throws SourceException {
        JsonNode said = json(answer);
        if (!said.isObject()) {
            throw new SourceException(
                    http.prefix(request) + "no token: expected JSON, found something else; is auth.token-url right?");
        }
        if (!said.has("access_token") && said.path("error").isTextual()) {
            throw refused(request, answer); // some endpoints refuse with status 200
        }
        String token = said.path("access_token").asText("");
        if (!said.path("access_token").isTextual() || !token.matches("[\\x21-\\x7e]+")) {
            throw new SourceException(http.prefix(request) + "no token: expected a text of visible ASCII characters as access_token, found "
                    + (said.has("access_token") ? "something else" : "none"));
        }
        mask.add("access token", token);
        JsonNode type = said.path("token_type");
        if (type.isTextual() && !type.textValue().equalsIgnoreCase("Bearer")) {
            throw new SourceException(http.prefix(request) + "no token: expected the token_type Bearer,"
                    + " found " + Printable.quote(mask.apply(type.textValue())));
        }
        return new Grant(token, lifetime(said.path("expires_in")));
    }

    /** A number of seconds by the standard; some endpoints make a text of it. What is neither says nothing. */
    static Duration lifetime(JsonNode expiresIn) {
        double seconds;
        if (expiresIn.isNumber()) {
            seconds = expiresIn.doubleValue();
        } else if (expiresIn.isTextual() && expiresIn.textValue().strip().matches("\\d{1,18}(\\.\\d{1,9})?")) {
            seconds = Double.parseDouble(expiresIn.textValue().strip());
        } else {
            return DEFAULT_LIFETIME;
        }
        if (seconds >= LONGEST_LIFETIME.toSeconds()) {
            return LONGEST_LIFETIME;
        }
        return seconds <= SHORTEST_LIFETIME.toSeconds() ? SHORTEST_LIFETIME : Duration.ofMillis((long) (seconds * 1000));
    }

    private SourceException refused(HttpRequest request, HttpAnswer answer) {
        String reason = "no token: HTTP " + answer.status();
        if (answer.status() / 100 == 3) {
            return new SourceException(http.prefix(request) + reason + " sends elsewhere; the client's secret is not sent there: if that is"
                    + " the right address, configure it as auth.token-url", answer.retryAfter(), null);
        }
        JsonNode said = json(answer);
        String code = said.path("error").isTextual() ? quoted(said.path("error").textValue()) : "";
        String words = quoted(code.isEmpty() ? ServiceMessage.in(answer.body()) : said.path("error_description").asText(""));
        String hint = switch (code) {
            case "invalid_client" -> " (check the source's auth: client-id, client-secret and client-auth)";
            case "invalid_scope", "invalid_target" -> " (check the source's auth: scope, resource and audience)";
            case "unauthorized_client", "unsupported_grant_type" -> " (the client must be allowed the grant client_credentials)";
            default -> answer.status() / 100 == 4 && answer.status() != 429 ? " (check the source's auth)" : "";
        };
        return new SourceException(http.prefix(request) + reason + (code.isEmpty() ? "" : " " + code)
                + (words.isEmpty() ? "" : ": " + words) + hint, answer.retryAfter(), null);
    }

    /** The parser's complaint would quote what may be a token. */
    private static JsonNode json(HttpAnswer answer) {
        try {
            return Json.MAPPER.readTree(answer.body());
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    private String quoted(String text) {
        return Printable.quote(mask.apply(text));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
