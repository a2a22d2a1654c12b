package io.jobwatch.cli;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes what was started, the last first; parts that do not need each other at the same time. A failure of one does not keep the others
 * open, nor does an interrupt of the closing thread, which stays interrupted: a part must not lose what it stands on while it ends.
 */
final class Closing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);
    private static final Duration EACH_WITHIN = Duration.ofSeconds(14);

    private final Deque<List<Part>> stages = new ArrayDeque<>();

    private record Part(String name, AutoCloseable part) {
    }

    /** Adds a part to be closed before all that were added so far. */
    void then(String name, AutoCloseable part) {
        stages.push(new ArrayList<>(List.of(new Part(name, part))));
    }

    /** Begins a stage whose parts, added by {@link #with}, are closed all at the same time, before what was added so far. */
    void together() {
        stages.push(new ArrayList<>());
    }

    /** Adds a part to the stage begun last. */
    void with(String name, AutoCloseable part) {
        stages.element().add(new Part(name, part));
    }

    @Override
    public void close() {
        boolean interrupted = false;
        while (!stages.isEmpty()) {
            List<Thread> threads = new ArrayList<>();
            for (Part part : stages.pop()) {
                Thread thread = new Thread(() -> close(part), "jobwatch-close-" + part.name());
                thread.setDaemon(true);
                thread.start();
                threads.add(thread);
            }
            long deadline = System.nanoTime() + EACH_WITHIN.toNanos();
            for (Thread thread : threads) {
                interrupted |= join(thread, deadline);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@return whether the calling thread was interrupted meanwhile} */
    private static boolean join(Thread thread, long deadline) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join(Math.max(1, Duration.ofNanos(deadline - System.nanoTime()).toMillis()));
                if (thread.isAlive()) {
                    LOG.warn("{} did not end in time and is left behind", thread.getName().replace("jobwatch-close-", ""));
                }
                return interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }

    private static void close(Part part) {
        try {
            part.part().close();
        } catch (Exception e) {
            LOG.warn("closing {} failed: {}", part.name(), e.toString(), e);
        }
    }
}
