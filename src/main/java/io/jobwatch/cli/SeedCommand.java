package io.jobwatch.cli;

import io.jobwatch.config.FolderLock;
import io.jobwatch.config.JobwatchConfig;
import io.jobwatch.seed.History;
import io.jobwatch.seed.Seed;
import io.jobwatch.seed.Side;
import io.jobwatch.seed.StateFrom;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.access.Refusals;
import io.jobwatch.topic.access.Right;
import io.jobwatch.topic.access.Rights;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "seed", mixinStandardHelpOptions = true, description = {
    "Carries a deployment over to a new one: another topics.prefix and application-id in the same cluster, or another cluster or registry."
            + " So the number of partitions is changed, an embedded broker is left for a cluster, and a copy is made as a backup.",
    "The new one goes on where the old one stopped: it knows the latest status of each job, the active alerts and where polling stands. No"
            + " transition is lost or told twice, and no report is written again. Of the old one nothing is changed.",
    "Neither may run meanwhile, and nothing may wait for the old one: stop the role poll first, and the others when all is processed.",
    "It is done wholly or not at all, in one transaction, and read back at the end. It may be repeated, whatever happened."},
        footer = {"", "Examples:", "  jobwatch seed -c new.yaml --from old.yaml --dry-run", "  jobwatch seed -c new.yaml --from old.yaml"})
