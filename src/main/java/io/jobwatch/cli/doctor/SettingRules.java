package io.jobwatch.cli.doctor;

import io.jobwatch.topic.TopicSpec;
import java.util.List;
import java.util.Map;

/** What the settings of a topic should be. */
final class SettingRules {
    /** Kafka's default. The largest record that jobwatch writes takes 1,000,000 bytes. */
    private static final long LEAST_MESSAGE_BYTES = 1_048_588;

    private final Deployment deployment;

    SettingRules(Deployment deployment) {
        this.deployment = deployment;
    }

    /**
     * Adds what is wrong.
     *
     * @param found the settings in effect, by name
     */
    void judge(TopicSpec spec, Map<String, String> found, List<Finding> findings) {
        spec.settings().forEach((name, wanted) -> {
            String value = found.getOrDefault(name, "");
            if (!value.equals(wanted)) {
                findings.add(differs(spec, name, value, wanted));
            }
        });
        if (spec.retention().isPresent() && !found.getOrDefault("retention.bytes", "-1").equals("-1")) {
            findings.add(wrong(Severity.WARN, spec, "retention.bytes", found.get("retention.bytes"), "-1",
                    "records may be removed before their time"));
        }
        if (Long.parseLong(found.getOrDefault("max.message.bytes", Long.toString(LEAST_MESSAGE_BYTES))) < LEAST_MESSAGE_BYTES) {
            findings.add(wrong(Severity.FAIL, spec, "max.message.bytes", found.get("max.message.bytes"),
                    Long.toString(LEAST_MESSAGE_BYTES), "a large record is refused, and the role that writes it fails again and again"));
        }
        if (!found.getOrDefault("compression.type", "producer").equals("producer")) {
            findings.add(wrong(Severity.WARN, spec, "compression.type", found.get("compression.type"), "producer",
                    "the brokers compress anew what the producers sent"));
        }
        if (!found.getOrDefault("message.timestamp.type", "CreateTime").equals("CreateTime")) {
            findings.add(wrong(Severity.FAIL, spec, "message.timestamp.type", found.get("message.timestamp.type"), "CreateTime",
                    "the time of a record is to be that of what it tells"));
        }
    }

    private Finding differs(TopicSpec spec, String name, String found, String wanted) {
        if (name.equals("retention.ms")) {
            long millis = found.matches("-?\\d{1,18}") ? Long.parseLong(found) : 0;
            boolean longer = millis < 0 || millis > Long.parseLong(wanted);
            return wrong(Severity.WARN, spec, name, found, wanted,
                    longer ? "records are kept longer than they are needed" : "records are removed before their time");
        }
        return wrong(Severity.FAIL, spec, name, found, wanted, spec.retention().isPresent()
                ? "records of a job that are not its last one are removed" : "what is known of a job is removed after a time");
    }

    private Finding wrong(Severity severity, TopicSpec spec, String name, String found, String wanted, String effect) {
        return new Finding(severity, Ailment.TOPIC_SETTING, spec.name(), name + " is " + (found.isEmpty() ? "not set" : found) + ": "
                + effect, name + "=" + wanted, deployment.tool("kafka-configs.sh") + " --alter --entity-type topics --entity-name "
                + spec.name() + " --add-config " + name + "=" + wanted + "; if it is on purpose, leave it");
    }
}
