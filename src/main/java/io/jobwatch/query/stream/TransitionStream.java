package io.jobwatch.query.stream;

import java.util.Optional;

/**
 * The committed transitions of all jobs as server-sent events, for any number of readers.
 *
 * <p>What a reader may rely on:
 * <ul>
 * <li>The transitions of a job come in their order, each once. Those of different jobs may come in any order, another one for each reader.
 * <li>What is committed after {@link #open} comes, and never what was aborted.
 * <li>Each block carries an id, which stands for the reader's position in every partition. A reader that opens again with the id that it got
 * last goes on behind it without gap or repetition, at this instance or another one of the same installation. Without the id it begins
 * anew with what is committed from then on.
 * <li>What was removed by retention before it was read is told in a {@code gap} event: for each partition the offset {@code from} which
 * records may be missing, and the offset {@code to} which the reader was moved. {@code to} is the smaller one where the topic was made anew
 * or has lost its end; then what follows may have been read before.
 * <li>A record that cannot be decoded is counted and left out.
 * <li>A reader that does not keep up is ended, not waited for; with its last id it can go on.
 * </ul>
 *
 * <p>Thread-safe.
 */
@FunctionalInterface
public interface TransitionStream {

    /**
     * Adds a reader. The caller closes it.
     *
     * @param lastEventId the id of the last block read; empty to begin with what is committed from now on
     * @param wakeUp      told that there is something to read, or that the reader has ended; runs in threads that serve all readers, so it
     *                    must not block
     * @throws UnknownPositionException                     if the id is none of this stream
     * @throws TooManyReadersException                      if no more readers are taken
     * @throws io.jobwatch.query.ViewUnavailableException if the stream has not reached the topic since its start
     */
    TransitionReader open(TransitionFilter filter, Optional<String> lastEventId, Runnable wakeUp);
}
