package io.jobwatch.bench;

import io.jobwatch.event.JobStateEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The measurements for one size of the store, one after another: fill it, update it, lose it, and kill its owner beside a standby. Each
 * begins with what the one before left.
 */
final class ScaleRun {
    private static final String APPLICATION = "scale";
    private static final String FIRST = "first";
    private static final String SECOND = "second";
    /** Of the two instances. */
    static final List<String> NAMES = List.of(FIRST, SECOND);
    private static final Duration RESTORED_WITHIN = Duration.ofMinutes(3);
    /** Enough for each of some partitions to have one: the keys are spread by their hash, the same ones in every run. */
    private static final int PROBES = 100;
    private static final int PROBES_PER_SECOND = 200;
    private static final int BEFORE_THE_KILL = 2 * PROBES_PER_SECOND;

    private final Cluster cluster;
    private final Race race;
    private final int size;
    private final int updates;
    private final Map<String, String> properties;
    private final Workload workload = Workload.recent();
    private int nextJob;
    private int step;

    /**
     * @param size       jobs in the store
     * @param updates    of known jobs
     * @param properties further Kafka Streams settings
     */
    ScaleRun(Cluster cluster, Race race, int size, int updates, Map<String, String> properties) {
        this.cluster = cluster;
        this.race = race;
        this.size = size;
        this.updates = updates;
        this.properties = properties;
        this.nextJob = size;
    }

    /**
     * What was measured.
     *
     * @param updating          of known jobs
     * @param residentBytes     of the process, after that
     * @param stores            see {@link StoreFacts#sizes}, after that
     * @param changelogRecords  which a restore reads
     * @param restoredSeconds   from starting the process without its state to RUNNING
     * @param toldAgainSeconds  from the same to a transition of every partition
     * @param takenOverSeconds  from the SIGKILL to a later event's transition in every partition
     */
    record Result(Sample.Rate updating, long residentBytes, Facts stores, long changelogRecords, double restoredSeconds,
                  double toldAgainSeconds, double takenOverSeconds) {
    }

    Result run() throws InterruptedException {
        Sample.Rate updating;
        long residentBytes;
        Facts stores;
        try (ChildProcess child = start(FIRST)) {
            fill(child);
            update(child);
            updating = update(child);
            residentBytes = child.residentBytes();
            stores = child.ask(ContestantCommand.STORES);
        }
        new Outputs(cluster).verifyStatuses(size + 2L * updates);
        long changelogRecords = cluster.changelogRecords(APPLICATION);
        Folders.delete(race.stateDir(FIRST));
        try (Probe probe = new Probe()) {
            try (Loader loader = new Loader(cluster, 0, true)) {
                for (int i = 0; i < PROBES; i++) {
                    loader.send(newJob());
                }
                loader.flush();
            }
            long begin = System.nanoTime();
            try (ChildProcess first = start(FIRST)) {
                first.await(ContestantCommand.RUNNING, RESTORED_WITHIN);
                double restored = secondsSince(begin);
                double toldAgain = probe.awaitAll(begin);
                Progress.note(String.format("%,d jobs: restored %,d records of the changelog in %.1f s", size, changelogRecords, restored));
                double takenOver = takeOver(first);
                return new Result(updating, residentBytes, stores, changelogRecords, restored, toldAgain, takenOver);
            }
        }
    }

    private ChildProcess start(String name) {
        return race.start(Contestant.Kind.ROCKSDB, APPLICATION, name, new Race.Start(1, properties, List.of()));
    }

    private void fill(ChildProcess child) {
        try (Loader loader = new Loader(cluster, 10, true)) {
            for (int job = 0; job < size; job++) {
                loader.send(workload.event(job, 2));
            }
            loader.flush();
        }
        race.awaitCommitted(child, APPLICATION, size);
        Progress.note(String.format("%,d jobs: the store is filled", size));
    }

