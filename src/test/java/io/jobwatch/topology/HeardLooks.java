package io.jobwatch.topology;

import io.jobwatch.event.SourceStatus;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Looks at sources of which a test tells. */
public final class HeardLooks implements SourceLooks {
    Optional<Instant> listeningSince = Optional.empty();
    private final Map<String, SourceLook> looks = new ConcurrentHashMap<>();

    /** Tells of a source as a record of source-status would. */
    void hear(SourceStatus status, Instant now) {
        looks.merge(status.getSource(), SourceLook.first(status, now), (known, first) -> known.next(status, now));
    }

    void forget(String source) {
        looks.remove(source);
    }

    @Override
    public Optional<Instant> listeningSince() {
        return listeningSince;
    }

    @Override
    public Map<String, SourceLook> bySource() {
        return Map.copyOf(looks);
    }
}
