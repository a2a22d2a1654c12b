package io.jobwatch.cli.doctor;

import io.jobwatch.cli.doctor.Cluster.Asked;
import io.jobwatch.topic.TopicSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Whether the topics are there and are what setup makes of them. */
final class TopicsExamination implements Examination {
    private final Deployment deployment;
    private final Cluster cluster;

    TopicsExamination(Deployment deployment, Cluster cluster) {
        this.deployment = deployment;
        this.cluster = cluster;
    }

    @Override
    public String subject() {
        return "topics";
    }

    @Override
    public Result examine() throws InterruptedException {
        List<TopicSpec> specs = deployment.specs();
        Map<String, Asked<TopicDescription>> topics = cluster.topics(specs.stream().map(TopicSpec::name).toList());
        List<Finding> findings = new ArrayList<>();
        List<TopicSpec> present = new ArrayList<>();
        for (TopicSpec spec : specs) {
            Asked<TopicDescription> topic = topics.get(spec.name());
            if (topic.answered()) {
                present.add(spec);
                if (topic.answer().partitions().size() != spec.partitions()) {
                    findings.add(partitions(spec, topic.answer().partitions().size()));
                }
            } else if (topic.failure() instanceof UnknownTopicOrPartitionException) {
                findings.add(Finding.fail(Ailment.TOPIC_MISSING, spec.name(), "the topic is not there",
                        "the eight topics that setup creates", "jobwatch setup -c FILE; if it was there before, see "
                                + "ops/migration.md#topics-lost-what-then first"));
            } else if (topic.failure() instanceof AuthorizationException) {
                findings.add(Troubles.denied(spec.name(), "the topic " + spec.name(), "DESCRIBE"));
            } else {
                findings.add(Troubles.of(spec.name(), topic.failure()));
            }
        }
        findings.addAll(settings(present));
        return new Result(present.size() + " of " + specs.size() + " are there", findings);
    }

    private static Finding partitions(TopicSpec spec, int found) {
        boolean lanes = spec.partitions() == TopicSpec.LANES && spec.name().endsWith("poll-cursors");
        return Finding.fail(Ailment.PARTITION_COUNT, spec.name(), found + " partitions: keys are not where they are looked for",
                spec.partitions() + (lanes ? ", always" : ", by topics.partitions"),
                lanes ? "choose a new topics.prefix and run setup; seed cannot read lanes that lie elsewhere"
                        : "set topics.partitions to " + found + " if it was so from the beginning; else in a new configuration choose "
                        + "another topics.prefix and application-id, and run: jobwatch seed -c NEW --from OLD (ops/migration.md#how)");
    }

    private List<Finding> settings(List<TopicSpec> present) throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        List<String> denied = new ArrayList<>();
        Map<String, Asked<Map<String, String>>> all = new TopicConfigs(cluster).of(present.stream().map(TopicSpec::name).toList());
        for (TopicSpec spec : present) {
            Asked<Map<String, String>> settings = all.get(spec.name());
            if (settings.answered()) {
                new SettingRules(deployment).judge(spec, settings.answer(), findings);
            } else {
                denied.add(spec.name());
            }
        }
        if (!denied.isEmpty()) {
            findings.add(Troubles.denied(subject(), "the settings of " + String.join(", ", denied), "DESCRIBE_CONFIGS"));
        }
        return findings;
    }
}
