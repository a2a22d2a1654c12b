package io.jobwatch.config;

import io.jobwatch.event.JobState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads the sections that stand once in a file. Each is empty where the file says nothing of it, and its keys have their defaults. */
final class SectionReader {
    private static final Kind<Role> ROLE = Kind.oneOf(Role.class, Role::word);
    private static final Set<JobState> CAN_BE_STUCK =
            EnumSet.complementOf(EnumSet.of(JobState.FINISHED, JobState.ERROR, JobState.CANCELED));
    private static final Map<JobState, Duration> DEFAULT_STUCK_AFTER =
            Map.of(JobState.QUEUED, Duration.ofHours(1), JobState.PROCESSING, Duration.ofHours(12));

    private SectionReader() {
    }

    static Set<Role> roles(Optional<Cursor> list) {
        if (list.isEmpty()) {
            return EnumSet.allOf(Role.class);
        }
        Set<Role> roles = EnumSet.noneOf(Role.class);
        list.get().items().ifPresent(items -> {
            items.forEach(item -> item.value(ROLE).ifPresent(roles::add));
            if (items.isEmpty()) {
                list.get().problem("expected a list with at least " + ROLE.expected());
            }
        });
        return roles;
    }

    static KafkaConfig kafka(Fields kafka) {
        KafkaConfig config = new KafkaConfig(
                kafka.optional("bootstrap-servers", Kinds.BOOTSTRAP_SERVERS).orElse(KafkaConfig.EMBEDDED),
                kafka.optional("embedded-port", Kinds.PORT).orElse(9092),
                FlatProperties.read(kafka, "properties"));
        kafka.finish();
        return config;
    }

    static RegistryConfig registry(Fields registry) {
        RegistryConfig config = new RegistryConfig(
                registry.optional("url", Kinds.REGISTRY_URL).orElse(RegistryConfig.EMBEDDED),
                registry.optional("client", Kind.oneOf(RegistryConfig.Client.class, RegistryConfig.Client::word)),
                registry.optional("embedded-port", Kinds.PORT).orElse(8081),
                FlatProperties.read(registry, "properties",
                        RegistryConfig.AUTO_REGISTER.stream().collect(Collectors.toMap(name -> name, name -> Kinds.CLIENT_FLAG))));
        registry.finish();
        return config;
    }

    static TopicsConfig topics(Fields topics) {
        TopicsConfig config = new TopicsConfig(
                topics.optional("prefix", Kinds.TOPIC_PREFIX).orElse("jobwatch."),
                topics.optional("partitions", Kind.integer(1, 1_000)).orElse(6));
        topics.finish();
        return config;
    }

    static ProcessConfig process(Fields process) {
        ProcessConfig config = new ProcessConfig(
                process.optional("state-store", words(ProcessConfig.StateStore.class)).orElse(ProcessConfig.StateStore.ROCKSDB),
                process.optional("standby-replicas", Kind.integer(0, 10)).orElse(0),
                process.section("stuck-after").map(SectionReader::stuckAfter).orElse(DEFAULT_STUCK_AFTER),
                process.optional("down-after", Kinds.DOWN_AFTER).orElse(Duration.ofMinutes(5)),
                process.optional("retain-terminal-for", Kinds.DURATION).orElse(Duration.ofDays(7)),
                FlatProperties.read(process, "properties"));
        if (config.standbyReplicas() > 0 && "streams".equalsIgnoreCase(config.properties().get("group.protocol"))) {
            // Kafka Streams would ignore it.
            process.get("standby-replicas").ifPresent(value -> value.problem("expected 0, as under group.protocol=streams the broker "
                    + "decides: there, set streams.num.standby.replicas of the group that is named like application-id"));
        }
        process.finish();
        return config;
    }

    private static Map<JobState, Duration> stuckAfter(Fields section) {
        Map<JobState, Duration> limits = new EnumMap<>(JobState.class);
        section.all().forEach((word, value) -> {
            Optional<JobState> state = CAN_BE_STUCK.stream().filter(allowed -> allowed.name().equals(word)).findFirst();
            if (state.isEmpty()) {
                value.problem("expected a state that a job can be stuck in: "
                        + CAN_BE_STUCK.stream().map(Enum::name).collect(Collectors.joining(", ")));
            }
            Optional<Duration> limit = value.value(Kinds.DURATION);
            state.ifPresent(known -> limit.ifPresent(duration -> limits.put(known, duration)));
        });
        return Map.copyOf(limits);
    }

    static ReportConfig report(Fields report, Path dataDir) {
        ReportConfig config = new ReportConfig(
                report.optional("console", words(ReportConfig.Console.class)).orElse(ReportConfig.Console.COMPACT),
                report.optional("directory", Kinds.PATH).orElse(dataDir.resolve("job-reports")),
                Optional.empty());
        report.get("webhook").ifPresent(webhook -> webhook.problem("expected null: posting reports to a web hook is not built yet"));
        report.finish();
        return config;
    }

    private static <E extends Enum<E>> Kind<E> words(Class<E> values) {
        Function<E, String> word = value -> value.name().toLowerCase(Locale.ROOT);
        return Kind.oneOf(values, word);
    }
}
