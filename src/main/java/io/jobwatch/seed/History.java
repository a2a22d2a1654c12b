package io.jobwatch.seed;

import io.jobwatch.topic.TopicNames;

/**
 * What of the past can be copied beside the state. Each record keeps its key, headers (so its {@code ce_id}) and timestamp.
 */
public enum History {
    /** {@code job-error-reports}, which the console's failures and reports are answered from. */
    REPORTS,
    /** {@code job-alerts}, which the console's alerts are answered from: the end of an alert says little without its beginning. */
    ALERTS,
    /** {@code job-transitions}, which nothing of jobwatch reads but to print or stream what is new. */
    TRANSITIONS;

    /** {@return the topic that it is in} */
    public String topic(TopicNames topics) {
        return switch (this) {
            case REPORTS -> topics.jobErrorReports();
            case ALERTS -> topics.jobAlerts();
            case TRANSITIONS -> topics.jobTransitions();
        };
    }
}
