package io.jobwatch.poll;

import io.jobwatch.source.JobSource;
import io.jobwatch.source.Listing;
import io.jobwatch.source.Lookup;
import io.jobwatch.source.ObservedJob;
import io.jobwatch.source.SourceException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Asks a source only while this instance knows that the source's lane is its own. A process that was halted (a suspended machine, a stopped
 * container) goes on where it was, perhaps long after another instance took over: without this it would go on asking until it has learned
 * of that, beside the new owner. What it asked just before it was halted is still sent, and the pages of one listing go uninterrupted.
 */
final class GuardedSource implements JobSource {
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final JobSource source;
    private final BooleanSupplier ours;

    /** @param ours whether the lane is known to be this instance's; called often and by the threads of all sources */
    GuardedSource(JobSource source, BooleanSupplier ours) {
        this.source = source;
        this.ours = ours;
    }

    @Override
    public Listing list(Optional<String> token) throws SourceException, InterruptedException {
        awaitOurs();
        return source.list(token);
    }

    @Override
    public Lookup lookup(String jobId) throws SourceException, InterruptedException {
        awaitOurs();
        return source.lookup(jobId);
    }

    @Override
    public ObservedJob withDetails(ObservedJob job) throws SourceException, InterruptedException {
        awaitOurs();
        return source.withDetails(job);
    }

    /** Ends when the lane is known to be ours again, or by an interrupt when it is known to be another's. */
    private void awaitOurs() throws InterruptedException {
        while (!ours.getAsBoolean()) {
            Thread.sleep(LOOK_EVERY.toMillis());
        }
    }

    @Override
    public void close() {
        source.close();
    }
}
