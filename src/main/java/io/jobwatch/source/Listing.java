package io.jobwatch.source;

import java.util.List;
import java.util.Optional;

/**
 * What a listing of the service's jobs gave. Its kind says what it means that a job is not in it; it never means that the job is gone,
 * which only a {@linkplain JobSource#lookup look-up} can tell.
 */
public sealed interface Listing {

    /** The service says that nothing changed since the token was given. */
    record Unchanged() implements Listing {
    }

    /** Jobs, each once, all pages read. */
    sealed interface Jobs extends Listing {

        /** {@return the jobs} */
        List<ObservedJob> jobs();

        /** {@return the items that could not be read} */
        List<BadItem> bad();

        /** {@return what the next listing is to be given} */
        Optional<String> token();
    }

    /**
     * Every job that the service lists: one that is missing has left the list.
     *
     * @param jobs  the jobs
     * @param bad   items that could not be read
     * @param token to be given at the next listing, where the service can tell that nothing changed
     */
    record Snapshot(List<ObservedJob> jobs, List<BadItem> bad, Optional<String> token) implements Jobs {
        public Snapshot {
            jobs = List.copyOf(jobs);
            bad = List.copyOf(bad);
        }
    }

    /**
     * Every job that had not ended, and every job created since the token was made, whatever became of it: a live job that is missing
     * has ended or is gone, of an ended one it says nothing. Without the second part a job that begins and ends between two looks would
     * never be seen.
     *
     * @param jobs  the jobs
     * @param bad   items that could not be read
     * @param token from when on jobs count as created since, to be given at the next listing
     */
    record ActiveSet(List<ObservedJob> jobs, List<BadItem> bad, Optional<String> token) implements Jobs {
        public ActiveSet {
            jobs = List.copyOf(jobs);
            bad = List.copyOf(bad);
        }
    }

    /**
     * Every job that changed since the token was made, and perhaps others: that a job is missing says nothing. Where no token was
     * given, every job.
     *
     * @param jobs  the jobs
     * @param bad   items that could not be read
     * @param token from when on changes are to be told, to be given at the next listing
     */
    record Feed(List<ObservedJob> jobs, List<BadItem> bad, Optional<String> token) implements Jobs {
        public Feed {
            jobs = List.copyOf(jobs);
            bad = List.copyOf(bad);
        }
    }
}
