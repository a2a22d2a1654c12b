package io.jobwatch.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs one contestant under the JVM's flight recorder and tells where its time and its garbage come from. */
@Command(name = "profile", mixinStandardHelpOptions = true, description = "Where a contestant's time goes, by the JVM's flight recorder.")
final class ProfileCommand implements Callable<Integer> {
    @Mixin
    private final Common common = new Common(Common.FIXED_HEAP);
    @Option(names = "--jobs", defaultValue = "200000", description = "Jobs, each of five events (default: ${DEFAULT-VALUE}).")
    private int jobs;
    @Option(names = "--contestant", defaultValue = "ROCKSDB", description = "Who is looked at (default: ${DEFAULT-VALUE}).")
    private Contestant.Kind kind;


    @Override
    public Integer call() throws IOException {
        Path folder = common.newFolder();
        Path recording = folder.resolve("recording.jfr");
        Sample.Rate rate;
        try (Cluster cluster = Cluster.start(folder, common.partitions())) {
            WholeLife.load(cluster, jobs, true);
            Race race = new Race(cluster, folder, common.jvmFlags());
            Race.Start recorded = new Race.Start(0, common.properties(), List.of("-XX:+UnlockDiagnosticVMOptions",
                    "-XX:+DebugNonSafepoints", "-XX:StartFlightRecording=settings=profile,jdk.Compilation#threshold=1ms,filename=" + recording));
            try (ChildProcess child = race.start(kind, "profiled", "profiled", recorded)) {
                rate = race.measure(child, "profiled", 0, (long) jobs * Workload.LOOKS).whole();
            }
        } finally {
            Folders.delete(folder.resolve("broker"));
        }
        System.out.printf("%s under the recorder: %,.0f events/s, CPU %.1f µs an event, the broker's %.1f%n%n", kind.title(),
                rate.eventsPerSecond(), rate.clientCpu(), rate.brokerCpu());
        System.out.println("| CPU, µs an event | thread |\n|---:|---|");
        rate.threads().ticks().entrySet().stream().sorted(Map.Entry.<String, Long>comparingByValue().reversed()).limit(12)
                .forEach(thread -> System.out.printf("| %.2f | %s |%n", thread.getValue() * 10_000.0 / rate.events(), thread.getKey()));
        System.out.println();
        System.out.print(Recording.read(recording).summary());
        System.out.println("\nThe recording: " + recording);
        return 0;
    }
}
