package io.jobwatch.bench;

import java.time.Duration;

/**
 * The input of a race: every look at every job, all jobs at the first look before any at the second. Some jobs come before all others, to
 * warm the contestants up: compiling takes a JVM seconds of both processors, whatever the number of events is.
 */
final class WholeLife {

    private WholeLife() {
    }

    /**
     * Writes it.
     *
     * @param warmUp jobs before those that count
     * @return the mean size of a value, in bytes
     */
    static long load(Cluster cluster, int warmUp, int jobs, boolean headers) {
        Workload workload = new Workload(System.currentTimeMillis() - Duration.ofHours(1).toMillis());
        try (Loader loader = new Loader(cluster, 10, headers)) {
            send(loader, workload, 0, warmUp);
            send(loader, workload, warmUp, warmUp + jobs);
            loader.flush();
            Progress.note((warmUp + jobs) * Workload.LOOKS + " events of " + loader.meanBytes() + " bytes are loaded");
            return loader.meanBytes();
        }
    }

    private static void send(Loader loader, Workload workload, int from, int to) {
        for (int look = 0; look < Workload.LOOKS; look++) {
            for (int job = from; job < to; job++) {
                loader.send(workload.event(job, look));
            }
        }
    }
}
