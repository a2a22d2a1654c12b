package io.jobwatch.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/**
 * The wish of a user or supervisor that the process ends. The first SIGINT or SIGTERM ends it cleanly, with the exit status of the
 * command; a second one at once. A shutdown hook cannot do that: the JVM ignores further signals while hooks run, and exits with 143.
 */
final class Stop {
    private static final Logger LOG = LoggerFactory.getLogger(Stop.class);
    private static final int SIGNALED = 128;

    private final CountDownLatch wished = new CountDownLatch(1);
    private volatile Thread starting;

    /** Takes over the signals of this process. */
    static Stop onSignals() {
        Stop stop = new Stop();
        for (String name : new String[] {"INT", "TERM"}) {
            Signal.handle(new Signal(name), stop::signaled);
        }
        return stop;
    }

    /**
     * Takes over the signals of this process and does work that ends by itself. A wish to end interrupts it, so that it closes what it
     * opened: it may hold an embedded broker over a user's data.
     *
     * @return what the work returns
     * @throws CommandException if the wish to end came before the work was done
     */
    static int interrupting(IntSupplier work) {
        Stop stop = onSignals();
        stop.starting();
        try {
            return work.getAsInt();
        } catch (RuntimeException e) {
            if (stop.wished()) {
                LOG.debug("interrupted by the wish to end", e);
                throw new CommandException("ended by a signal before it was done");
            }
            throw e;
        } finally {
            stop.started();
        }
    }

    /**
     * Lets a wish to end interrupt the calling thread until {@link #started()}, so that it does not wait for a cluster that is not there.
     */
    void starting() {
        starting = Thread.currentThread();
        if (wished()) {
            Thread.currentThread().interrupt();
        }
    }

    void started() {
        starting = null;
    }

    boolean wished() {
        return wished.getCount() == 0;
    }

    /** Waits until the end is wished for. */
    void await() {
        await(Duration.ofDays(36500));
    }

    /** {@return whether the end was wished for within the time} */
    boolean await(Duration within) {
        try {
            return wished.await(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;   // only our own signal handler interrupts the main thread
        }
    }

    private void signaled(Signal signal) {
        if (wished()) {
            LOG.warn("SIG{} again: ending at once", signal.getName());
            Runtime.getRuntime().halt(SIGNALED + signal.getNumber());
        }
        wished.countDown();
        Thread thread = starting;
        if (thread != null) {
            thread.interrupt();
        }
    }
}
