package io.jobwatch.source;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Up to when a service has told what changed (or what was created), by the times that it gives its jobs. As a token it is kept with the
 * source's cursor, so it may only move once everything before it is read and published.
 *
 * @param at the latest such time that was seen, never later than the service's clock was then
 */
public record Watermark(Instant at) {

    /** {@return what a token stands for; empty where it is none, or of another kind of listing} */
    public static Optional<Watermark> parse(Optional<String> token) {
        try {
            return token.map(Instant::parse).map(Watermark::new);
        } catch (DateTimeException e) {
            return Optional.empty(); // the source was configured otherwise before: it begins with a full listing
        }
    }

    public String token() {
        return at.toString();
    }

    /**
     * {@return from when on to ask, that moment included}
     *
     * @param overlap longer than it takes until a change with an earlier time becomes visible; what is read twice is recognised
     */
    public Instant since(Duration overlap) {
        return at.minus(overlap);
    }

    /**
     * {@return the watermark after a listing that was read to its end}
     *
     * <p>It follows the times of the jobs and not the service's clock: the two may be of different machines, and a clock that is ahead of
     * the times would pass over changes that come with earlier ones. It is capped at the service's clock, as one time in the future would
     * hide all changes until then.
     *
     * @param before    of the listing before
     * @param newest    the latest time in the listing; empty where it held no job that has one
     * @param serverNow the service's clock when the listing began (the header {@code Date} of the first page), or ours where it tells none
     */
    public static Optional<Watermark> next(Optional<Watermark> before, Optional<Instant> newest, Instant serverNow) {
        Optional<Instant> latest = newest.filter(time -> before.isEmpty() || time.isAfter(before.get().at()))
                .or(() -> before.map(Watermark::at));
        return latest.map(time -> new Watermark(time.isAfter(serverNow) ? serverNow : time));
    }
}