    private Sample.Rate update(ChildProcess child) {
        SplittableRandom random = new SplittableRandom(size + step);
        long before = race.committed(APPLICATION);
        try (Loader loader = Loader.atOnce(cluster)) {
            for (int i = 0; i < updates; i++) {
                loader.send(workload.news(random.nextInt(size), ++step));
            }
        }
        Sample.Rate rate = race.measure(child, APPLICATION, before, updates).whole();
        Progress.note(String.format("%,d jobs: updated, %,.0f events/s, CPU %.1f µs an event", size, rate.eventsPerSecond(),
                rate.clientCpu()));
        return rate;
    }

    private double takeOver(ChildProcess first) throws InterruptedException {
        try (ChildProcess second = start(SECOND);
             Probe probe = new Probe();
             Loader loader = new Loader(cluster, 0, true)) {
            second.await(ContestantCommand.RUNNING, RESTORED_WITHIN);
            awaitStandby(second);
            Pace pace = Pace.perSecond(PROBES_PER_SECOND);
            int moment = 0;
            while (moment < BEFORE_THE_KILL || !probe.done()) {   // the owner is at work when it is killed
                pace.await(moment++);
                loader.send(newJob());
            }
            first.kill();
            long killed = System.nanoTime();
            probe.restart();
            while (!probe.done()) {
                second.requireAlive();
                if (secondsSince(killed) > RESTORED_WITHIN.toSeconds()) {
                    throw new BenchException("not every partition had a transition within " + RESTORED_WITHIN + " after the SIGKILL");
                }
                pace.await(moment++);
                loader.send(newJob());
            }
            return probe.awaitAll(killed);
        }
    }

    /** Its copies are complete when they lag by no more than the control records at the end of each. */
    private void awaitStandby(ChildProcess second) {
        long deadline = System.nanoTime() + RESTORED_WITHIN.toNanos();
        Facts lag = second.ask(ContestantCommand.LAG);
        while (lag.number("partitions") < cluster.partitions() || lag.number("records") > 2L * cluster.partitions()) {
            if (System.nanoTime() > deadline) {
                throw new BenchException("the standby is not complete after " + RESTORED_WITHIN + ": " + lag);
            }
            LockSupport.parkNanos(200_000_000);
            lag = second.ask(ContestantCommand.LAG);
        }
        Progress.note(String.format("%,d jobs: the standby is complete (%s)", size, lag));
    }

    private JobStateEvent newJob() {
        JobStateEvent event = workload.event(nextJob++, 0);
        event.setObservedAt(Instant.ofEpochMilli(System.currentTimeMillis()));
        return event;
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    /** Notices when every partition has a transition of an event that was seen since the probe began or began again. */
    private final class Probe implements AutoCloseable {
        private final Set<Integer> told = ConcurrentHashMap.newKeySet();
        private final Transitions transitions;
        private volatile long sinceMillis = System.currentTimeMillis();
        private volatile CountDownLatch missing = new CountDownLatch(cluster.partitions());
        private volatile long lastNanos;

        Probe() {
            transitions = new Transitions(cluster, (transition, nanos, partition) -> {
                if (transition.getObservedAt().toEpochMilli() >= sinceMillis && told.add(partition)) {
                    lastNanos = nanos;
                    missing.countDown();
                }
            });
        }

        void restart() {
            sinceMillis = System.currentTimeMillis() + 1;
            missing = new CountDownLatch(cluster.partitions());
            told.clear();
        }

        boolean done() {
            return missing.getCount() == 0;
        }

        /** {@return the seconds from a moment until the last partition had one} */
        double awaitAll(long sinceNanos) throws InterruptedException {
            if (!missing.await(RESTORED_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                throw new BenchException("only the partitions " + told + " had a transition within " + RESTORED_WITHIN);
            }
            return (lastNanos - sinceNanos) / 1e9;
        }

        @Override
        public void close() {
            transitions.close();
        }
    }
}
