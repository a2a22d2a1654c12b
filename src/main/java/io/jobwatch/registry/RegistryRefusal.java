package io.jobwatch.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.jobwatch.registry.RegistryException.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Says why there is no answer, or what a refusal means, and what to do about it. */
final class RegistryRefusal {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String WANTS_A_CERTIFICATE =
            "does it want a certificate of this client, or another one (schema.registry.ssl.keystore.*)?";
    private static final String TRUSTSTORE = "schema.registry.ssl.truststore.*";

    private RegistryRefusal() {
    }

    /**
     * {@return what an answer without success means}
     *
     * @param what the request, by method and address
     */
    static RegistryException of(String what, HttpResponse<byte[]> response) {
        int status = response.statusCode();
        JsonNode answer = Optional.ofNullable(response.body()).flatMap(RegistryRefusal::json).orElse(MissingNode.getInstance());
        return of(what, status, answer.path("error_code").asInt(status), answer.path("message").asText(""), retryAfter(response.headers()));
    }

    /**
     * {@return what an answer without success means}
     *
     * @param what the request, by method and address
     * @param code the registry's own, or the status where it gives none
     * @param said the registry's reason, perhaps empty
     * @param wait how long it asks to be left alone
     */
    static RegistryException of(String what, int status, int code, String said, Optional<Duration> wait) {
        if (status == 407) {   // and where it was asked for a tunnel, the JDK's clients give no body
            return new RegistryException(Kind.REJECTED, status, what + ": " + status
                    + "; the proxy (proxy.host) asks for a user, which is not supported: let it pass this host without one");
        }
        String reason = RegistryText.oneLine(said);
        String message = what + ": " + status + (code == status ? "" : " (error " + code + ")") + (reason.isEmpty() ? "" : " " + reason);
        if (status == 401 || status == 403) {
            return new RegistryException(Kind.UNAUTHORIZED, status, message + "; check basic.auth.user.info or bearer.auth.token"
                    + (status == 403 ? ", and the rights of that user" : ""));
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
            return new RegistryException(Kind.UNAVAILABLE, status,
                    message + wait.map(asked -> "; it asks to wait " + asked.toSeconds() + " s").orElse(""), wait.orElse(Duration.ZERO));
        }
        if (status / 100 == 3) {
            return new RegistryException(Kind.REJECTED, status,
                    message + "; redirects are not followed, configure the address it leads to");
        }
        return new RegistryException(Kind.REJECTED, status, message);
    }

    /** {@return what to say of an exchange that did not end in time} */
    static RegistryException tooSlow(String what, Duration limit, Throwable cause) {
        return new RegistryException(Kind.UNAVAILABLE, what + ": no whole answer within " + limit.toMillis()
                + " ms (http.read.timeout.ms, or this address's share of the limit for the whole call)", cause);
    }

    /** {@return what to say of an answer with success that no registry gives} */
    static RegistryException noRegistry(String what, HttpHeaders headers) {
        return new RegistryException(Kind.UNAVAILABLE, what + ": the answer is not JSON"
                + headers.firstValue("Content-Type").map(type -> " but " + RegistryText.oneLine(type)).orElse("")
                + "; is this a Schema Registry? Check schema-registry.url");
    }

    /**
     * {@return why there is no answer}
     *
     * @param overTls whether the address is https
     */
    static RegistryException of(String what, boolean overTls, Throwable failure) {
        return new RegistryException(Kind.UNAVAILABLE, what + ": " + reason(failure, overTls), failure);
    }

    private static String reason(Throwable failure, boolean overTls) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return "no TLS with the Schema Registry: " + tls(RegistryText.of(failure));
            }
            if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
                return "the host of the Schema Registry, or of its proxy, is not known: check schema-registry.url and proxy.host";
            }
        }
        if (failure instanceof HttpConnectTimeoutException) {
            return "no connection to the Schema Registry in time (http.connect.timeout.ms): check schema-registry.url and that it is up";
        }
        if (failure instanceof ConnectException) {
            return "no connection to the Schema Registry: check schema-registry.url and that it is up";
        }
        String said = RegistryText.of(failure);
        if (said.contains("received no bytes") || said.contains("Connection reset") || said.contains("EOF reached")
                || said.contains("Unexpected end of file") || said.contains("Error writing to server")) {
            // From TLS 1.3 on a server judges the client's certificate after the client has taken the connection for made.
            return "the connection was closed before the whole answer (" + said + ")" + (overTls ? "; " + WANTS_A_CERTIFICATE : "");
        }
        return said.contains("Tunnel failed") || said.contains("Unable to tunnel")
                ? said + "; the proxy (proxy.host) makes no connection to the registry: is schema-registry.url right, and may it go there?"
                : said;
    }

    /** The words of the JDK's own TLS (sun.security.ssl and sun.security.validator of 17 to 25). */
    private static String tls(String said) {
        String lower = said.toLowerCase(Locale.ROOT);
        if (lower.contains("pkix path") || lower.contains("trust anchor")) {
            return said + "; its certificate is not trusted: name the certificate of its CA with " + TRUSTSTORE;
        }
        if (lower.contains("subject alternative") || lower.contains("no name matching")) {
            return said + "; its certificate is for another host than the one in schema-registry.url";
        }
        if (lower.contains("unrecognized ssl message") || lower.contains("unsupported or unrecognized")) {
            return said + "; is it http rather than https?";
        }
        if (lower.contains("received fatal alert")) {
            return said + "; " + WANTS_A_CERTIFICATE;
        }
        return said;
    }

    /** {@return the object or array in a body; empty where it is something else} */
    static Optional<JsonNode> json(byte[] body) {
        try {
            JsonNode node = MAPPER.readTree(body);
            return node.isContainerNode() ? Optional.of(node) : Optional.empty();
        } catch (IOException e) {
            // Not JSON, or not even characters: the caller says so, and where.
            return Optional.empty();
        }
    }

    /** RFC 9110, 10.2.3. A date is compared with the answer's own, so that a difference between the clocks does no harm. */
    private static Optional<Duration> retryAfter(HttpHeaders headers) {
        String value = headers.firstValue("Retry-After").orElse("").strip();
        if (value.matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
        }
        Optional<Instant> until = date(value);
        Optional<Instant> now = date(headers.firstValue("Date").orElse(""));
        return until.isEmpty() || now.isEmpty() || until.get().isBefore(now.get())
                ? Optional.empty()
                : Optional.of(Duration.between(now.get(), until.get()));
    }

    private static Optional<Instant> date(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();   // a header that says nothing usable is as good as none
        }
    }
}
