package io.jobwatch.cli.doctor;

import io.jobwatch.cli.client.Pause;
import io.jobwatch.cli.doctor.Examined.State;
import io.jobwatch.config.FolderLock;
import io.jobwatch.config.JobwatchConfig;
import io.jobwatch.config.Role;
import io.jobwatch.config.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Everything that is examined, from the ground up: what rests on something that is not there is not asked for. */
public final class Checkup {
    private static final int LOOKS = 3;

    private final Consumer<String> progress;
    private final Consumer<Examined> report;
    private final Optional<Secret> token;
    private final Duration watched;
    private final InstantSource clock;
    private final Pause pause;

    /**
     * @param progress told what is being looked at
     * @param report   told what was found; holds no secret of the configuration
     * @param token    to ask queries with
     * @param watched  the time from the first to the last look at what moves
     */
    public Checkup(Consumer<String> progress, Consumer<Examined> report, Optional<Secret> token, Duration watched, InstantSource clock,
                   Pause pause) {
        this.progress = progress;
        this.report = report;
        this.token = token;
        this.watched = watched;
        this.clock = clock;
        this.pause = pause;
    }

    /** Examines a deployment. */
    public void of(JobwatchConfig config) throws InterruptedException {
        SecretWords secrets = new SecretWords(config);
        Doctor doctor = new Doctor(progress, examined -> report.accept(secrets.hide(examined)));
        doctor.examine(new FolderExamination(config, Path.of(System.getProperty("java.io.tmpdir")), new Mounts(Mounts.OF_THIS_PROCESS)));
        Optional<JobwatchConfig> located = located(config, doctor);
        if (located.isPresent()) {
            cluster(new Deployment(located.get()), doctor);
        }
        if (config.roles().contains(Role.QUERY)) {
            doctor.examine(ApiExamination.ofQueries(config.query(), token, clock));
        } else if (config.query().health().isPresent()) {
            doctor.examine(ApiExamination.ofHealth(config.query().health().get(), clock));
        } else {
            doctor.skip("queries", "the role query is not of this configuration, nor query.health-port, where it would tell its health");
        }
    }

    /** {@return the configuration with addresses, or empty where there are none} What is embedded is there only with its instance. */
    private Optional<JobwatchConfig> located(JobwatchConfig config, Doctor doctor) throws InterruptedException {
        if (!config.kafka().embedded() && !config.schemaRegistry().embedded()) {
            return Optional.of(config);
        }
        Path folder = config.dataDir().toAbsolutePath();
        Optional<JobwatchConfig> located = config.atRunningInstance();
        boolean running = FolderLock.holder(folder).isPresent();
        if (running && located.isPresent()) {
            return located;
        }
        Finding finding = running
                ? Finding.warn(Ailment.PORT_UNKNOWN, folder.toString(), "an instance runs over it, but at which port its broker and "
                        + "registry listen is not known", "kafka.embedded-port and schema-registry.embedded-port other than 0",
                        "set them, and start it again")
                : Finding.fail(Ailment.NOT_RUNNING, folder.toString(), "no instance runs over it, and with it the embedded broker does not",
                        "a running instance", "jobwatch run -c FILE; if one should run, its log tells why it ended");
        doctor.examine(new Told("kafka", new Result("embedded in the instance", List.of(finding))));
        return Optional.empty();
    }

    private record Told(String subject, Result examine) implements Examination {
    }

    private void cluster(Deployment deployment, Doctor doctor) throws InterruptedException {
        boolean answers = doctor.examine(new ReachExamination(deployment)).state() == State.OK;
        if (!answers) {
            String why = "kafka does not answer";
            for (String subject : List.of("versions", "replication", "topics", "internal topics", "rights")) {
                doctor.skip(subject, why);
            }
            doctor.examine(new RegistryExamination(deployment));
            for (String subject : List.of("sources", "alerts", "dead letters", "groups", "lag", "transactions")) {
                doctor.skip(subject, why);
            }
            return;
        }
        try (Cluster cluster = Cluster.of(deployment)) {
            doctor.examine(new VersionsExamination(deployment, cluster));
            doctor.examine(new ReplicationExamination(deployment, cluster));
            boolean topics = doctor.examine(new TopicsExamination(deployment, cluster)).findings().stream()
                    .noneMatch(finding -> finding.ailment() == Ailment.TOPIC_MISSING);
            if (deployment.has(Role.PROCESS)) {
                doctor.examine(new InternalTopicsExamination(deployment, cluster));
            } else {
                doctor.skip("internal topics", "the role process is not of this configuration");
            }
            doctor.examine(new RightsExamination(deployment, cluster));
            boolean registry = doctor.examine(new RegistryExamination(deployment)).findings().stream()
                    .noneMatch(finding -> finding.ailment() == Ailment.REGISTRY_UNREACHABLE);
            told(deployment, doctor, !topics ? Optional.of("topics are missing")
                    : registry ? Optional.empty() : Optional.of("the registry does not answer"));
            watch(deployment, cluster, doctor);
        }
    }

    /** @param why the topics cannot be read */
    private void told(Deployment deployment, Doctor doctor, Optional<String> why) throws InterruptedException {
        for (Examination examination : List.of(new SourcesExamination(deployment, clock), new AlertsExamination(deployment, clock),
                new DeadLettersExamination(deployment, clock))) {
            if (why.isPresent()) {
                doctor.skip(examination.subject(), why.get());
            } else {
                doctor.examine(examination);
            }
        }
    }

    private void watch(Deployment deployment, Cluster cluster, Doctor doctor) throws InterruptedException {
        List<Watch<?>> watches = new ArrayList<>(List.of(new GroupsWatch(deployment, cluster), new LagWatch(deployment, cluster, clock),
                new TransactionsWatch(deployment, cluster, clock)));
        doctor.watch(watches, LOOKS, left -> pause.take(watched.dividedBy(LOOKS - 1)));
    }
}
