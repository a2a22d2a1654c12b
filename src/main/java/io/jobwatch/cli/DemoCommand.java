package io.jobwatch.cli;

import io.jobwatch.config.AuthConfig;
import io.jobwatch.config.JobwatchConfig;
import io.jobwatch.config.KafkaConfig;
import io.jobwatch.config.ProcessConfig;
import io.jobwatch.config.QueryConfig;
import io.jobwatch.config.RegistryConfig;
import io.jobwatch.config.ReportConfig;
import io.jobwatch.config.Role;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.config.StartFrom;
import io.jobwatch.config.TopicsConfig;
import io.jobwatch.embedded.Ports;
import io.jobwatch.embedded.simulator.EncoderSimulator;
import io.jobwatch.embedded.simulator.SimulatorSettings;
import io.jobwatch.topic.TopicNames;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "demo", mixinStandardHelpOptions = true, description = {
    "Shows all of jobwatch on one machine: a broker, a registry and a simulated encoder in this process, every role, the console.",
    "Jobs keep arriving up to the number given; at the end the topics are held against the simulator, and the exit status is 1 if"
            + " they disagree."},
        footer = {"", "Example:", "  jobwatch demo --jobs 50 --speed 10 --exit-when-done"})
final class DemoCommand implements Callable<Integer> {
    private static final int CONSOLE_PORT = 8080;
    private static final int PORTS_TRIED = 100;
    private static final String SOURCE = "encoder";

    @Spec
    private CommandSpec spec;

    @Option(names = "--jobs", defaultValue = "50", description = "How many jobs arrive in all (default ${DEFAULT-VALUE}).")
    private int jobs;

    @Option(names = "--seed", defaultValue = "1",
            description = "Determines the jobs' ids, names, times and outcomes (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--speed", defaultValue = "1", description = "How much faster than life the jobs run (default ${DEFAULT-VALUE}).")
    private double speed;

    @Option(names = "--port", description = "Port of the console; 0 takes any free one (default 8080, or the next free one).")
    private Integer port;

    @Option(names = "--data-dir", paramLabel = "D",
            description = "Keep the data in this folder (default: a temporary one, removed at the end).")
    private Path dataDir;

    @Option(names = "--exit-when-done", description = "End when every job has ended; otherwise queries are answered until Ctrl-C.")
    private boolean exitWhenDone;

    @Override
    public Integer call() {
        SimulatorSettings settings = settings();
        if (port != null && (port < 0 || port > 65_535)) {
            throw new CommandLine.ParameterException(spec.commandLine(), "the port must be 0 to 65535, not " + port);
        }
        Stop stop = Stop.onSignals();
        stop.starting();
        try (DemoFolder folder = DemoFolder.open(Optional.ofNullable(dataDir)); Closing closing = new Closing();
             DemoProgress progress = DemoProgress.atTerminal(spec, jobs)) {
            // The encoder's address is chosen now and its first job arrives last: it should not have ended before anybody looks.
            SimulatorSettings placed = settings.withPort(Ports.free());
            JobwatchConfig config = config(folder.path(), URI.create("http://" + placed.host() + ":" + placed.port() + "/api"));
            AtomicReference<DemoWatch> watch = new AtomicReference<>();
            Instance instance = Instance.start(config, progress.out(), Clock.systemUTC(), connections -> {
                DemoTopics topics = DemoTopics.fromNow(connections.kafka(), new TopicNames(config.topics().prefix()),
                        connections.registry());
                closing.then("demo", topics);
                EncoderSimulator simulator = EncoderSimulator.start(placed);
                closing.then("simulator", simulator);
                watch.set(new DemoWatch(simulator, topics, stop, progress));
            });
            closing.then("jobwatch", instance);
            stop.started();
            introduce(instance, config, progress.out());
            return watch.get().watch(Optional.ofNullable(dataDir).map(kept -> config.report().directory()), exitWhenDone);
        } catch (RuntimeException e) {
            if (stop.wished()) {
                return 0;   // what failed was interrupted by the wish to end
            }
            throw e;
        }
    }

    private SimulatorSettings settings() {
        try {
            return SimulatorSettings.of(jobs, seed, speed);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    private void introduce(Instance instance, JobwatchConfig config, PrintStream out) {
        out.println("jobwatch demo: " + jobs + " jobs, seed " + seed + ", speed " + speed);
        instance.queryUrl().ifPresent(url -> out.println("  console   " + url));
        out.println("  encoder   " + config.sources().get(0).url() + " (simulated, ams-v2)");
        out.println("  kafka     " + instance.connections().bootstrapServers());
        out.println("  registry  " + instance.connections().registryUrl());
        out.println("  data      " + config.dataDir() + (dataDir == null ? " (removed at the end)" : ""));
        out.println("Ctrl-C ends it.");
        out.println();
        out.flush();
    }

    private JobwatchConfig config(Path folder, URI encoder) {
        Duration interval = Duration.ofMillis(Math.max(200, Math.min(1000, (long) (1000 / speed))));
        SourceConfig source = new SourceConfig(SOURCE, "ams-v2", encoder, "contoso", Optional.of("westeurope"), interval,
                SourceConfig.DEFAULT_REQUEST_TIMEOUT, SourceConfig.DEFAULT_DETAILS_TIMEOUT, new StartFrom.All(), new AuthConfig.None());
        return new JobwatchConfig("jobwatch-demo", folder, EnumSet.allOf(Role.class),
                new KafkaConfig(KafkaConfig.EMBEDDED, 0, Map.of()), new RegistryConfig(RegistryConfig.EMBEDDED, 0, Map.of()),
                new TopicsConfig("jobwatch.", 6), List.of(source),
                new ProcessConfig(ProcessConfig.StateStore.ROCKSDB, 0, Map.of(), Duration.ofMinutes(5), Duration.ofDays(7), Map.of()),
                new ReportConfig(ReportConfig.Console.FULL, folder.resolve("job-reports"), Optional.empty()),
                new QueryConfig("127.0.0.1", port == null ? freeConsolePort() : port));
    }

    private static int freeConsolePort() {
        for (int candidate = CONSOLE_PORT; candidate < CONSOLE_PORT + PORTS_TRIED; candidate++) {
            if (Ports.isFree(candidate)) {
                return candidate;
            }
        }
        return 0;
    }
}
