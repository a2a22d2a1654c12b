package io.jobwatch.query;

import io.jobwatch.event.JobState;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Which jobs to list. An absent filter lets every job pass.
 *
 * @param source       the name of the source
 * @param account      the whole account
 * @param states       any of these; empty for all
 * @param name         a part of the job's name, in any case
 * @param changedSince the last change was then or later
 * @param limit        the most jobs in a page, at least 1
 * @param after        where the page before ended
 */
public record JobQuery(Optional<String> source, Optional<String> account, Set<JobState> states, Optional<String> name,
                       Optional<Instant> changedSince, int limit, Optional<Position> after) {

    public JobQuery {
        states = Set.copyOf(states);
        new Slice(changedSince, limit, after);
    }

    /** {@return the first page of all jobs} */
    public static JobQuery all(int limit) {
        return new JobQuery(Optional.empty(), Optional.empty(), Set.of(), Optional.empty(), Optional.empty(), limit, Optional.empty());
    }

    /** {@return the page of the same query that begins after a position} */
    public JobQuery after(Position position) {
        return new JobQuery(source, account, states, name, changedSince, limit, Optional.of(position));
    }

    Slice slice() {
        return new Slice(changedSince, limit, after);
    }
}
