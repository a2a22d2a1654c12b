package io.jobwatch.cli.doctor;

import io.jobwatch.config.ReportConfig.Console;
import io.jobwatch.config.Role;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;

/** Whether the roles process and report keep up with what comes. The group of the role poll reads nothing. */
final class LagWatch implements Watch<LagWatch.Look> {
    private final Deployment deployment;
    private final GroupLag lag;
    private final InstantSource clock;

    /**
     * What one look shows.
     *
     * @param at     when that was
     * @param denied groups that this user may not describe
     */
    record Look(Instant at, Map<String, GroupLag.Look> byGroup, Set<String> denied) {
    }

    /** @param clock of the same time as that of the instances, whose records tell theirs */
    LagWatch(Deployment deployment, Cluster cluster, InstantSource clock) {
        this.deployment = deployment;
        this.lag = new GroupLag(cluster, deployment.kafka());
        this.clock = clock;
    }

    @Override
    public String subject() {
        return "lag";
    }

    @Override
    public Look look() throws InterruptedException {
        Look look = new Look(clock.instant(), new LinkedHashMap<>(), new TreeSet<>());
        look(look, deployment.names().processGroup(), Role.PROCESS, List.of(deployment.topics().jobStateEvents()));
        List<String> reported = deployment.config().report().console() == Console.OFF ? List.of(deployment.topics().jobErrorReports())
                : List.of(deployment.topics().jobErrorReports(), deployment.topics().jobTransitions());
        look(look, deployment.names().reportGroup(), Role.REPORT, reported);
        return look;
    }

    /** A role that this configuration has not may be another instance's: its group is looked at if it may be. */
    private void look(Look look, String group, Role role, List<String> topics) throws InterruptedException {
        Map<TopicPartition, Long> committed;
        try {
            committed = lag.committed(group);
        } catch (AuthorizationException e) {
            if (deployment.has(role)) {
                look.denied().add(group);
            }
            return;
        }
        if (deployment.has(role) || !committed.isEmpty()) {
            look.byGroup().put(group, lag.look(committed, topics));
        }
    }

    @Override
    public Result judge(List<Look> looks) {
        Look first = looks.get(0);
        Look last = looks.get(looks.size() - 1);
        List<Finding> findings = new ArrayList<>();
        last.denied().forEach(group -> findings.add(Troubles.denied("group " + group, "the group " + group, "DESCRIBE")));
        last.byGroup().forEach((group, partitions) -> new GroupJudge(group, deployment).judge(
                first.byGroup().getOrDefault(group, GroupLag.Look.NONE), partitions,
                Duration.between(first.at(), last.at()), last.at(), findings));
        long waiting = last.byGroup().values().stream().flatMap(partitions -> partitions.lags().values().stream())
                .mapToLong(PartitionLag::records).sum();
        long untold = last.byGroup().values().stream().mapToLong(partitions -> partitions.untold().size()).sum();
        String groups = String.join(", ", last.byGroup().keySet());
        return new Result(groups.isEmpty() ? "no group has begun" : groups + ": " + waiting + " records wait at the most"
                + (untold == 0 ? "" : ", without " + untold + (untold == 1 ? " partition" : " partitions") + " that cannot be looked at"),
                findings);
    }

    /** Puts together what is so of several partitions: a group that stands still usually does in all of them. */
    private static final class GroupJudge {
        private final String group;
        private final Deployment deployment;
        private final Map<LagTrend.Kind, List<LagTrend>> trends = new LinkedHashMap<>();
        private final Map<LagTrend.Kind, TreeSet<String>> where = new LinkedHashMap<>();

        private GroupJudge(String group, Deployment deployment) {
            this.group = group;
            this.deployment = deployment;
        }

        private void judge(GroupLag.Look before, GroupLag.Look now, Duration between, Instant at, List<Finding> findings) {
            now.lags().forEach((partition, lag) -> {
                String reset = deployment.tool("kafka-consumer-groups.sh") + " --group " + group + " --topic " + partition.topic()
                        + " --reset-offsets --to-earliest --execute, while no instance is in the group";
                if (lag.expired()) {
                    findings.add(Finding.fail(Ailment.OFFSET_EXPIRED, "group " + group, partition + ": it goes on at offset "
                            + lag.committed() + ", but retention has removed everything before " + lag.begin(),
                            "an offset that is still there", "what was removed is lost to it: ops/doctor.md#offset-expired; it goes on at "
                                    + "the earliest offset by itself"));
                } else if (lag.beyondEnd()) {
                    findings.add(Finding.fail(Ailment.OFFSET_BEYOND_END, "group " + group, partition + ": it has committed "
                            + lag.committed() + ", but the topic ends at " + lag.end() + ": was it deleted and made anew?",
                            "an offset within the topic", reset));
                }
                Optional<PartitionLag> first = Optional.ofNullable(before.lags().get(partition));
                first.flatMap(then -> LagTrend.between(then, lag, between, at)).ifPresent(trend -> {
                    trends.computeIfAbsent(trend.kind(), kind -> new ArrayList<>()).add(trend);
                    where.computeIfAbsent(trend.kind(), kind -> new TreeSet<>()).add(partition.toString());
                });
            });
            trends.keySet().stream().sorted().forEach(kind -> findings.add(LagAdvice.of(kind, group, where.get(kind), trends.get(kind))));
            untold(before, now, findings);
        }

        /** Without the first look there is nothing to compare the last one with. */
        private void untold(GroupLag.Look before, GroupLag.Look now, List<Finding> findings) {
            Map<TopicPartition, KafkaException> untold = new HashMap<>(before.untold());
            untold.putAll(now.untold());
            Set<String> denied = new TreeSet<>();
            Map<String, Set<String>> failed = new TreeMap<>();
            untold.forEach((partition, failure) -> (failure instanceof AuthorizationException ? denied
                    : failed.computeIfAbsent(Troubles.reason(failure), reason -> new TreeSet<>())).add(partition.toString()));
            if (!denied.isEmpty()) {
                findings.add(Troubles.denied("group " + group, "what waits in " + String.join(", ", denied), "READ on the topic"));
            }
            failed.forEach((reason, partitions) -> findings.add(Troubles.failed("group " + group,
                    "what waits in " + String.join(", ", partitions) + " is not known: " + reason)));
        }
    }
}
