package io.jobwatch.query;

import io.jobwatch.event.AlertKind;
import java.util.Optional;

/**
 * Which alerts to list. An absent filter lets every one pass.
 *
 * @param active true for those that hold, false for those that ended
 * @param source the name of the source
 * @param jobId  a job of that source; only together with the source
 * @param limit  the most alerts in a page, at least 1
 * @param after  where the page before ended
 */
public record AlertQuery(Optional<Boolean> active, Optional<String> source, Optional<String> jobId, Optional<AlertKind> kind, int limit,
                         Optional<Position> after) {

    public AlertQuery {
        if (jobId.isPresent() && source.isEmpty()) {
            throw new IllegalArgumentException("the job " + jobId.get() + " is asked for without its source");
        }
        new Slice(Optional.empty(), limit, after);
    }

    /** {@return the first page of all alerts} */
    public static AlertQuery all(int limit) {
        return new AlertQuery(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), limit, Optional.empty());
    }

    /** {@return the page of the same query that begins after a position} */
    public AlertQuery after(Position position) {
        return new AlertQuery(active, source, jobId, kind, limit, Optional.of(position));
    }

    Slice slice() {
        return new Slice(Optional.empty(), limit, after);
    }
}
