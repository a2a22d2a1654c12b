package io.jobwatch.topology;

import io.jobwatch.event.SourceStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is known of the looks at a source.
 *
 * @param latest         what was last heard
 * @param firstHeardAt   when the source was first heard of
 * @param lastSuccessAt  when the last successful look began of all that were heard of; empty if there was none. Not simply the latest
 *                       status' own: a poller that takes a source over knows of the last success that brought a change, which may be
 *                       hours before the last one
 * @param settledSuccess when the last successful look began of which was heard {@link #SETTLE} ago, so that what it found is in
 *                       job-state-events since then; empty if there is none
 * @param freshSuccess   when the one after it began
 * @param freshHeardAt   when that was heard
 */
record SourceLook(SourceStatus latest, Instant firstHeardAt, Optional<Instant> lastSuccessAt, Optional<Instant> settledSuccess,
                  Optional<Instant> freshSuccess, Instant freshHeardAt) {
    /** The events of a look are committed before its status is; this long after it they are read, too, where the reader keeps up. */
    static final Duration SETTLE = Duration.ofSeconds(10);

    static SourceLook first(SourceStatus status, Instant now) {
        Optional<Instant> success = Optional.ofNullable(status.getLastSuccessAt());
        return new SourceLook(status, now, success, Optional.empty(), success, now);
    }

    SourceLook next(SourceStatus status, Instant now) {
        Optional<Instant> told = Optional.ofNullable(status.getLastSuccessAt());
        Optional<Instant> last = Stream.concat(lastSuccessAt.stream(), told.stream()).max(Comparator.naturalOrder());
        // While a success settles, later ones wait for their turn: there will be another status.
        return hasSettled(now)
                ? new SourceLook(status, firstHeardAt, last, freshSuccess, told, now)
                : new SourceLook(status, firstHeardAt, last, settledSuccess, freshSuccess, freshHeardAt);
    }

    /** {@return whether a successful look began at that time or later, and what it found has been read} */
    boolean succeededSince(Instant time, Instant now) {
        return (hasSettled(now) ? freshSuccess : settledSuccess).filter(success -> !success.isBefore(time)).isPresent();
    }

    private boolean hasSettled(Instant now) {
        return !now.isBefore(freshHeardAt.plus(SETTLE));
    }
}
