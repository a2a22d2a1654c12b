package io.jobwatch.source;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;

/** Sends requests and waits for whole answers, under a deadline and with a limit on the body. Thread-safe. */
final class HttpTransport {
    private final Supplier<HttpClient> clients;
    private final Mask mask;

    /** @param clients gives the client for the next request; it must not follow redirects */
    HttpTransport(Supplier<HttpClient> clients, Mask mask) {
        this.clients = clients;
        this.mask = mask;
    }

    /**
     * @param bodyLimit  in bytes
     * @param addressKey the key of the configuration that the address comes from, for errors
     * @return the answer, whatever its status
     * @throws SourceException      if there is no complete answer: no connection, cut off, too large, or not within the deadline
     * @throws InterruptedException if the thread was interrupted; the exchange is given up
     */
    HttpResponse<byte[]> send(HttpRequest request, int bodyLimit, Deadline deadline, String addressKey)
            throws SourceException, InterruptedException {
        // HttpRequest.timeout ends with the headers of the answer: a body that stalls would block for ever. Hence a deadline of our own.
        CompletableFuture<HttpResponse<byte[]>> exchange = clients.get().sendAsync(request,
                info -> new LimitedBody(bodyLimit, info.headers().firstValueAsLong("Content-Length")));
        try {
            return exchange.get(deadline.left(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new SourceException(prefix(request) + "no complete answer within " + deadline);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new SourceException(prefix(request) + mask.apply(reason(request.uri(), cause, addressKey)), mask.apply(cause));
        } finally {
            exchange.cancel(true); // drops the connection of an exchange that is not over
        }
    }

    /** {@return what begins every error about a request} */
    String prefix(HttpRequest request) {
        return request.method() + " " + mask.apply(Printable.address(request.uri())) + ": ";
    }

    private static String reason(URI uri, Throwable failure, String addressKey) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "the host " + uri.getHost() + " is not known: check the source's " + addressKey;
            }
            if (cause instanceof LimitedBody.TooLargeException) {
                return cause.getMessage();
            }
            if (cause instanceof SSLException) {
                return "TLS failed: " + Printable.quote(String.valueOf(cause.getMessage())) + tlsHint(String.valueOf(cause.getMessage()));
            }
        }
        String message = message(failure);
        if (failure instanceof ConnectException) {
            return "no connection" + (message.isEmpty() ? "" : " (" + message + ")")
                    + ": check the source's " + addressKey + " and that the service is up";
        }
        if (isCut(message)) {
            return "the answer was cut off (" + message + ")";
        }
        return failure instanceof IOException ? "the connection broke: " + message : "the request failed: " + failure.getClass().getName();
    }

    /** The words of the JDK's own TLS (sun.security.ssl and sun.security.validator of 17 to 25). */
    private static String tlsHint(String message) {
        if (message.contains("PKIX path") || message.contains("trust anchor")) {
            return " (its certificate is not trusted: name the CA's in the source's tls.ca-file)";
        }
        if (message.contains("certificate_required") || message.contains("bad_certificate") || message.contains("unknown_ca")
                || message.contains("certificate_unknown")) {
            return " (it wants a client certificate, or another one: check the source's tls.certificate-file)";
        }
        return "";
    }

    /** The JDK's client has no exception type for an answer that ends too early, only these words (java.net.http of 17 to 25). */
    private static boolean isCut(String message) {
        return message.contains("bytes received") || message.contains("EOF reached") || message.contains("chunked transfer encoding")
                || message.contains("received no bytes") || message.equals("closed");
    }

    private static String message(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null) {
                return Printable.quote(cause.getMessage());
            }
        }
        return "";
    }
}
