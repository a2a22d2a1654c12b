package io.jobwatch.poll;

import io.jobwatch.source.JobSource;
import io.jobwatch.source.Listing;
import io.jobwatch.source.Lookup;
import io.jobwatch.source.ObservedJob;
import java.util.Optional;

/** A service that says that nothing changed whatever it is asked. */
final class UnchangedSource implements JobSource {

    @Override
    public Listing list(Optional<String> token) {
        return new Listing.Unchanged();
    }

    @Override
    public Lookup lookup(String jobId) {
        return new Lookup.Gone();
    }

    @Override
    public ObservedJob withDetails(ObservedJob job) {
        return job;
    }

    @Override
    public void close() {
        // Holds nothing to release.
    }
}