final class SeedCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigFile file;

    @Option(names = "--from", required = true, paramLabel = "OLD",
            description = "The configuration of the old deployment; -c names that of the new one.")
    private Path from;

    @Option(names = "--history", split = ",", paramLabel = "WHAT", defaultValue = "reports,alerts",
            description = "What of the past to copy: reports, alerts, transitions, several with commas; the default is reports,alerts, "
                    + "which the console tells of.")
    private List<History> history;

    @Option(names = "--no-history", description = "Copy nothing of the past.")
    private boolean noHistory;

    @Option(names = "--state-from", paramLabel = "WHERE", defaultValue = "both",
            description = "Read the statuses from the topic job-status or from the changelog of the topology's store, where the other is "
                    + "lost: topic or changelog. By default both must agree.")
    private StateFrom stateFrom;

    @Option(names = "--dry-run", description = "Check and count all, and write nothing.")
    private boolean dryRun;

    @Override
    public Integer call() {
        return Stop.interrupting(this::seed);
    }

    private int seed() {
        JobwatchConfig now = file.load();
        JobwatchConfig old = ConfigFile.load(from);
        requireNoState(now);
        PrintWriter out = spec.commandLine().getOut();
        SeedProgress progress = new SeedProgress(out, System::nanoTime);
        try (Closing closing = new Closing()) {
            lock(old, now, closing);
            Connections oldConnections = Connections.openAlone(old, closing);
            Side oldSide = side(old, oldConnections, rights(old).ofSeeded());
            out.println("from     " + oldSide + " at " + oldConnections.bootstrapServers());
            Seed seed = new Seed(oldSide, stateFrom, copied(), progress);
            closing.then("seeding", seed);
            seed.requireReady();
            out.println("checked  no instance of it runs, nothing waits for it, and its statuses are whole");
            seed.missing().forEach(topic -> out.println("missing  topic " + topic + ": nothing of it can be carried over"));
            return dryRun ? tell(seed, old, oldConnections, now, closing, progress)
                    : carryOver(seed, oldConnections, old, now, closing, progress);
        }
    }

    private int carryOver(Seed seed, Connections oldConnections, JobwatchConfig old, JobwatchConfig now, Closing closing,
                          SeedProgress progress) {
        PrintWriter out = spec.commandLine().getOut();
        Connections connections = connect(old, oldConnections, now, closing);
        if (!now.kafka().embedded()) {
            connections.requireRights(rightsToMake(now));
        }
        Side to = side(now, connections, rightsToMake(now));
        seed.inspect(to, now.topics().partitions());
        List<String> created = connections.setUpTopics(now);
        connections.setUpSchemas(now);
        out.println("to       " + to + " at " + connections.bootstrapServers() + ", " + created.size() + " of "
                + to.topics().all().size() + " topics created, the schemas registered");
        Seed.Result result = seed.seed(to, now.topics().partitions(), connections.schemas(now));
        result.records().forEach((topic, records) ->
                out.println((result.already() ? "found    " : "wrote    ") + progress.number(records) + " records in " + topic));
        out.println("verified " + progress.number(result.records().values().stream().mapToLong(Long::longValue).sum())
                + " records read back" + (result.already() ? ": it had been done before" : ""));
        return 0;
    }

    private int tell(Seed seed, JobwatchConfig old, Connections oldConnections, JobwatchConfig now, Closing closing,
                     SeedProgress progress) {
        PrintWriter out = spec.commandLine().getOut();
        if (now.kafka().embedded() && !Files.isDirectory(now.dataDir().resolve("kafka"))) {
            out.println("to       an embedded broker in " + now.dataDir().toAbsolutePath() + ", which has no data yet");
        } else {
            Connections connections = connect(old, oldConnections, now, closing);
            Side to = side(now, connections, rightsToMake(now));
            List<String> found = seed.inspect(to, now.topics().partitions());
            out.println("to       " + to + " at " + connections.bootstrapServers() + (found.isEmpty() ? ", which is empty"
                    : ", where records are in " + String.join(", ", found) + ": if they are those of this seeding, they are verified"));
        }
        Side to = new Side(now.applicationId(), new TopicNames(now.topics().prefix()), oldConnections.kafka(), oldConnections.registry());
        seed.count(to).forEach((topic, records) -> out.println("would write " + progress.number(records) + " records to " + topic));
        return 0;
    }

    private static Connections connect(JobwatchConfig old, Connections oldConnections, JobwatchConfig now, Closing closing) {
        return sharesBroker(old, now) ? Connections.openOn(oldConnections, now, closing) : Connections.openAlone(now, closing);
    }

    private static boolean sharesBroker(JobwatchConfig old, JobwatchConfig now) {
        return old.kafka().embedded() && now.kafka().embedded() && folder(old).equals(folder(now));
    }

    private static Side side(JobwatchConfig config, Connections connections, List<Right> needed) {
        return new Side(config.applicationId(), new TopicNames(config.topics().prefix()), connections.kafka(), connections.registry(),
                new Refusals(connections.kafka(), needed));
    }

    private Set<History> copied() {
        return noHistory ? Set.of() : EnumSet.copyOf(history);
    }

    private List<Right> rightsToMake(JobwatchConfig now) {
        TopicNames topics = new TopicNames(now.topics().prefix());
        return rights(now).ofSeed(copied().stream().map(each -> each.topic(topics)).toList());
    }

    private static Rights rights(JobwatchConfig config) {
        return new Rights(config.applicationId(), new TopicNames(config.topics().prefix()));
    }

    /** Kafka Streams would go by what is in it: how far it had read the changelog of the same name in another cluster, say. */
    private static void requireNoState(JobwatchConfig now) {
        Path state = now.dataDir().resolve("streams").resolve(now.applicationId()).toAbsolutePath();
        if (Files.exists(state)) {
            throw new CommandException("there is local state of the application " + now.applicationId() + " in " + state
                    + ", which the new deployment would take for its own: remove that folder, here and wherever an instance of it is to "
                    + "run; it is made again from the topics. Or choose another application-id or data-dir");
        }
    }

    private static void lock(JobwatchConfig old, JobwatchConfig now, Closing closing) {
        Set<Path> folders = new LinkedHashSet<>();
        if (old.kafka().embedded() || old.schemaRegistry().embedded()) {
            if (old.kafka().embedded() && !Files.isDirectory(folder(old).resolve("kafka"))) {
                throw new CommandException("there are no data of the old deployment in " + folder(old) + ": is its data-dir right?");
            }
            folders.add(folder(old));
        }
        if (Files.isDirectory(folder(now))) {
            folders.add(folder(now));
        }
        folders.forEach(folder -> closing.then("data folder", FolderLock.acquire(folder)));
    }

    private static Path folder(JobwatchConfig config) {
        return config.dataDir().toAbsolutePath().normalize();
    }
}
