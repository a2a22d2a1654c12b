package io.jobwatch.cli.doctor;

import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/** Turns a look that failed into a finding. */
final class Troubles {

    private Troubles() {
    }

    /** {@return what it means that there was no looking at a subject} */
    static Finding of(String subject, Exception failure) {
        if (failure instanceof AuthorizationException denied) {
            return denied(subject, resource(denied), right(denied));
        }
        return failed(subject, reason(failure));
    }

    /** {@return what it means that there was no looking, for a reason that is no right} */
    static Finding failed(String subject, String found) {
        return Finding.warn(Ailment.LOOK_FAILED, subject, found, "an answer",
                "try again; if it stays so, see the log of the instance and of the brokers");
    }

    /**
     * {@return what it means that this user may not look}
     *
     * @param resource such as {@code the topic jobwatch.job-status}
     * @param right    that would be needed, such as {@code DESCRIBE_CONFIGS}
     */
    static Finding denied(String subject, String resource, String right) {
        return Finding.warn(Ailment.LOOK_DENIED, subject, "this user may not look at " + resource, right + " on " + resource,
                "give this user the right, or run doctor with the kafka.properties of one who has it: ops/doctor.md#rights");
    }

    private static String resource(AuthorizationException denied) {
        if (denied instanceof TopicAuthorizationException topics && !topics.unauthorizedTopics().isEmpty()) {
            return "the topic " + String.join(", ", topics.unauthorizedTopics());
        }
        if (denied instanceof GroupAuthorizationException group && group.groupId() != null) {
            return "the group " + group.groupId();
        }
        return denied instanceof ClusterAuthorizationException ? "the cluster" : "it (" + denied.getMessage() + ")";
    }

    private static String right(AuthorizationException denied) {
        return denied instanceof TopicAuthorizationException ? "READ (or DESCRIBE_CONFIGS for its settings)" : "DESCRIBE";
    }

    static String reason(Throwable failure) {
        StringBuilder text = new StringBuilder(message(failure));
        for (Throwable cause = failure.getCause(); cause != null && cause != cause.getCause(); cause = cause.getCause()) {
            String more = message(cause);
            if (text.indexOf(more) < 0) {
                text.append(": ").append(more);
            }
        }
        return text.toString();
    }

    private static String message(Throwable failure) {
        return failure.getMessage() == null || failure.getMessage().isBlank() ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
