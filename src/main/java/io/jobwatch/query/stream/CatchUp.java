package io.jobwatch.query.stream;

import io.jobwatch.registry.RegistryException;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads from the topic for those readers to whom the ring does not reach back. A reader has a turn of bounded length and then goes to the end
 * of the queue, once it has sent what it got: so a few consumers serve many readers, and a slow one holds up nobody. Readers at the same
 * place share what is read. Thread-safe.
 */
final class CatchUp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);
    private static final long RETRY_MILLIS = 1_000;
    private static final long CLOSE_WITHIN_MILLIS = 2_000;
    private static final int RECENT_CHUNKS = 16;

    private final FrameRing ring;
    private final Supplier<TopicReader> topicReaders;
    private final RecentChunks recent = new RecentChunks(RECENT_CHUNKS);
    private final Queue<TopicReader> idle = new ConcurrentLinkedQueue<>();
    private final ScheduledThreadPoolExecutor threads;

    /**
     * @param topicReaders makes one for each thread, when it is needed
     * @param most         how many read at the same time
     */
    CatchUp(FrameRing ring, Supplier<TopicReader> topicReaders, int most) {
        this.ring = ring;
        this.topicReaders = topicReaders;
        AtomicInteger count = new AtomicInteger();
        this.threads = new ScheduledThreadPoolExecutor(most, task -> {
            Thread thread = new Thread(task, "jobwatch-stream-resume-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Has a chunk delivered to a reader, as soon as it can be. */
    void read(StreamReader reader) {
        schedule(reader, 0);
    }

    private void schedule(StreamReader reader, long delayMillis) {
        try {
            threads.schedule(() -> serve(reader), delayMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The stream ends, and nothing is read for a reader any more", e);
        }
    }

    private void serve(StreamReader reader) {
        Optional<StreamReader.Request> request = reader.request();
        if (request.isEmpty()) {
            return;
        }
        Optional<Chunk> known = recent.find(request.get());
        if (known.isPresent()) {
            reader.deliver(known.get());
            return;
        }
        TopicReader topic = null;
        boolean usable = false;
        Chunk chunk;
        try {
            topic = Optional.ofNullable(idle.poll()).orElseGet(topicReaders);
            chunk = topic.read(request.get(), ring.floor());
            recent.add(request.get(), chunk);
            usable = true;
        } catch (KafkaException | RegistryException e) {
            LOG.debug("The topic cannot be read for a reader of the stream; next try in {} ms", RETRY_MILLIS, e);
            schedule(reader, RETRY_MILLIS);
            return;
        } catch (RuntimeException e) {
            LOG.error("The topic cannot be read for a reader of the stream, which is ended", e);   // a bug
            reader.stop();
            return;
        } finally {
            putBack(topic, usable);
        }
        reader.deliver(chunk);
    }

    private void putBack(TopicReader topic, boolean usable) {
        if (topic == null) {
            return;
        }
        if (usable && !threads.isShutdown()) {
            idle.add(topic);
        } else {
            try {
                topic.close();
            } catch (KafkaException e) {
                LOG.debug("A consumer did not close cleanly", e);
            }
        }
    }

    /** Ends within seconds. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(CLOSE_WITHIN_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.warn("Reading from the topic did not end within {} ms", CLOSE_WITHIN_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (TopicReader topic = idle.poll(); topic != null; topic = idle.poll()) {
            putBack(topic, false);
        }
    }
}
