package io.jobwatch.topic;

import java.util.List;

/**
 * The names of jobwatch's topics under a prefix.
 *
 * @param prefix put before each name, such as {@code jobwatch.}
 */
public record TopicNames(String prefix) {

    public String jobStateEvents() {
        return prefix + "job-state-events";
    }

    public String jobTransitions() {
        return prefix + "job-transitions";
    }

    public String jobErrorReports() {
        return prefix + "job-error-reports";
    }

    public String jobStatus() {
        return prefix + "job-status";
    }

    public String jobAlerts() {
        return prefix + "job-alerts";
    }

    public String sourceStatus() {
        return prefix + "source-status";
    }

    public String pollCursors() {
        return prefix + "poll-cursors";
    }

    public String deadLetters() {
        return prefix + "dead-letters";
    }

    /** {@return the subject in the Schema Registry for values of a topic} */
    public static String subject(String topic) {
        return topic + "-value";
    }

    /** {@return every topic, in the order of the flow} */
    public List<String> all() {
        return List.of(jobStateEvents(), jobTransitions(), jobErrorReports(), jobStatus(), jobAlerts(), sourceStatus(), pollCursors(),
                deadLetters());
    }
}
