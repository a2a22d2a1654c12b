package io.jobwatch.cli.doctor;

import io.jobwatch.config.SourceConfig;
import io.jobwatch.event.SourceStatus;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Whether the sources are polled, and how that goes: what their pollers told last. */
final class SourcesExamination implements Examination {
    private final Deployment deployment;
    private final InstantSource clock;

    SourcesExamination(Deployment deployment, InstantSource clock) {
        this.deployment = deployment;
        this.clock = clock;
    }

    @Override
    public String subject() {
        return "sources";
    }

    @Override
    public Result examine() {
        EventTopic.Latest<SourceStatus> told = new EventTopic<SourceStatus>(deployment, deployment.topics().sourceStatus(),
                SourceStatus.getClassSchema()).latest();
        Map<String, SourceStatus> statuses = new TreeMap<>();
        told.byKey().forEach((name, of) -> of.values().forEach(status -> statuses.put(name, status)));   // there is one
        List<Finding> findings = new ArrayList<>();
        SourceRules rules = new SourceRules(clock.instant());
        for (SourceConfig source : deployment.config().sources()) {
            SourceStatus status = statuses.remove(source.name());
            if (status == null) {
                findings.add(Finding.fail(Ailment.SOURCE_NEVER_POLLED, source.name(), "no instance has told of it yet",
                        "a status every 30 s", "is an instance with the role poll running, with this source in its configuration? Its log "
                                + "tells what hinders it; jobwatch check -c FILE reaches the service from here"));
            } else {
                rules.judge(status, findings);
            }
        }
        // An instance without sources need not know them: all that poll must have the same.
        if (!deployment.config().sources().isEmpty()) {
            statuses.forEach((name, status) -> findings.add(removed(name)));
        }
        int configured = deployment.config().sources().size();
        return new Result(configured + (configured == 1 ? " source is" : " sources are") + " configured, " + told.byKey().size()
                + " in the topic" + (told.unreadable() == 0 ? "" : ", " + told.unreadable() + " records that cannot be read"), findings);
    }

    private Finding removed(String name) {
        return Finding.warn(Ailment.SOURCE_REMOVED, name, "it has a status, but is not in this configuration: it is taken for one that "
                + "nobody polls, and its alert SOURCE_DOWN never ends", "the same sources in the configuration of each instance that polls",
                "if it was removed on purpose, end its status: echo '" + (name.matches("[a-z0-9-]{1,100}") ? name : "<name>")
                        + "|NULL' | " + deployment.tool("kafka-console-producer.sh").replace("--command-config", "--producer.config")
                        + " --topic " + deployment.topics().sourceStatus() + " --property parse.key=true --property key.separator='|' "
                        + "--property null.marker=NULL (ops/doctor.md#source-removed)");
    }
}
