package io.jobwatch.cli.doctor;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Ends a look after a time, whatever it waits for: every client has time-outs of its own, a file system of another machine has none. What
 * does not end is left behind on a daemon thread, interrupted.
 */
final class TimeLimit {
    private final Duration limit;

    TimeLimit(Duration limit) {
        this.limit = limit;
    }

    /**
     * {@return what the look returns}
     *
     * @throws TimeoutException     if it takes too long; the message says how long that was
     * @throws InterruptedException if the calling thread is interrupted
     * @throws Exception            what the look throws
     */
    <T> T call(String name, Callable<T> look) throws Exception {
        FutureTask<T> task = new FutureTask<>(look);
        Thread thread = new Thread(task, "doctor-" + name);
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new TimeoutException("it took longer than " + limit.toSeconds() + " s");
        } finally {
            task.cancel(true);
        }
    }
}
