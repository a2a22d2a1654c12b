package io.jobwatch.cli.doctor;

import io.jobwatch.cli.doctor.Cluster.Asked;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Whether this user has the rights that the roles of this configuration need. The brokers tell what the asking user may do to a topic and
 * to a group that exists; of a transactional id only whether it may be described, which WRITE implies. Nothing is tried out.
 */
final class RightsExamination implements Examination {
    private final Deployment deployment;
    private final Cluster cluster;
    private final Groups groups;

    RightsExamination(Deployment deployment, Cluster cluster) {
        this.deployment = deployment;
        this.cluster = cluster;
        this.groups = new Groups(cluster);
    }

    @Override
    public String subject() {
        return "rights";
    }

    @Override
    public Result examine() throws InterruptedException {
        List<Need> needs = Needs.of(deployment);
        Map<Need, String> missing = new LinkedHashMap<>();
        List<String> untold = new ArrayList<>();
        topics(needs, missing);
        groups(needs, missing, untold);
        transactionalIds(needs, missing, untold);
        Map<String, List<Need>> byResource = missing.keySet().stream()
                .collect(Collectors.groupingBy(need -> need.type() + " " + need.name(), LinkedHashMap::new, Collectors.toList()));
        List<Finding> findings = byResource.values().stream().map(of -> finding(of, missing.get(of.get(0)))).toList();
        return new Result(needs.size() - missing.size() + " of " + needs.size() + " of this user" + (untold.isEmpty() ? ""
                : " (not told: " + String.join(", ", untold) + ")"), findings);
    }

    private void topics(List<Need> needs, Map<Need, String> missing) throws InterruptedException {
        List<Need> of = needs.stream().filter(need -> need.type() == ResourceType.TOPIC).toList();
        Map<String, Asked<TopicDescription>> topics =
                cluster.topics(of.stream().map(Need::name).collect(Collectors.toCollection(LinkedHashSet::new)));
        Set<String> uncreatable = new LinkedHashSet<>();
        for (String changelog : deployment.changelogs()) {
            Asked<TopicDescription> topic = topics.get(changelog);
            if (topic != null && topic.failure() instanceof UnknownTopicOrPartitionException && !mayCreate(changelog)) {
                uncreatable.add(changelog);
            }
        }
        for (Need need : of) {
            Asked<TopicDescription> topic = topics.get(need.name());
            if (topic.failure() instanceof AuthorizationException) {
                missing.put(need, "this user may not even describe it");
            } else if (topic.answered() && !allows(topic.answer().authorizedOperations(), need.operation())) {
                missing.put(need, "this user may " + listed(topic.answer().authorizedOperations()));
            } else if (uncreatable.contains(need.name())) {
                missing.put(new Need(need.role(), need.type(), need.name(), AclOperation.CREATE), "this user may not create it, and it is "
                        + "not there");
            }
        }
    }

    private boolean mayCreate(String topic) throws InterruptedException {
        NewTopic wanted = new NewTopic(topic, Optional.of(1), Optional.empty());
        return !(Cluster.tryAsk(cluster.admin().createTopics(List.of(wanted), new CreateTopicsOptions().validateOnly(true)).all())
                .failure() instanceof AuthorizationException);
    }

    private void groups(List<Need> needs, Map<Need, String> missing, List<String> untold) throws InterruptedException {
        Map<String, GroupLook> known = new HashMap<>();
        for (Need need : needs) {
            if (need.type() != ResourceType.GROUP) {
                continue;
            }
            try {
                if (!known.containsKey(need.name())) {
                    known.put(need.name(), groups.look(need.name()));
                }
                GroupLook group = known.get(need.name());
                if (group.exists() && !allows(group.allowed(), need.operation())) {
                    missing.put(need, "this user may " + listed(group.allowed()));
                } else if (!group.exists() && need.operation() != AclOperation.DESCRIBE) {
                    untold.add(need.operation() + " on the group " + need.name() + ", which does not exist yet");
                }
            } catch (AuthorizationException e) {
                missing.put(need, "this user may not even describe it");
            }
        }
    }

    private void transactionalIds(List<Need> needs, Map<Need, String> missing, List<String> untold) throws InterruptedException {
        for (Need need : needs) {
            if (need.type() == ResourceType.TRANSACTIONAL_ID) {
                String id = need.name() + "0";
                if (Cluster.tryAsk(cluster.admin().describeTransactions(List.of(id)).description(id)).failure()
                        instanceof AuthorizationException) {
                    missing.put(need, "this user may not describe the transactional id " + id);
                } else {
                    untold.add("WRITE on transactional ids " + need.name() + "*, beyond DESCRIBE");
                }
            }
        }
    }

    /** WRITE and READ imply DESCRIBE, which the brokers list then, too. */
    private static boolean allows(Set<AclOperation> allowed, AclOperation wanted) {
        return allowed == null || allowed.contains(wanted) || allowed.contains(AclOperation.ALL);
    }

    private static String listed(Set<AclOperation> allowed) {
        return allowed.isEmpty() ? "do nothing with it" : allowed.stream().map(AclOperation::toString).sorted().toList().toString()
                .replace("[", "only ").replace("]", "");
    }

    private Finding finding(List<Need> needs, String found) {
        Need one = needs.get(0);
        String operations = needs.stream().map(need -> need.operation().toString()).distinct().collect(Collectors.joining(" and "));
        String roles = needs.stream().map(need -> need.role().word()).distinct().collect(Collectors.joining(", "));
        String principal = new Principal(deployment.config().kafka().properties()).name();
        return Finding.fail(Ailment.MISSING_RIGHT, one.option().replaceFirst("^--", ""), found,
                operations + (needs.size() == 1 || roles.indexOf(',') < 0 ? " for the role " : " for the roles ") + roles,
                deployment.tool("kafka-acls.sh") + " --add --allow-principal '" + principal + "' "
                        + needs.stream().map(need -> "--operation " + need.operation()).distinct().collect(Collectors.joining(" ")) + " "
                        + one.option() + " (by an administrator)");
    }
}
