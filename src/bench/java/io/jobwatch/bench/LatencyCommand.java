package io.jobwatch.bench;

import io.jobwatch.event.JobStateEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How long after an event a reader of committed records has its transition, and what it costs to commit more often. */
@Command(name = "latency", mixinStandardHelpOptions = true,
        description = "How late transitions are at a steady rate of events, by the commit interval.")
final class LatencyCommand implements Callable<Integer> {
    /** Looks that change a job's state: each event of this measurement raises a transition. */
    private static final int[] CHANGING_LOOKS = {0, 1, 2, 4};
    private static final Duration LAST_WITHIN = Duration.ofMinutes(2);

    @Mixin
    private final Common common = new Common(Common.FIXED_HEAP);
    @Option(names = "--rate", defaultValue = "1000", description = "Events a second (default: ${DEFAULT-VALUE}).")
    private int rate;
    @Option(names = "--warm-up", defaultValue = "20", description = "Seconds that are not counted (default: ${DEFAULT-VALUE}).")
    private int warmUpSeconds;
    @Option(names = "--seconds", defaultValue = "40", description = "Seconds that are counted (default: ${DEFAULT-VALUE}).")
    private int seconds;
    @Option(names = "--commit-intervals", split = ",", defaultValue = "100,20,50,200,500",
            description = "Milliseconds between commits (default: ${DEFAULT-VALUE}; Kafka Streams' default under exactly-once is 100).")
    private List<Integer> intervals;

    @Override
    public Integer call() throws InterruptedException {
        Path folder = common.newFolder();
        StringBuilder table = new StringBuilder(String.format(Locale.ROOT, """
                %,d events a second for %d s after %d s of warm-up, each of which raises a transition, %d partitions, RocksDB; \
                milliseconds from the planned moment of sending to the reader of committed transitions.

                | commit interval | p50 | p90 | p99 | p99.9 | highest | client CPU, µs an event | broker CPU, µs an event |
                |---|---:|---:|---:|---:|---:|---:|---:|
                """, rate, seconds, warmUpSeconds, common.partitions()));
        try (Cluster cluster = Cluster.start(folder, common.partitions())) {
            Race race = new Race(cluster, folder, common.jvmFlags());
            // The broker's JVM is new, too: the first row would show that.
            row(cluster, race, intervals.get(0), new Span(0, warmUpSeconds));
            for (int interval : intervals) {
                table.append(row(cluster, race, interval, new Span(warmUpSeconds, seconds)));
            }
        } finally {
            Folders.delete(folder.resolve("broker"));
        }
        common.publish("latency", table.toString());
        return 0;
    }

    /** How long events are sent before they are counted, and while they are. */
    private record Span(int warmUpSeconds, int seconds) {
    }

    private String row(Cluster cluster, Race race, int interval, Span span) throws InterruptedException {
        String name = "latency-" + interval;
        int warmUp = rate * span.warmUpSeconds();
        Latencies latencies = new Latencies(warmUp + rate * span.seconds());
        Sample.Rate cost;
        Map<String, String> properties = new TreeMap<>(common.properties());
        properties.put("commit.interval.ms", Integer.toString(interval));
        Race.Start options = new Race.Start(0, properties, List.of());
        try (ChildProcess child = race.start(Contestant.Kind.ROCKSDB, name, name, options);
             Loader loader = new Loader(cluster, 0, true)) {
            child.await(ContestantCommand.RUNNING, Duration.ofSeconds(60));
            Pace pace = Pace.perSecond(rate);
            try (Transitions transitions = new Transitions(cluster, (transition, nanos, partition) -> {
                int event = indexOf(Workload.number(transition.getJobName()), transition.getSequence());
                latencies.record(event, nanos - pace.nanos(event));
            })) {
                send(loader, pace, 0, warmUp);
                Sample begin = race.sample(0, child);
                send(loader, pace, warmUp, latencies.size());
                cost = begin.until(race.sample(latencies.size() - warmUp, child));
                loader.flush();
                transitions.requireReading();
                latencies.awaitAll(LAST_WITHIN);
            }
        }
        cluster.clearAll(name);
        Folders.delete(race.stateDir(name));
        Latencies.Percentiles found = latencies.from(warmUp);
        String row = String.format(Locale.ROOT, "| %d ms%s | %.0f | %.0f | %.0f | %.0f | %.0f | %.0f | %.0f |%n", interval,
                interval == 100 ? " (the default)" : "", found.millis(0.5), found.millis(0.9), found.millis(0.99), found.millis(0.999),
                found.millis(1), cost.clientCpu(), cost.brokerCpu());
        Progress.note(row.strip());
        return row;
    }

    private void send(Loader loader, Pace pace, int from, int to) {
        Workload workload = Workload.recent();
        for (int index = from; index < to; index++) {
            JobStateEvent event = workload.event(jobOf(index), CHANGING_LOOKS[index / rate % CHANGING_LOOKS.length]);
            event.setObservedAt(Instant.ofEpochMilli(pace.millis(index)));
            pace.await(index);
            loader.send(event);
        }
    }

    /** In each second as many jobs as there are events take one step; after four seconds they have ended and others follow. */
    private int jobOf(int index) {
        return index / (rate * CHANGING_LOOKS.length) * rate + index % rate;
    }

    private int indexOf(int job, long sequence) {
        return job / rate * rate * CHANGING_LOOKS.length + (int) (sequence - 1) * rate + job % rate;
    }
}
