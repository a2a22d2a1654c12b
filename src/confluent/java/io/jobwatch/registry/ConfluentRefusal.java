package io.jobwatch.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.jobwatch.registry.RegistryException.Kind;
import java.net.SocketTimeoutException;
import java.util.Optional;

/** Says what a failure of Confluent's client means, in the kinds and words of the built-in one. */
final class ConfluentRefusal {
    /** The library's mark of a refusal whose body is no JSON; the message is then the parser's (RestService 7.5.1). */
    private static final int BODY_IS_NOT_JSON = 50005;
    /** Jackson's words, which the library asks to read the body of an error where the JDK gives none: below 400 (both read there). */
    private static final String NO_BODY = "\"src\" is null";

    private ConfluentRefusal() {
    }

    /**
     * {@return what to make of it}
     *
     * @param what    the request, by method and address
     * @param overTls whether the address is https
     */
    static RegistryException of(String what, boolean overTls, Throwable failure) {
        if (failure instanceof RestClientException refusal) {
            boolean json = refusal.getErrorCode() != BODY_IS_NOT_JSON;
            int code = json && refusal.getErrorCode() != 0 ? refusal.getErrorCode() : refusal.getStatus();
            return RegistryRefusal.of(what, refusal.getStatus(), code, json ? reason(refusal) : "", Optional.empty());
        }
        if (String.valueOf(failure.getMessage()).matches("Unable to tunnel through proxy.*HTTP/\\S+ 407\\b.*")) {
            return RegistryRefusal.of(what, 407, 407, "", Optional.empty());
        }
        if (failure instanceof JsonProcessingException) {
            return new RegistryException(Kind.UNAVAILABLE, what + ": the answer is not what a registry says; is this a Schema Registry?",
                    failure);
        }
        if (failure instanceof SocketTimeoutException) {
            return new RegistryException(Kind.UNAVAILABLE,
                    what + ": no whole answer within the time-outs (http.connect.timeout.ms, http.read.timeout.ms)", failure);
        }
        if (failure instanceof IllegalArgumentException && String.valueOf(failure.getMessage()).contains(NO_BODY)) {
            return new RegistryException(Kind.REJECTED, what + ": an answer without a body that is neither success nor error, such as a"
                    + " redirect to https; configure the address it leads to");
        }
        if (failure instanceof IllegalArgumentException) {
            // The JDK quotes a header that it refuses, and with it a token.
            return new RegistryException(Kind.UNAVAILABLE, what + ": the request cannot be sent: is there a line end in a credential?");
        }
        return RegistryRefusal.of(what, overTls, failure);
    }

    /** The library adds the code to the registry's words. */
    private static String reason(RestClientException refusal) {
        String message = refusal.getMessage() == null ? "" : refusal.getMessage();
        return message.replaceFirst("; error code: \\d+$", "").replaceFirst("^null$", "");
    }
}
