package io.jobwatch.poll;

import io.jobwatch.config.ConfigException;
import io.jobwatch.source.JobSource;
import io.jobwatch.source.Listing;
import io.jobwatch.source.Lookup;
import io.jobwatch.source.ObservedJob;
import io.jobwatch.source.SourceException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Asks a source only while this instance knows that the source's lane is its own. A process that was halted (a suspended machine, a stopped
 * container) goes on where it was, perhaps long after another instance took over: without this it would go on asking until it has learned
 * of that, beside the new owner. What it asked just before it was halted is still sent, and the pages of one listing go uninterrupted.
 *
 * <p>The source is made when it is first asked. If it cannot be made, such as for a certificate that has just been removed, that is a
 * failed poll of this source, tried again like any other, and none of the other sources of its lane knows of it. One thread.
 */
final class GuardedSource implements JobSource {
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final Supplier<JobSource> maker;
    private final BooleanSupplier ours;
    private JobSource source;

    /**
     * @param maker makes the source; a {@link ConfigException} says why it cannot be made now
     * @param ours  whether the lane is known to be this instance's; called often and by the threads of all sources
     */
    GuardedSource(Supplier<JobSource> maker, BooleanSupplier ours) {
        this.maker = maker;
        this.ours = ours;
    }

    @Override
    public Listing list(Optional<String> token) throws SourceException, InterruptedException {
        return source().list(token);
    }

    @Override
    public Lookup lookup(String jobId) throws SourceException, InterruptedException {
        return source().lookup(jobId);
    }

    @Override
    public ObservedJob withDetails(ObservedJob job) throws SourceException, InterruptedException {
        return source().withDetails(job);
    }

    private JobSource source() throws SourceException, InterruptedException {
        awaitOurs();
        if (source == null) {
            try {
                source = maker.get();
            } catch (ConfigException e) {
                throw new SourceException(e.getMessage(), e);
            }
        }
        return source;
    }

    /** Ends when the lane is known to be ours again, or by an interrupt when it is known to be another's. */
    private void awaitOurs() throws InterruptedException {
        while (!ours.getAsBoolean()) {
            Thread.sleep(LOOK_EVERY.toMillis());
        }
    }

    @Override
    public void close() {
        if (source != null) {
            source.close();
        }
    }
}
