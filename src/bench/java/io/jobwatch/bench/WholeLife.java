package io.jobwatch.bench;

/** The input of a race: every look at every job, all jobs at the first look before any at the second. */
final class WholeLife {

    private WholeLife() {
    }

    /**
     * Writes it.
     *
     * @return the mean size of a value, in bytes
     */
    static long load(Cluster cluster, int jobs, boolean headers) {
        Workload workload = Workload.recent();
        try (Loader loader = new Loader(cluster, 10, headers)) {
            for (int look = 0; look < Workload.LOOKS; look++) {
                for (int job = 0; job < jobs; job++) {
                    loader.send(workload.event(job, look));
                }
            }
            loader.flush();
            Progress.note(jobs * Workload.LOOKS + " events of " + loader.meanBytes() + " bytes are loaded");
            return loader.meanBytes();
        }
    }
}
