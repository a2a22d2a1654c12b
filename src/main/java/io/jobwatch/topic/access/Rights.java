package io.jobwatch.topic.access;

import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import io.jobwatch.config.JobwatchConfig;
import io.jobwatch.config.ReportConfig;
import io.jobwatch.config.Role;
import io.jobwatch.topic.ApplicationNames;
import io.jobwatch.topic.TopicNames;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;

/** The least rights with which each part of jobwatch does its work; the table of the section "Rights" in {@code schemas/README.md}. */
public final class Rights {
    private final ApplicationNames names;
    private final TopicNames topics;

    public Rights(String applicationId, TopicNames topics) {
        this.names = new ApplicationNames(applicationId);
        this.topics = topics;
    }

    /** {@return what a run of this configuration needs} */
    public static List<Right> of(JobwatchConfig config) {
        Rights rights = new Rights(config.applicationId(), new TopicNames(config.topics().prefix()));
        List<Right> needed = new ArrayList<>();
        config.roles().stream().sorted().forEach(role -> needed.addAll(rights.of(role)));
        if (config.report().console() == ReportConfig.Console.OFF) {
            needed.removeIf(right -> right.equals(Right.onTopic(holder(Role.REPORT), rights.topics.jobTransitions(), READ)));
        }
        return List.copyOf(needed);
    }

    /** {@return what a role needs} */
    public List<Right> of(Role role) {
        List<Right> rights = new ArrayList<>();
        String holder = holder(role);
        switch (role) {
            case POLL -> {
                rights.add(Right.onGroup(holder, names.pollGroup(), READ));
                rights.add(Right.onTransactionalId(holder, names.laneTransactionPrefix(), PatternType.PREFIXED));
                add(rights, holder, READ, topics.pollCursors());
                add(rights, holder, WRITE, topics.jobStateEvents(), topics.sourceStatus(), topics.pollCursors(), topics.deadLetters());
            }
            case PROCESS -> {
                rights.add(Right.onGroup(holder, names.processGroup(), READ));
                rights.add(Right.onTransactionalId(holder, names.transactionPrefix(), PatternType.PREFIXED));
                String[] internal = changelogs();
                add(rights, holder, READ, topics.jobStateEvents(), topics.sourceStatus());
                add(rights, holder, WRITE, topics.jobTransitions(), topics.jobErrorReports(), topics.jobStatus(), topics.jobAlerts(),
                        topics.deadLetters());
                add(rights, holder, READ, internal);
                add(rights, holder, WRITE, internal);
                add(rights, holder, CREATE, internal);
            }
            case REPORT -> {
                rights.add(Right.onGroup(holder, names.reportGroup(), READ));
                add(rights, holder, READ, topics.jobTransitions(), topics.jobErrorReports());
                add(rights, holder, WRITE, topics.deadLetters());
            }
            case QUERY -> {
                rights.add(Right.onGroup(holder, names.processGroup(), DESCRIBE));
                add(rights, holder, READ, topics.jobStateEvents(), topics.jobTransitions(), topics.jobErrorReports(), topics.jobStatus(),
                        topics.jobAlerts(), topics.sourceStatus());
            }
        }
        add(rights, holder, DESCRIBE, topics.all().toArray(String[]::new));
        return List.copyOf(rights);
    }

    /** {@return what {@code setup} needs} */
    public List<Right> ofSetup() {
        List<Right> rights = new ArrayList<>();
        add(rights, "setup", CREATE, topics.all().toArray(String[]::new));
        add(rights, "setup", DESCRIBE, topics.all().toArray(String[]::new));
        return List.copyOf(rights);
    }

    /** {@return what {@code dead-letters list} and {@code show} need} */
    public List<Right> ofDeadLetters() {
        return List.of(Right.onTopic("dead-letters", topics.deadLetters(), READ));
    }

    /** {@return what {@code dead-letters replay} needs} */
    public List<Right> ofReplay() {
        List<Right> rights = new ArrayList<>(List.of(Right.onTransactionalId("dead-letters replay", names.replayTransaction(),
                PatternType.LITERAL)));
        add(rights, "dead-letters replay", READ, topics.deadLetters());
        add(rights, "dead-letters replay", WRITE, topics.deadLetters(), topics.jobStateEvents());
        return List.copyOf(rights);
    }

    /** {@return what {@code seed} needs of the deployment that it reads} */
    public List<Right> ofSeeded() {
        List<Right> rights = new ArrayList<>();
        for (String group : names.groups()) {
            rights.add(Right.onGroup("seed", group, DESCRIBE));
        }
        add(rights, "seed", READ, topics.all().toArray(String[]::new));
        add(rights, "seed", READ, changelogs());
        return List.copyOf(rights);
    }

    /**
     * {@return what {@code seed} needs of the deployment that it makes}
     *
     * @param history the topics of the past that it copies
     */
    public List<Right> ofSeed(Collection<String> history) {
        List<Right> rights = new ArrayList<>();
        rights.add(Right.onGroup("seed", names.processGroup(), DESCRIBE));
        rights.add(Right.onGroup("seed", names.pollGroup(), DESCRIBE));
        rights.add(Right.onGroup("seed", names.reportGroup(), READ));
        rights.add(Right.onTransactionalId("seed", names.seedTransaction(), PatternType.LITERAL));
        for (AclOperation operation : List.of(CREATE, READ)) {
            add(rights, "seed", operation, topics.all().toArray(String[]::new));
            add(rights, "seed", operation, changelogs());
        }
        add(rights, "seed", WRITE, topics.jobStatus(), topics.pollCursors(), topics.sourceStatus());
        add(rights, "seed", WRITE, changelogs());
        add(rights, "seed", WRITE, history.toArray(String[]::new));
        return List.copyOf(rights);
    }

    private String[] changelogs() {
        return names.changelogs().toArray(String[]::new);
    }

    private static String holder(Role role) {
        return "role " + role.word();
    }

    private static void add(List<Right> rights, String holder, AclOperation operation, String... names) {
        for (String name : names) {
            rights.add(Right.onTopic(holder, name, operation));
        }
    }
}
