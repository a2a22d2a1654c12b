package io.jobwatch.cli.doctor;

import io.jobwatch.config.Role;
import io.jobwatch.topic.TopicNames;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/** The rights that the roles of a configuration need: the table in schemas/README.md. */
final class Needs {
    private final Deployment deployment;
    private final List<Need> all = new ArrayList<>();

    private Needs(Deployment deployment) {
        this.deployment = deployment;
    }

    static List<Need> of(Deployment deployment) {
        Needs needs = new Needs(deployment);
        for (Role role : Role.values()) {
            if (deployment.has(role)) {
                needs.add(role);
            }
        }
        return needs.all;
    }

    private void add(Role role) {
        TopicNames topics = deployment.topics();
        switch (role) {
            case POLL -> {
                add(role, ResourceType.GROUP, AclOperation.READ, deployment.pollGroup());
                add(role, ResourceType.TOPIC, AclOperation.READ, topics.pollCursors());
                add(role, ResourceType.TOPIC, AclOperation.WRITE, topics.jobStateEvents(), topics.sourceStatus(), topics.pollCursors(),
                        topics.deadLetters());
                add(role, ResourceType.TRANSACTIONAL_ID, AclOperation.WRITE, deployment.config().applicationId() + "-lane-");
            }
            case PROCESS -> {
                add(role, ResourceType.GROUP, AclOperation.READ, deployment.processGroup());
                add(role, ResourceType.TOPIC, AclOperation.READ, topics.jobStateEvents(), topics.sourceStatus());
                add(role, ResourceType.TOPIC, AclOperation.READ, deployment.changelogs().toArray(String[]::new));
                add(role, ResourceType.TOPIC, AclOperation.WRITE, topics.jobTransitions(), topics.jobErrorReports(), topics.jobStatus(),
                        topics.jobAlerts(), topics.deadLetters());
                add(role, ResourceType.TOPIC, AclOperation.WRITE, deployment.changelogs().toArray(String[]::new));
                add(role, ResourceType.TRANSACTIONAL_ID, AclOperation.WRITE, deployment.config().applicationId() + "-");
            }
            case REPORT -> {
                add(role, ResourceType.GROUP, AclOperation.READ, deployment.reportGroup());
                add(role, ResourceType.TOPIC, AclOperation.READ, topics.jobTransitions(), topics.jobErrorReports());
                add(role, ResourceType.TOPIC, AclOperation.WRITE, topics.deadLetters());
            }
            case QUERY -> {
                add(role, ResourceType.GROUP, AclOperation.DESCRIBE, deployment.processGroup());
                add(role, ResourceType.TOPIC, AclOperation.READ, topics.all().stream()
                        .filter(name -> !name.equals(topics.pollCursors()) && !name.equals(topics.deadLetters())).toArray(String[]::new));
            }
        }
        add(role, ResourceType.TOPIC, AclOperation.DESCRIBE, topics.all().toArray(String[]::new));
    }

    private void add(Role role, ResourceType type, AclOperation operation, String... names) {
        for (String name : names) {
            all.add(new Need(role, type, name, operation));
        }
    }
}
