package io.jobwatch.cli.doctor;

import io.jobwatch.config.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.AuthorizationException;

/** Whether the groups of the roles have members that agree on who has which partition. A member without any is fine. */
final class GroupsWatch implements Watch<Map<String, GroupLook>> {
    private final Deployment deployment;
    private final Groups groups;

    GroupsWatch(Deployment deployment, Cluster cluster) {
        this.deployment = deployment;
        this.groups = new Groups(cluster);
    }

    @Override
    public String subject() {
        return "groups";
    }

    /** {@return the groups that an instance with these roles is in, with the role} */
    static Map<String, Role> wanted(Deployment deployment) {
        Map<String, Role> wanted = new LinkedHashMap<>();
        if (deployment.has(Role.POLL) && !deployment.config().sources().isEmpty()) {
            wanted.put(deployment.names().pollGroup(), Role.POLL);
        }
        if (deployment.has(Role.PROCESS)) {
            wanted.put(deployment.names().processGroup(), Role.PROCESS);
        }
        if (deployment.has(Role.REPORT)) {
            wanted.put(deployment.names().reportGroup(), Role.REPORT);
        }
        return wanted;
    }

    @Override
    public Map<String, GroupLook> look() throws InterruptedException {
        Map<String, GroupLook> looks = new LinkedHashMap<>();
        for (String group : wanted(deployment).keySet()) {
            looks.put(group, look(group));
        }
        return looks;
    }

    private GroupLook look(String group) throws InterruptedException {
        try {
            return groups.look(group);
        } catch (AuthorizationException e) {
            return GroupLook.DENIED;
        }
    }

    @Override
    public Result judge(List<Map<String, GroupLook>> looks) {
        List<Finding> findings = new ArrayList<>();
        Map<String, GroupLook> last = looks.get(looks.size() - 1);
        wanted(deployment).forEach((group, role) -> {
            List<GroupLook> of = looks.stream().map(look -> look.get(group)).toList();
            if (of.contains(GroupLook.DENIED)) {
                findings.add(Troubles.denied("group " + group, "the group " + group, "DESCRIBE"));
            } else if (of.stream().allMatch(look -> look.members() == 0)) {
                findings.add(Finding.fail(Ailment.NO_MEMBERS, "group " + group, of.get(0).exists() ? "no instance is in it"
                        : "there is no such group", "an instance with the role " + role.word(),
                        "start one: jobwatch run -c FILE; if one runs, its log tells why it is not in the group"));
            } else if (of.stream().noneMatch(GroupLook::settled)) {
                findings.add(stuck(group, of));
            }
        });
        String summary = last.entrySet().stream()
                .map(group -> group.getKey() + " " + members(group.getValue().members()))
                .collect(Collectors.joining(", "));
        return new Result(summary.isEmpty() ? "none, by the roles of this configuration" : summary, findings);
    }

    private static String members(int count) {
        return count == 1 ? "1 member" : count + " members";
    }

    private Finding stuck(String group, List<GroupLook> looks) {
        String states = looks.stream().map(look -> look.state().toString()).distinct().collect(Collectors.joining(", then "));
        return Finding.fail(Ailment.STUCK_REBALANCE, "group " + group, states + " at " + looks.size() + " looks in a row, "
                + members(looks.get(looks.size() - 1).members()), "Stable at one of them; a rebalance takes some seconds",
                deployment.tool("kafka-consumer-groups.sh") + " --describe --members --group " + group + " names the members (of a "
                        + "group of the streams protocol: kafka-streams-groups.sh); restart the one whose log tells no assignment. An "
                        + "instance that was just killed is waited for for 10 s: look again then");
    }
}
