package io.jobwatch.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Holds jobwatch beside the least that any program does and beside the one that one would write first, on the same events. */
@Command(name = "throughput", mixinStandardHelpOptions = true,
        description = "How many events a second each contestant commits, on the same pre-loaded input, in turn.")
final class ThroughputCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @Mixin
    private Common common;
    @Option(names = "--jobs", defaultValue = "200000", description = "Jobs, each of five events (default: ${DEFAULT-VALUE}).")
    private int jobs;
    @Option(names = "--rounds", defaultValue = "3", description = "Times that each contestant runs (default: ${DEFAULT-VALUE}).")
    private int rounds;
    @Option(names = "--contestants", split = ",", defaultValue = "LOOP,DSL,ROCKSDB,MEMORY",
            description = "Who takes part (default: ${DEFAULT-VALUE}).")
    private List<Contestant.Kind> kinds;
    @Option(names = "--warm-up", defaultValue = "40000",
            description = "Jobs before those that count (default: ${DEFAULT-VALUE}).")
    private int warmUp;
    @Option(names = "--property", description = "A setting of Kafka Streams for jobwatch, key=value, to try what it changes.")
    private Map<String, String> properties = Map.of();
    @Option(names = "--headers", negatable = true, defaultValue = "true", fallbackValue = "true",
            description = "Whether events carry the headers that the poller gives them (default: ${DEFAULT-VALUE}).")
    private boolean headers;

    @Override
    public Integer call() {
        Path folder = common.newFolder();
        Map<Contestant.Kind, List<Sample.Rate>> rates = new EnumMap<>(Contestant.Kind.class);
        long meanBytes;
        try (Cluster cluster = Cluster.start(folder, common.partitions())) {
            meanBytes = WholeLife.load(cluster, warmUp, jobs, headers);
            Race race = new Race(cluster, folder, common.jvmFlags(), LIMIT);
            for (int round = 1; round <= rounds; round++) {
                for (Contestant.Kind kind : kinds) {
                    rates.computeIfAbsent(kind, key -> new ArrayList<>()).add(run(cluster, race, kind, round));
                }
            }
        } finally {
            Folders.delete(folder.resolve("broker"));
        }
        System.out.print(ThroughputTable.of(rates, new ThroughputTable.Input(warmUp, jobs, meanBytes, headers, common.partitions(), rounds)));
        return 0;
    }

    private Sample.Rate run(Cluster cluster, Race race, Contestant.Kind kind, int round) {
        String name = kind.name().toLowerCase(Locale.ROOT) + "-" + round;
        Sample.Rate rate;
        try (ChildProcess child = race.start(kind, name, name, new Race.Start(0, properties, List.of()))) {
            rate = race.measure(child, name, (long) warmUp * Workload.LOOKS);
        }
        Progress.note(String.format("round %d, %s: %,.0f events/s, CPU %.1f µs an event, the broker's %.1f", round, kind.title(),
                rate.eventsPerSecond(), rate.clientCpu(), rate.brokerCpu()));
        new Outputs(cluster).verify(kind, warmUp + jobs);
        Folders.delete(race.stateDir(name));
        cluster.clear(name);
        return rate;
    }
}
