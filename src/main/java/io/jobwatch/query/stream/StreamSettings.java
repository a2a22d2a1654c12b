package io.jobwatch.query.stream;

import java.time.Duration;

/**
 * The bounds of a stream.
 *
 * @param maxReaders   how many readers are taken at once
 * @param maxFrames    how many transitions the ring holds; a reader that is farther behind than the ring is dropped
 * @param maxBytes     how many bytes the ring holds
 * @param keepAlive    how often each reader is told its position, so that neither side takes a quiet connection for a dead one
 * @param topicReaders how many readers are served from the topic at once; others wait their turn
 * @param chunkBytes   about how many bytes are read from the topic for one reader before the next one's turn
 */
public record StreamSettings(int maxReaders, int maxFrames, long maxBytes, Duration keepAlive, int topicReaders, int chunkBytes) {
    /**
     * The ring costs 16 MiB of heap at the most, whatever the number of readers; a reader that is served from the topic 128 KiB and one poll
     * more, and the sixteen pieces read last are kept for others at the same place.
     */
    public static final StreamSettings DEFAULT = new StreamSettings(1_000, 10_000, 16 << 20, Duration.ofSeconds(15), 4, 128 << 10);
}
