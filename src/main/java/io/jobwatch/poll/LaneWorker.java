package io.jobwatch.poll;

import io.jobwatch.config.SourceConfig;
import io.jobwatch.topic.access.Refusals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works on one lane while this instance owns it: opens it, lets its sources be polled, and opens it anew when it was lost though it is
 * still owned. A lane that cannot be opened never delays another: each has a thread of its own.
 */
final class LaneWorker {
    private static final Logger LOG = LoggerFactory.getLogger(LaneWorker.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    /** A lane that worked for so long had no lasting trouble. */
    private static final Duration STEADY = Duration.ofMinutes(1);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

    /** Opens a lane: fences its former owner and reads what it remembered. */
    @FunctionalInterface
    interface LaneOpener {
        Lane open(int lane);
    }

    private final int number;
    private final List<SourceConfig> sources;
    private final LaneOpener opener;
    private final BiFunction<SourceConfig, Lane, Runnable> pollers;
    private final Supplier<Ownership> ownership;
    private final Backoff backoff;
    private final Refusals refusals;
    private final Thread thread;
    private volatile boolean stopping;

    LaneWorker(int number, List<SourceConfig> sources, LaneOpener opener, BiFunction<SourceConfig, Lane, Runnable> pollers,
               Supplier<Ownership> ownership, Backoff backoff, Refusals refusals) {
        this.refusals = refusals;
        this.number = number;
        this.sources = sources;
        this.opener = opener;
        this.pollers = pollers;
        this.ownership = ownership;
        this.backoff = backoff;
        this.thread = new Thread(this::run, "jobwatch-lane-" + number);
    }

    void start() {
        thread.start();
    }

    /** Asks the worker to end; {@link #join} waits for it. */
    void stop() {
        stopping = true;
        thread.interrupt();
    }

    /** @param within may be over already */
    void join(Duration within) throws InterruptedException {
        thread.join(Math.max(1, within.toMillis()));
        if (thread.isAlive()) {
            LOG.warn("lane {} has not stopped in time", number);
        }
    }

    private boolean wanted() {
        return !stopping && ownership.get().owns(number);
    }

    private void run() {
        int failures = 0;
        String told = null;   // a cluster may be away for hours, and there may be many lanes
        while (wanted()) {
            long openedAt = System.nanoTime();
            String trouble = "it was lost";
            try (Lane lane = opener.open(number)) {
                if (told != null) {
                    LOG.info("lane {} is open again", number);
                    told = null;
                }
                work(lane);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                trouble = refusals.explain(e).orElse(e.toString());
                LOG.debug("lane {} failed", number, e);
            }
            if (!wanted()) {
                return;
            }
            failures = System.nanoTime() - openedAt > STEADY.toNanos() ? 1 : failures + 1;
            Duration pause = backoff.pause(failures, Optional.empty());
            if (!trouble.equals(told)) {
                LOG.warn("lane {} is opened anew in {} ms, and tried until it is open: {}", number, pause.toMillis(), trouble);
                told = trouble;
            }
            if (!sleep(pause)) {
                return;
            }
        }
    }

    private void work(Lane lane) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        try {
            for (SourceConfig source : sources) {
                Thread poller = new Thread(pollers.apply(source, lane), "jobwatch-poll-" + source.name());
                poller.setUncaughtExceptionHandler((who, failure) -> LOG.error("{}: polling stopped by a bug", source.name(), failure));
                threads.add(poller);
                poller.start();
            }
            while (wanted() && !lane.lost() && threads.stream().allMatch(Thread::isAlive)) {
                Thread.sleep(LOOK_EVERY.toMillis());
            }
        } finally {
            threads.forEach(Thread::interrupt);
            long deadline = System.nanoTime() + STOP_WITHIN.toNanos();
            boolean interrupted = Thread.interrupted();
            for (Thread poller : threads) {
                poller.join(Math.max(1, Duration.ofNanos(deadline - System.nanoTime()).toMillis()));
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean sleep(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
