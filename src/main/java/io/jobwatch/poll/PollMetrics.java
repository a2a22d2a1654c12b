package io.jobwatch.poll;

import io.jobwatch.source.RequestLimits;
import io.jobwatch.topic.DeadLetterHeaders;
import io.jobwatch.topic.DeadLetterMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/** What the poller counts, by source. Thread-safe. */
public final class PollMetrics implements RequestLimits.Watcher {
    private final MeterRegistry meters;
    private final DeadLetterMetrics letters;
    private final Map<String, SourceMeters> bySource = new ConcurrentHashMap<>();

    public PollMetrics(MeterRegistry meters) {
        this(meters, List.of());
    }

    /** @param sources names of the configured sources, which are shown from the beginning, polled here or not */
    public PollMetrics(MeterRegistry meters, Collection<String> sources) {
        this.meters = meters;
        this.letters = new DeadLetterMetrics(meters);
        letters.count(DeadLetterHeaders.POLL, DeadLetterHeaders.BAD_ITEM, 0);
        sources.forEach(this::of);
    }

    /**
     * The source is polled here from now on.
     *
     * @param lastSuccessAt when the last successful look that is remembered began
     */
    void began(String source, Optional<Instant> lastSuccessAt) {
        of(source).began(lastSuccessAt);
    }

    /** The source is no longer polled here: told once for each {@link #began}, in any order. */
    void ended(String source) {
        of(source).ended();
    }

    void polled(String source, Duration took, boolean failed) {
        of(source).polled(took, failed);
    }

    void succeeded(String source, Instant startedAt) {
        of(source).succeeded(startedAt);
    }

    /** Shows how the source is doing after a poll. */
    void stands(String source, SourceHealth health) {
        of(source).stands(health);
    }

    void published(String source, int events, int deadLetters, int statesMissed) {
        of(source).published(events, deadLetters, statesMissed);
        letters.count(DeadLetterHeaders.POLL, DeadLetterHeaders.BAD_ITEM, deadLetters);
    }

    @Override
    public void waited(String source, Duration wait) {
        of(source).waited(wait);
    }

    @Override
    public void ended(String source, OptionalInt status, Duration took) {
        of(source).asked(status, took);
    }

    /** There are as many as are configured. */
    private SourceMeters of(String source) {
        return bySource.computeIfAbsent(source, name -> new SourceMeters(meters, name));
    }
}
