package io.jobwatch.source;

import java.util.Optional;

/**
 * A service that runs jobs, as the poller sees it. Calls block, each within the source's deadline; an interrupt ends them early.
 * One thread at a time calls a source.
 */
public interface JobSource extends AutoCloseable {

    /**
     * Lists the service's jobs, reading all pages: all of them, those that are live or new, or those that changed, as the kind of the
     * answer says. One failed page fails the listing.
     *
     * @param token the token of the last listing that was wholly dealt with, or empty to insist on a full answer
     * @throws SourceException      if any page could not be read
     * @throws InterruptedException if the calling thread was interrupted
     */
    Listing list(Optional<String> token) throws SourceException, InterruptedException;

    /**
     * Asks for one job, because a listing no longer shows it.
     *
     * @throws SourceException      if the service gave no usable answer; that says nothing of the job
     * @throws InterruptedException if the calling thread was interrupted
     */
    Lookup lookup(String jobId) throws SourceException, InterruptedException;

    /**
     * Reads the tasks and errors of a job that has stopped, where the listing does not hold them.
     *
     * @return the same job with {@link ObservedJob#detailsAvailable()} true
     * @throws SourceException      if they could not be read now
     * @throws InterruptedException if the calling thread was interrupted
     */
    ObservedJob withDetails(ObservedJob job) throws SourceException, InterruptedException;

    @Override
    void close();
}
