package io.jobwatch.cli;

import io.jobwatch.config.JobwatchConfig;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.registry.SchemaRegistries;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.source.JobSource;
import io.jobwatch.source.JobSources;
import io.jobwatch.source.Listing;
import io.jobwatch.topic.SchemaSetup;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import io.jobwatch.topic.TopicSpec;
import io.jobwatch.topic.access.JaasFault;
import io.jobwatch.topic.access.Refusals;
import io.jobwatch.topic.access.Right;
import io.jobwatch.topic.access.Rights;
import io.jobwatch.topic.access.RightsAnswer;
import io.jobwatch.topic.access.RightsCheck;
import io.jobwatch.topic.access.RightsException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.errors.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "check", mixinStandardHelpOptions = true,
        description = "Validates the configuration, then reaches the broker, the registry with each schema, and every source; a line each. "
                + "Writes nothing.",
        footer = {"", "Example:", "  jobwatch check -c jobwatch.yaml && jobwatch run -c jobwatch.yaml"})
final class CheckCommand implements Callable<Integer> {
    private static final int ANSWER_WITHIN_MILLIS = 10_000;
    private static final int MAX_CONFLICTS = 5;

    @Mixin
    private ConfigFile file;

    /** Something to reach; what it returns says what was found. */
    @FunctionalInterface
    private interface Reach {
        String reach() throws Exception;
    }

    @Override
    public Integer call() {
        return Stop.interrupting(this::check);
    }

    private int check() {
        JobwatchConfig config = file.load();
        System.out.println("ok      configuration");
        Refusals refusals = new Refusals(kafka(config), List.of());
        boolean fine = line("kafka", () -> {
            try {
                return reachKafka(config);
            } catch (ExecutionException e) {
                throw refusals.explain(e).<Exception>map(RightsException::new).orElse(e);
            }
        });
        if (fine && !config.kafka().embedded()) {
            fine = line("rights", () -> judgeRights(config));
        }
        fine &= config.schemaRegistry().embedded()
                ? line("registry", () -> "embedded, started by run")
                : reachRegistry(config);
        for (SourceConfig source : config.sources()) {
            fine &= line("source " + source.name(), () -> reachSource(source));
        }
        return fine ? 0 : CommandLineInterface.FAILED;
    }

    private static boolean line(String what, Reach reach) {
        try {
            System.out.println("ok      " + what + ": " + reach.reach());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(what);
        } catch (ExecutionException e) {
            System.out.println("FAILED  " + what + ": " + e.getCause().getMessage()
                    + (e.getCause() instanceof TimeoutException ? ": check kafka.bootstrap-servers and that the cluster is up" : ""));
        } catch (RuntimeException e) {
            if (JaasFault.explain(e).isPresent()) {
                throw e;   // the configuration is wrong
            }
            failed(what, e);
        } catch (Exception e) {
            failed(what, e);
        }
        return false;
    }

    private static void failed(String what, Exception failure) {
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted(what);
        }
        System.out.println("FAILED  " + what + ": " + failure.getMessage());
    }

    /** {@return what ends the command: the rest need not be reached} */
    private static CommandException interrupted(String what) {
        return new CommandException("interrupted while reaching " + what);
    }

    private static String reachKafka(JobwatchConfig config) throws Exception {
        if (config.kafka().embedded()) {
            return "embedded, started by run, data in " + config.dataDir().toAbsolutePath();
        }
        try (Admin admin = Admin.create(kafka(config))) {
            int brokers = admin.describeCluster().nodes().get().size();
            long present = admin.listTopics().names().get().stream()
                    .filter(new TopicNames(config.topics().prefix()).all()::contains).count();
            return config.kafka().bootstrapServers() + ", " + brokers + " brokers, " + present + " of "
                    + new TopicNames("").all().size() + " topics are set up";
        }
    }

    private static Map<String, Object> kafka(JobwatchConfig config) {
        Map<String, Object> settings = new HashMap<>(config.kafka().properties());
        settings.put("bootstrap.servers", config.kafka().bootstrapServers());
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_WITHIN_MILLIS / 2);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_WITHIN_MILLIS);
        return settings;
    }

    private static String judgeRights(JobwatchConfig config) {
        List<Right> needed = Rights.of(config);
        try (Admin admin = Admin.create(kafka(config))) {
            RightsAnswer answer = new RightsCheck(admin).ask(needed);
            if (!answer.missing().isEmpty()) {
                throw new RightsException(new Refusals(kafka(config), needed).lacking(answer.lacking()));
            }
            return answer.untold().isEmpty() ? "none is missing"
                    : "none is missing of those that the cluster tells; it does not tell " + answer.untoldText();
        }
    }

    private static boolean reachRegistry(JobwatchConfig config) {
        List<SchemaSetup.Found> found = new ArrayList<>();
        boolean fine = line("registry", () -> {
            SchemaRegistries registries = SchemaRegistries.of(config.schemaRegistry());
            try (SchemaRegistry registry = registries.open()) {
                List<TopicSpec> specs = TopicSpec.all(new TopicNames(config.topics().prefix()), config.topics().partitions());
                found.addAll(new SchemaSetup(registry, specs).find());
                return registries.address() + ", asked with the client " + registries.client().word() + ", "
                        + found.stream().filter(subject -> subject.id().isPresent()).count() + " of "
                        + found.size() + " schemas are registered";
            }
        });
        for (SchemaSetup.Found subject : found) {
            fine &= line("schema " + subject.subject(), () -> judge(subject, config.schemaRegistry().autoRegister()));
        }
        return fine;
    }

    private static String judge(SchemaSetup.Found subject, boolean autoRegister) {
        if (subject.id().isPresent()) {
            return "registered, id " + subject.id().get() + (!subject.wrongLevel() ? "" : ", but the compatibility level is "
                    + subject.level().orElseThrow() + ": jobwatch setup -c FILE sets " + TopicSchemas.COMPATIBILITY)
                    + subject.unread().map(why -> "; its compatibility level cannot be read (" + why + ")").orElse("");
        }
        if (!subject.conflicts().isEmpty()) {
            throw new CommandException("not registered, and not compatible with what is: " + subject.conflicts().stream()
                    .limit(MAX_CONFLICTS).collect(Collectors.joining("; ")) + (subject.conflicts().size() <= MAX_CONFLICTS ? ""
                    : "; and " + (subject.conflicts().size() - MAX_CONFLICTS) + " more") + " (is this release older than the topics, or "
                    + "the prefix another application's?)");
        }
        if (!autoRegister) {
            throw new CommandException("not registered, " + (subject.unasked().isPresent() ? "" : "compatible, ")
                    + "and auto.register.schemas is false, so run would fail: jobwatch setup -c FILE registers it");
        }
        if (subject.unasked().isPresent()) {
            throw new CommandException("not registered, and whether it is compatible this user may not ask: " + subject.unasked().get());
        }
        return "not registered yet, compatible: setup or run registers it";
    }

    private static String reachSource(SourceConfig config) throws Exception {
        try (JobSource source = JobSources.create(config, Clock.systemUTC())) {
            return config.type() + " at " + config.url() + ", "
                    + (source.list(Optional.empty()) instanceof Listing.Jobs listed
                    ? listed.jobs().size() + " jobs, " + listed.bad().size() + " items that cannot be read" : "answers");
        }
    }
}
