package io.jobwatch.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jobwatch.cli.client.ClientException.Kind;
import io.jobwatch.source.Printable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SSLException;

/** Says why there is no answer, and what to do about it. */
final class Refusal {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofSeconds(10);
    private static final int DETAIL_CHARS = 1_000;
    private static final Set<String> BROKEN_OFF = Set.of("Remote host terminated the handshake", "Remote host closed the channel",
            "closing inbound before receiving peer's close_notify");

    private Refusal() {
    }

    /** {@return why an answer with another status than 200 is no answer} */
    static ClientException of(Endpoint endpoint, HttpResponse<?> response, byte[] body) {
        int status = response.statusCode();
        String at = place(endpoint);
        if (status >= 300 && status < 400) {
            return new ClientException(Kind.REFUSED, at + " answers that it is elsewhere"
                    + response.headers().firstValue("Location").map(to -> " (" + Printable.quote(to) + ")").orElse("")
                    + ": give the address of jobwatch itself with --url");
        }
        String type = type(response.headers());
        if (!type.equals("application/problem+json")) {
            return foreign(at, status, type, response.headers());
        }
        return problem(endpoint, status, detail(body), response.headers());
    }

    private static ClientException foreign(String at, int status, String type, HttpHeaders headers) {
        String what = at + " answers with status " + status + " and " + (type.isEmpty() ? "no content type" : Printable.quote(type));
        if (status == 502 || status == 503 || status == 504 || status == 429) {
            return new ClientException(Kind.UNAVAILABLE, what + ", which is something in front of jobwatch that cannot reach it",
                    retryAfter(headers));
        }
        return new ClientException(Kind.REFUSED, what + ", which is not jobwatch: is --url right?");
    }

    private static ClientException problem(Endpoint endpoint, int status, String detail, HttpHeaders headers) {
        String at = place(endpoint);
        String said = detail.isEmpty() ? "status " + status : detail;
        return switch (status) {
            case 400 -> new ClientException(Kind.USAGE, said);
            case 401 -> new ClientException(Kind.REFUSED, endpoint.token().isEmpty()
                    ? at + " wants a token: give the file that holds it with --token-file, or the token in JOBWATCH_TOKEN"
                    : at + " does not accept the token (from --token-file or JOBWATCH_TOKEN): is it one of query.auth.tokens there?");
            case 404 -> new ClientException(Kind.NOT_FOUND, said.contains("nothing at this path")
                    ? at + " does not know the question: is jobwatch there older than this command, or is --url wrong?" : said);
            case 429, 503 -> new ClientException(Kind.UNAVAILABLE, at + " cannot answer now: " + said, retryAfter(headers));
            default -> new ClientException(status >= 500 ? Kind.UNAVAILABLE : Kind.REFUSED, at + " refuses: " + said);
        };
    }

    /** {@return why an answer with status 200 cannot be one of jobwatch} */
    static ClientException notJobwatch(Endpoint endpoint, HttpHeaders headers) {
        String type = type(headers);
        return new ClientException(Kind.REFUSED, place(endpoint) + " answers with "
                + (type.isEmpty() ? "no content type" : Printable.quote(type)) + ", which is not jobwatch: is --url right?");
    }

    /** {@return why there is no answer at all} */
    static ClientException of(Endpoint endpoint, Throwable failure) {
        String at = place(endpoint);
        String message = "";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return new ClientException(Kind.UNAVAILABLE, "the host " + endpoint.url().getHost() + " is not known: is --url right?");
            }
            if (cause instanceof SSLException tls && brokenOff(tls)) {
                return new ClientException(Kind.UNAVAILABLE, "the connection to " + at + " ended before TLS was agreed on, as where the"
                        + " server is being restarted");
            }
            if (cause instanceof SSLException) {
                return new ClientException(Kind.REFUSED, "TLS with " + at + " failed: " + tls(String.valueOf(cause.getMessage())));
            }
            if (message.isEmpty() && cause.getMessage() != null) {
                message = Printable.quote(cause.getMessage());
            }
        }
        if (failure instanceof ConnectException) {
            return new ClientException(Kind.UNAVAILABLE, "nothing answers at " + at
                    + ": does 'jobwatch run' or 'jobwatch demo' run there, with the role query? Is --url right?");
        }
        if (failure instanceof IOException) {
            return new ClientException(Kind.UNAVAILABLE, "the connection to " + at + " broke: " + message
                    + ("https".equalsIgnoreCase(endpoint.url().getScheme()) ? "" : " (does it want https?)"));
        }
        throw new IllegalStateException("asking " + at + " failed", failure);
    }

    static ClientException late(Endpoint endpoint, Duration within) {
        return new ClientException(Kind.UNAVAILABLE, place(endpoint) + " gave no complete answer within "
                + (within.toMillis() % 1000 == 0 ? within.toSeconds() + " s" : within.toMillis() + " ms")
                + ": try again, or give it more time with --timeout");
    }

    static String place(Endpoint endpoint) {
        return Printable.address(endpoint.url());
    }

    /**
     * A connection that ends in the handshake is an SSLException, too; what it ended with, if that is known, is its cause (SSLTube of
     * jdk.internal.net.http, and SSLEngineImpl of sun.security.ssl, of 17 to 25). What TLS itself finds wrong has other causes, or none.
     */
    private static boolean brokenOff(SSLException failure) {
        return failure.getCause() instanceof IOException connection && !(connection instanceof SSLException)
                || BROKEN_OFF.contains(String.valueOf(failure.getMessage()));
    }

    /** The words of the JDK's own TLS (sun.security.ssl and sun.security.validator of 17 to 25). */
    private static String tls(String message) {
        String said = Printable.quote(message);
        if (message.contains("PKIX path") || message.contains("trust anchor")) {
            return said + " (its certificate is not trusted: name the CA's with --ca-file)";
        }
        if (message.toLowerCase(Locale.ROOT).contains("unrecognized ssl message")) {
            return said + " (is it http rather than https?)";
        }
        if (message.contains("subject alternative")) {
            return said + " (its certificate is for another name than the one in --url)";
        }
        return said;
    }

    private static String detail(byte[] body) {
        try {
            JsonNode problem = MAPPER.readTree(body);
            String text = problem.path("detail").asText(problem.path("title").asText(""));
            return text.length() <= DETAIL_CHARS ? text : text.substring(0, DETAIL_CHARS) + "…";
        } catch (IOException e) {
            return "an answer that cannot be read: " + Printable.quote(new String(body, StandardCharsets.UTF_8));
        }
    }

    static String type(HttpHeaders headers) {
        return headers.firstValue("Content-Type").orElse("").split(";", 2)[0].strip();
    }

    private static Duration retryAfter(HttpHeaders headers) {
        return headers.firstValue("Retry-After").filter(text -> text.matches("\\d{1,9}")).map(Long::parseLong).map(Duration::ofSeconds)
                .map(wait -> wait.compareTo(LONGEST_RETRY_AFTER) < 0 ? wait : LONGEST_RETRY_AFTER).orElse(Duration.ofSeconds(1));
    }
}
