package io.jobwatch.topic;

import java.util.List;

/**
 * What an application is called in the cluster, beside its topics. Everything begins with the application id; an upgrade must keep all of
 * it, and whoever grants rights goes by it.
 *
 * @param applicationId as configured
 */
public record ApplicationNames(String applicationId) {

    /** {@return the group that processes events: the topology's, which Kafka Streams names after the application} */
    public String processGroup() {
        return applicationId;
    }

    /** {@return the group whose members own the lanes} */
    public String pollGroup() {
        return applicationId + "-poll";
    }

    /** {@return the group that writes the reports} */
    public String reportGroup() {
        return applicationId + "-report";
    }

    /** {@return the groups in which an instance has a member for each role that writes} */
    public List<String> groups() {
        return List.of(processGroup(), pollGroup(), reportGroup());
    }

    /** {@return what the ids of all transactions begin with; those of the topology Kafka Streams makes of it} */
    public String transactionPrefix() {
        return applicationId + "-";
    }

    /** {@return what the transactional ids of the lanes begin with} */
    public String laneTransactionPrefix() {
        return transactionPrefix() + "lane-";
    }

    /** {@return the transactional id with which a lane's owner writes} */
    public String laneTransaction(int lane) {
        return laneTransactionPrefix() + lane;
    }

    /** {@return the transactional id with which dead letters are put back} */
    public String replayTransaction() {
        return transactionPrefix() + "dead-letter-replay";
    }

    /** {@return the transactional id with which a new deployment is seeded} */
    public String seedTransaction() {
        return transactionPrefix() + "seed";
    }

    /** {@return the topic that holds the store of statuses, as Kafka Streams names it: plain keys and values, by key} */
    public String statusChangelog() {
        return applicationId + "-job-status-changelog";
    }

    /** {@return the topic that holds the active alerts about sources, as Kafka Streams names it: all of them in the first partition} */
    public String sourceAlertsChangelog() {
        return applicationId + "-source-alerts-changelog";
    }

    /** {@return the topics that Kafka Streams keeps for the topology} */
    public List<String> changelogs() {
        return List.of(statusChangelog(), sourceAlertsChangelog());
    }
}
