package io.jobwatch.poll;

import io.jobwatch.source.JobSource;
import io.jobwatch.source.Listing;
import io.jobwatch.source.Lookup;
import io.jobwatch.source.ObservedJob;
import io.jobwatch.source.SourceException;
import java.util.Optional;

/** A source that tells when each of its listings begins. */
record TimedSource(JobSource source, Runnable begins) implements JobSource {

    @Override
    public Listing list(Optional<String> token) throws SourceException, InterruptedException {
        begins.run();
        return source.list(token);
    }

    @Override
    public Lookup lookup(String jobId) throws SourceException, InterruptedException {
        return source.lookup(jobId);
    }

    @Override
    public ObservedJob withDetails(ObservedJob job) throws SourceException, InterruptedException {
        return source.withDetails(job);
    }

    @Override
    public void close() {
        source.close();
    }
}
