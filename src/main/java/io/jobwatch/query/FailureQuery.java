package io.jobwatch.query;

import java.time.Instant;
import java.util.Optional;

/**
 * Which failed attempts to list. An absent filter lets every one pass.
 *
 * @param source the name of the source
 * @param code   a whole error code that one of its errors has
 * @param since  the failure was seen then or later
 * @param limit  the most failures in a page, at least 1
 * @param after  where the page before ended
 */
public record FailureQuery(Optional<String> source, Optional<String> code, Optional<Instant> since, int limit, Optional<Position> after) {

    public FailureQuery {
        new Slice(since, limit, after);
    }

    /** {@return the first page of all failures} */
    public static FailureQuery all(int limit) {
        return new FailureQuery(Optional.empty(), Optional.empty(), Optional.empty(), limit, Optional.empty());
    }

    /** {@return the page of the same query that begins after a position} */
    public FailureQuery after(Position position) {
        return new FailureQuery(source, code, since, limit, Optional.of(position));
    }

    Slice slice() {
        return new Slice(since, limit, after);
    }
}
