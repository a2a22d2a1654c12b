package io.jobwatch.query;

import java.time.Instant;
import java.util.Optional;

/**
 * Which part of a list to answer.
 *
 * @param since nothing older than this
 * @param limit the most items in a page, at least 1
 * @param after where the page before ended
 */
record Slice(Optional<Instant> since, int limit, Optional<Position> after) {

    Slice {
        if (limit < 1) {
            throw new IllegalArgumentException("a page holds at least one item, not " + limit);
        }
    }

    /** {@return the time of the oldest place that may be in it} */
    long sinceMillis() {
        return since.map(Slice::ceilMillis).orElse(Long.MIN_VALUE);
    }

    /** {@return the same without what is older than a time} */
    Slice notBefore(Instant time) {
        return new Slice(since.filter(time::isBefore).or(() -> Optional.of(time)), limit, after);
    }

    /** {@return the first whole millisecond not before a time} */
    static long ceilMillis(Instant time) {
        try {
            long floor = time.toEpochMilli();
            return Instant.ofEpochMilli(floor).isBefore(time) ? Math.addExact(floor, 1) : floor;
        } catch (ArithmeticException e) {
            return time.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;   // beyond what milliseconds can say
        }
    }
}
