package io.jobwatch.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Starts contestants as children and measures how fast they commit. */
final class Race {
    private static final long LOOK_NANOS = 20_000_000;

    private final Cluster cluster;
    private final Path folder;
    private final List<String> jvmFlags;
    private final Duration limit;

    /**
     * @param folder   for the logs and the state of contestants
     * @param jvmFlags the same for all
     * @param limit    for a contestant to commit everything
     */
    Race(Cluster cluster, Path folder, List<String> jvmFlags, Duration limit) {
        this.cluster = cluster;
        this.folder = folder;
        this.jvmFlags = jvmFlags;
        this.limit = limit;
    }

    /** {@return where a contestant's state is} */
    Path stateDir(String name) {
        return folder.resolve("state-" + name);
    }

    /** Starts a contestant; does not wait. */
    ChildProcess start(Contestant.Kind kind, String applicationId, String name, Start options) {
        List<String> flags = new ArrayList<>(jvmFlags);
        flags.addAll(options.jvmFlags());
        List<String> arguments = new ArrayList<>(List.of("contestant", "--kind", kind.name(), "--bootstrap", cluster.bootstrap(),
                "--registry", cluster.registryUrl(), "--partitions", Integer.toString(cluster.partitions()), "--prefix",
                cluster.topics().prefix(), "--application-id", applicationId, "--state-dir", stateDir(name).toString(),
                "--standby-replicas", Integer.toString(options.standbyReplicas())));
        options.properties().forEach((key, value) -> arguments.addAll(List.of("--property", key + "=" + value)));
        return ChildProcess.start(kind.title() + " " + name, folder.resolve(name + ".log"), flags, arguments);
    }

    /**
     * Watches a contestant until it has committed everything that the input holds now.
     *
     * @param warmUp events that do not count
     * @return what it did from its first commit here after the warm-up to the last; starting the JVM and joining the group are before that
     */
    Sample.Rate measure(ChildProcess child, String applicationId, long warmUp) {
        String input = cluster.topics().jobStateEvents();
        long before = cluster.committed(applicationId, input);
        long end = cluster.end(input);
        long deadline = System.nanoTime() + limit.toNanos();
        Sample first = null;
        while (true) {
            long committed = cluster.committed(applicationId, input);
            if (committed > before + warmUp && first == null) {
                first = sample(committed, child);
            } else if (committed >= end) {
                return first.until(sample(committed, child));
            }
            if (first != null && first.events() >= end) {
                throw new BenchException(end - before + " events are too few to measure: " + applicationId
                        + " committed them all at once");
            }
            child.requireAlive();
            if (System.nanoTime() > deadline) {
                throw new BenchException(applicationId + " committed " + committed + " of " + end + " events within " + limit.toSeconds()
                        + " s; its log is in " + folder);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** {@return how far it is now} */
    Sample sample(long events, ChildProcess child) {
        return new Sample(System.nanoTime(), events, child.cpu(), cluster.cpu(), child.threadTimes());
    }

    /**
     * How a contestant is started where it differs.
     *
     * @param standbyReplicas copies of the store
     * @param properties      further Kafka Streams settings
     * @param jvmFlags        further options of the JVM
     */
    record Start(int standbyReplicas, Map<String, String> properties, List<String> jvmFlags) {
        /** As it comes. */
        static final Start PLAIN = new Start(0, Map.of(), List.of());
    }
}
