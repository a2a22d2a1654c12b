package io.jobwatch.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
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
    @Mixin
    private final Common common = new Common(Common.FIXED_HEAP);
    @Option(names = "--jobs", defaultValue = "200000", description = "Jobs, each of five events (default: ${DEFAULT-VALUE}).")
    private int jobs;
    @Option(names = "--rounds", defaultValue = "3", description = "Times that each contestant runs (default: ${DEFAULT-VALUE}).")
    private int rounds;
    @Option(names = "--contestants", split = ",", defaultValue = "LOOP,LOOP_WIDE,DSL,ROCKSDB,MEMORY",
            description = "Who takes part (default: ${DEFAULT-VALUE}).")
    private List<Contestant.Kind> kinds;
    @Option(names = "--without-headers", description = "Leave out the headers that the poller gives to events.")
    private boolean withoutHeaders;

    @Override
    public Integer call() {
        Path folder = common.newFolder();
        Map<Contestant.Kind, List<Race.Result>> results = new EnumMap<>(Contestant.Kind.class);
        long meanBytes;
        try (Cluster cluster = Cluster.start(folder, common.partitions())) {
            meanBytes = WholeLife.load(cluster, jobs, !withoutHeaders);
            Race race = new Race(cluster, folder, common.jvmFlags());
            // The broker's JVM is new, too: the first contestant would find it slower than the others.
            run(cluster, race, Contestant.Kind.LOOP, 0);
            List<Contestant.Kind> order = new ArrayList<>(kinds);
            for (int round = 1; round <= rounds; round++) {
                for (Contestant.Kind kind : order) {
                    results.computeIfAbsent(kind, key -> new ArrayList<>()).add(run(cluster, race, kind, round));
                }
                Collections.rotate(order, -1);
            }
        } finally {
            Folders.delete(folder.resolve("broker"));
        }
        common.publish("throughput",
                ThroughputTable.of(results, new ThroughputTable.Input(jobs, meanBytes, !withoutHeaders, common.partitions(), rounds)));
        return 0;
    }

    private Race.Result run(Cluster cluster, Race race, Contestant.Kind kind, int round) {
        String name = kind.name().toLowerCase(Locale.ROOT) + "-" + round;
        Race.Result result;
        try (ChildProcess child = race.start(kind, name, name, new Race.Start(0, common.properties(), List.of()))) {
            result = race.measure(child, name, 0, (long) jobs * Workload.LOOKS);
        }
        Sample.Rate rate = result.whole();
        Progress.note(String.format(Locale.ROOT, "%s, %s: %,.0f events/s, in the second half %,.0f; "
                        + "CPU %.1f µs an event, the broker's %.1f",
                round == 0 ? "warm-up" : "round " + round, kind.title(), rate.eventsPerSecond(), result.secondHalf().eventsPerSecond(),
                rate.clientCpu(), rate.brokerCpu()));
        new Outputs(cluster).verify(kind, jobs);
        Folders.delete(race.stateDir(name));
        cluster.clear(name);
        return result;
    }
}
