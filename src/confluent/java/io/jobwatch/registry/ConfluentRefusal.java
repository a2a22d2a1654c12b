package io.jobwatch.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.jobwatch.registry.RegistryException.Kind;
import java.net.ConnectException;
import java.net.SocketTimeoutException;

/** Says what a failure of Confluent's client means, in the kinds and words of the built-in one. */
final class ConfluentRefusal {
    /** The library's mark of a refusal whose body is no JSON; the message is then the parser's (RestService 7.5.1). */
    private static final int BODY_IS_NOT_JSON = 50005;

    private ConfluentRefusal() {
    }

    /** @param what the request, by method and address */
    static RegistryException of(String what, Throwable failure) {
        if (failure instanceof RestClientException refusal) {
            boolean json = refusal.getErrorCode() != BODY_IS_NOT_JSON;
            int code = json && refusal.getErrorCode() != 0 ? refusal.getErrorCode() : refusal.getStatus();
            return RegistryHttp.refusal(what, refusal.getStatus(), code, json ? reason(refusal) : "");
        }
        if (failure instanceof JsonProcessingException) {
            return new RegistryException(Kind.UNAVAILABLE, what + ": the answer is not what a registry says; is this a Schema Registry?",
                    failure);
        }
        if (failure instanceof ConnectException) {
            return new RegistryException(Kind.UNAVAILABLE,
                    what + ": no connection to the Schema Registry: check schema-registry.url and that it is up", failure);
        }
        if (failure instanceof SocketTimeoutException) {
            return new RegistryException(Kind.UNAVAILABLE, what + ": no whole answer within the time-out of the client", failure);
        }
        if (failure instanceof IllegalArgumentException) {
            // The JDK quotes a header that it refuses, and with it a token.
            return new RegistryException(Kind.UNAVAILABLE, what + ": the request cannot be sent: is there a line end in a credential?");
        }
        String reason = failure.getMessage() == null ? failure.getClass().getSimpleName() : RegistryHttp.oneLine(failure.getMessage());
        return new RegistryException(Kind.UNAVAILABLE, what + ": " + reason, failure);
    }

    /** The library adds the code to the registry's words. */
    private static String reason(RestClientException refusal) {
        String message = refusal.getMessage() == null ? "" : refusal.getMessage();
        return message.replaceFirst("; error code: \\d+$", "").replaceFirst("^null$", "");
    }
}
