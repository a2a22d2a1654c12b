package io.jobwatch.registry;

import io.jobwatch.registry.RegistryException.Kind;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Ends requests of Confluent's client in time. Thread-safe; callers block.
 *
 * <p>The library's time-outs are for a connection and for one read, so an answer that comes byte by byte takes as long as it likes, and
 * nothing can interrupt it. Each request therefore runs in a thread that may be left behind; there is a limit to these, too.
 */
final class ConfluentThreads implements AutoCloseable {
    private static final int MAX_THREADS = 32;

    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(0, MAX_THREADS, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(task, "confluent-registry-client");
                thread.setDaemon(true);
                return thread;
            });

    /**
     * {@return what the library answers, perhaps null}
     *
     * @param what    for messages
     * @param overTls whether the address is https
     * @throws RegistryException for everything else
     */
    <T> T within(Duration limit, String what, boolean overTls, Callable<T> request) {
        Future<T> answer;
        try {
            answer = threads.submit(request);
        } catch (RejectedExecutionException e) {
            throw new RegistryException(Kind.UNAVAILABLE, what + ": not asked: " + (threads.isShutdown()
                    ? "this client has been closed" : MAX_THREADS + " requests have no answer yet"), e);
        }
        try {
            return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw RegistryRefusal.tooSlow(what, limit, e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new RegistryException(Kind.UNAVAILABLE, what + ": interrupted", e);
        } catch (ExecutionException e) {
            throw ConfluentRefusal.of(what, overTls, e.getCause());
        }
    }

    /** Ends the threads of requests that are still without an answer. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
