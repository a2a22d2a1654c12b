package io.jobwatch.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What becomes of speed, memory and recovery while the store grows. */
@Command(name = "scale", mixinStandardHelpOptions = true,
        description = "Speed, memory, restoring and taking over, by the number of jobs in the store.")
final class ScaleCommand implements Callable<Integer> {
    @Mixin
    private final Common common = new Common(Common.GROWING_HEAP);
    @Option(names = "--sizes", split = ",", defaultValue = "10000,100000,1000000",
            description = "Numbers of jobs (default: ${DEFAULT-VALUE}).")
    private List<Integer> sizes;
    @Option(names = "--updates", defaultValue = "200000",
            description = "Updates of known jobs, first to warm up and then measured (default: ${DEFAULT-VALUE}).")
    private int updates;

    @Override
    public Integer call() throws InterruptedException {
        StringBuilder table = new StringBuilder(String.format(Locale.ROOT, """
                RocksDB, %d partitions; %,d updates of jobs chosen at random, after as many to warm up.

                | jobs in the store | updates, events/s | RSS, MiB | heap in use, MiB | RocksDB off heap, MiB | of which memtables, MiB \
                | store on disk, MiB | changelog, records | state lost: start to RUNNING, s | to a transition of every partition, s \
                | SIGKILL, one standby: to a transition of every partition, s |
                |---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
                """, common.partitions(), updates));
        for (int size : sizes) {
            Path folder = common.newFolder();
            ScaleRun.Result result;
            try (Cluster cluster = Cluster.start(folder, common.partitions())) {
                result = new ScaleRun(cluster, new Race(cluster, folder, common.jvmFlags()), size, updates, common.properties()).run();
            } finally {
                Folders.delete(folder.resolve("broker"));
                ScaleRun.NAMES.forEach(name -> Folders.delete(Race.stateDir(folder, name)));
            }
            String row = row(size, result);
            table.append(row);
            Progress.note(row.strip());
        }
        common.publish("scale", table.toString());
        return 0;
    }

    private static String row(int size, ScaleRun.Result result) {
        return String.format(Locale.ROOT, "| %,d | %,.0f | %s | %s | %s | %s | %s | %,d | %.1f | %.1f | %.1f |%n", size,
                result.updating().eventsPerSecond(), mebibytes(result.residentBytes()), mebibytes(result.stores().number("heap")),
                mebibytes(result.stores().number("cache") + result.stores().number("readers")),
                mebibytes(result.stores().number("memtables")), mebibytes(result.stores().number("disk")), result.changelogRecords(),
                result.restoredSeconds(), result.toldAgainSeconds(), result.takenOverSeconds());
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%,d", bytes >> 20);
    }
}
