package io.jobwatch.topology;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What the topology knows of the looks at the sources. Thread-safe. */
public interface SourceLooks {

    /**
     * {@return since when everything said of the sources has been heard without a gap, or empty while it may not be: at the start, or while
     * the cluster does not answer} Silence means something only after that time.
     */
    Optional<Instant> listeningSince();

    /** {@return the looks, by source} */
    Map<String, SourceLook> bySource();
}
