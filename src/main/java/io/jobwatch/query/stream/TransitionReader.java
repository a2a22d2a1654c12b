package io.jobwatch.query.stream;

import java.util.Optional;

/**
 * One reader of a {@link TransitionStream}. It is pulled by whoever writes to the reader's connection, when that can take more: so nothing
 * is buffered for a slow connection but the piece that was pulled last. Thread-safe.
 */
public interface TransitionReader extends AutoCloseable {

    /**
     * {@return the next bytes of the event stream, whole blocks, or empty where there is nothing to send now} After an empty answer the
     * wake-up given to {@link TransitionStream#open} runs as soon as there is something, or the reader has ended. The array is shared and must
     * not be modified.
     */
    Optional<byte[]> next();

    /** {@return whether nothing will come any more: it fell too far behind, was closed, or the stream itself ended} */
    boolean ended();

    /** Takes the reader off the stream. Idempotent. */
    @Override
    void close();
}
