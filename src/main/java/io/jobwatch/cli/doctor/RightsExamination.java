package io.jobwatch.cli.doctor;

import io.jobwatch.topic.access.Refusals;
import io.jobwatch.topic.access.Right;
import io.jobwatch.topic.access.Rights;
import io.jobwatch.topic.access.RightsAnswer;
import io.jobwatch.topic.access.RightsCheck;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;

/** Whether this user has the rights that the roles of this configuration need. Nothing is tried out. */
final class RightsExamination implements Examination {
    private final Deployment deployment;
    private final Cluster cluster;

    RightsExamination(Deployment deployment, Cluster cluster) {
        this.deployment = deployment;
        this.cluster = cluster;
    }

    @Override
    public String subject() {
        return "rights";
    }

    @Override
    public Result examine() {
        List<Right> needed = Rights.of(deployment.config());
        RightsAnswer answer = new RightsCheck(cluster.admin()).ask(needed);
        Refusals refusals = new Refusals(deployment.kafka(), needed);
        List<Finding> findings = Right.byResource(answer.missing().keySet()).entrySet().stream()
                .map(of -> finding(of.getKey(), of.getValue(), answer.missing().get(of.getValue().get(0)), refusals)).toList();
        return new Result(needed.size() - answer.missing().size() + " of " + needed.size() + " of this user"
                + (answer.untold().isEmpty() ? "" : " (not told: " + answer.untoldText() + ")"), findings);
    }

    private static Finding finding(String resource, List<Right> missing, String found, Refusals refusals) {
        String operations = Right.operations(missing).stream().map(AclOperation::name).collect(Collectors.joining(" and "));
        String holders = missing.stream().map(Right::holder).distinct().collect(Collectors.joining(" and the "));
        return Finding.fail(Ailment.MISSING_RIGHT, resource, found, operations + " for the " + holders,
                refusals.command(missing) + " (by an administrator)");
    }
}
