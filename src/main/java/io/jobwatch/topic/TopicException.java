package io.jobwatch.topic;

import io.jobwatch.topic.access.Refusals;
import org.apache.kafka.common.errors.TimeoutException;

/** The cluster cannot be reached, or its topics are not what they should be; the message says what to do, in one line. */
public final class TopicException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TopicException(String message) {
        super(message);
    }

    public TopicException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * {@return what the cluster did not do, and why}
     *
     * @param what     it was asked to do
     * @param cause    what the client said
     * @param refusals says what the cluster refuses
     */
    public static TopicException notDone(String what, Throwable cause, Refusals refusals) {
        return cause instanceof TimeoutException
                ? new TopicException("the Kafka cluster does not answer (cannot " + what
                + "): check kafka.bootstrap-servers and that the cluster is up", cause)
                : new TopicException(refusals.explain(cause).orElse("the Kafka cluster refuses to " + what + ": " + cause.getMessage()
                + " (check kafka.properties and the rights of this user)"), cause);
    }
}
