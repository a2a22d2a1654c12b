package io.jobwatch.source;

import java.util.List;
import java.util.Optional;

/** What a listing of the service's jobs gave. */
public sealed interface Listing {

    /** The service says that nothing changed since the token was given. */
    record Unchanged() implements Listing {
    }

    /**
     * Every job that the service lists, each once, all pages read.
     *
     * @param jobs  the jobs
     * @param bad   items that could not be read
     * @param token to be given at the next listing, where the service can tell that nothing changed
     */
    record Snapshot(List<ObservedJob> jobs, List<BadItem> bad, Optional<String> token) implements Listing {
        public Snapshot {
            jobs = List.copyOf(jobs);
            bad = List.copyOf(bad);
        }
    }
}
