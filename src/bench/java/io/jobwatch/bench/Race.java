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
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final Cluster cluster;
    private final Path folder;
    private final List<String> jvmFlags;

    /**
     * @param folder   for the logs and the state of contestants
     * @param jvmFlags the same for all
     */
    Race(Cluster cluster, Path folder, List<String> jvmFlags) {
        this.cluster = cluster;
        this.folder = folder;
        this.jvmFlags = jvmFlags;
    }

    /** {@return where a contestant's state is} */
    Path stateDir(String name) {
        return stateDir(folder, name);
    }

    /** {@return where a contestant's state is, under the folder of a run} */
    static Path stateDir(Path folder, String name) {
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
     * Watches a contestant until it has committed some events more.
     *
     * @param before what it had committed before these events were there, see {@link #committed(String)}
     * @return what it did from its first commit here to the last, and in the second half of that
     */
    Result measure(ChildProcess child, String applicationId, long before, long events) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        Sample first = null;
        Sample middle = null;
        while (true) {
            long done = committed(applicationId) - before;
            if (done > 0 && first == null) {
                first = sample(done, child);
            }
            if (done >= events / 2 && middle == null) {
                middle = sample(done, child);
            }
            if (done >= events) {
                if (first.events() >= events || middle.events() >= events) {
                    throw new BenchException(events + " events are too few to measure: " + applicationId + " committed them all at once");
                }
                Sample last = sample(done, child);
                return new Result(first.until(last), middle.until(last));
            }
            requireProgress(child, applicationId, deadline, done, events);
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** Returns when a contestant has committed so many events of the input in all. */
    void awaitCommitted(ChildProcess child, String applicationId, long events) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (committed(applicationId) < events) {
            requireProgress(child, applicationId, deadline, committed(applicationId), events);
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private void requireProgress(ChildProcess child, String applicationId, long deadline, long done, long events) {
        child.requireAlive();
        if (System.nanoTime() > deadline) {
            throw new BenchException(applicationId + " committed " + done + " of " + events + " events within " + LIMIT.toSeconds()
                    + " s; its log is in " + folder);
        }
    }

    /** {@return how far it is now} */
    Sample sample(long events, ChildProcess child) {
        return new Sample(System.nanoTime(), events, child.cpu(), cluster.cpu(), child.threadTimes());
    }

    /** {@return how far a contestant has committed the input, over all partitions; 0 before its first commit} */
    long committed(String applicationId) {
        return cluster.committed(applicationId, cluster.topics().jobStateEvents());
    }

    /**
     * What a contestant did. Starting the JVM and joining the group are before it.
     *
     * @param whole      from the first commit to the last; the JVM still compiles in the beginning
     * @param secondHalf of the events
     */
    record Result(Sample.Rate whole, Sample.Rate secondHalf) {
    }

    /**
     * How a contestant is started where it differs.
     *
     * @param standbyReplicas copies of the store
     * @param properties      further Kafka Streams settings
     * @param jvmFlags        further options of the JVM
     */
    record Start(int standbyReplicas, Map<String, String> properties, List<String> jvmFlags) {
    }
}
