package io.jobwatch.topic.access;

import java.util.Optional;

/**
 * Says what is wrong with a {@code sasl.jaas.config} that Kafka cannot parse. What Kafka says of it is left out: it quotes the word that it
 * stumbled over, which may be a part of the password.
 */
public final class JaasFault {
    private JaasFault() {
    }

    /** {@return what to look for, in one line; empty if the failure has another cause} */
    public static Optional<String> explain(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalArgumentException && ofTheParser(cause.getMessage())) {
                return Optional.of("sasl.jaas.config in kafka.properties cannot be read: expected CLASS required KEY=\"VALUE\" ...; with "
                        + "no line feed within the quotes, and \\\" for a quote there. Does a file that it takes the password from end in "
                        + "a line feed? printf %s writes none");
            }
        }
        return Optional.empty();
    }

    /** By the texts of Kafka's JaasConfig and JaasContext; the one of "JAAS configuration" says that there is none. */
    private static boolean ofTheParser(String message) {
        return message != null && message.contains("JAAS config") && !message.contains("JAAS configuration");
    }
}
