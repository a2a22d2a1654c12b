package io.jobwatch.source.ams;

import io.jobwatch.job.JobStates;
import io.jobwatch.source.JobSource;
import io.jobwatch.source.Listing;
import io.jobwatch.source.Lookup;
import io.jobwatch.source.ObservedJob;
import io.jobwatch.source.SourceException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Does with an active set what the poller does: what is live and missing is looked up, and nothing else is believed to be gone. */
final class ActiveSetPoller {
    private final JobSource source;
    private final Map<String, ObservedJob> known = new LinkedHashMap<>();
    private final Set<String> gone = new HashSet<>();
    private Optional<String> token = Optional.empty();
    private int lookups;

    ActiveSetPoller(JobSource source) {
        this.source = source;
    }

    /** {@return the listing of this poll} */
    Listing.ActiveSet poll() throws SourceException, InterruptedException {
        Listing.ActiveSet listing = (Listing.ActiveSet) source.list(token);
        listing.jobs().forEach(job -> known.put(job.jobId(), job));
        Set<String> listed = listing.jobs().stream().map(ObservedJob::jobId).collect(Collectors.toSet());
        List<String> missing = known.values().stream().filter(job -> !JobStates.isTerminal(job.state())).map(ObservedJob::jobId)
                .filter(jobId -> !listed.contains(jobId) && !gone.contains(jobId)).toList();
        for (String jobId : missing) {
            lookups++;
            if (source.lookup(jobId) instanceof Lookup.Found found) {
                known.put(jobId, found.job());
            } else {
                gone.add(jobId);
            }
        }
        token = listing.token();
        return listing;
    }

    /** {@return every job that was ever seen, as it was seen last} */
    Map<String, ObservedJob> known() {
        return known;
    }

    Set<String> gone() {
        return gone;
    }

    Optional<String> token() {
        return token;
    }

    int lookups() {
        return lookups;
    }
}
