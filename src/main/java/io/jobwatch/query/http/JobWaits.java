package io.jobwatch.query.http;

import io.jobwatch.event.JobStatus;
import io.jobwatch.query.View;
import io.jobwatch.topic.JobKey;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Waits for changes of jobs without a thread for each wait. Thread-safe.
 *
 * <p>A wait registers with the view before it looks for the first time, and looks again whenever it is told of a change: so no change is
 * missed, whenever it comes. Looking and answering is left to the given executor, as the view must not be held up.
 */
final class JobWaits implements AutoCloseable {
    private static final long BEFORE_ANY = -1;

    private final View view;
    private final Executor executor;
    private final int most;
    private final Set<Wait> waits = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor timer;
    private volatile boolean closed;

    /** @param most how many may wait at the same time */
    JobWaits(View view, Executor executor, int most) {
        this(view, executor, most, newTimer());
    }

    /** @param timer is shut down with this object */
    JobWaits(View view, Executor executor, int most, ScheduledThreadPoolExecutor timer) {
        this.view = view;
        this.executor = executor;
        this.most = most;
        this.timer = timer;
        timer.setRemoveOnCancelPolicy(true);
    }

    private static ScheduledThreadPoolExecutor newTimer() {
        return new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "jobwatch-job-waits");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Begins to wait. The returned future completes with the job's status as soon as its sequence is greater than the given one, else with
     * what is known at the end of the wait or of this object, or exceptionally as the view refuses to answer.
     *
     * @param sequence empty for the one that the job has now; a job that is not known is waited for
     * @return empty where too many wait already
     */
    Optional<CompletableFuture<Optional<JobStatus>>> begin(JobKey key, OptionalLong sequence, Duration within) {
        if (waits.size() >= most) {
            return Optional.empty();
        }
        Wait wait = new Wait(key);
        waits.add(wait);
        CompletableFuture<Optional<JobStatus>> over = wait.start(sequence, within);
        if (closed) {
            wait.end();   // it may have come too late for close()
        }
        return Optional.of(over);
    }

    /** {@return how many wait now} */
    int size() {
        return waits.size();
    }

    /** Ends all waits now. */
    @Override
    public void close() {
        closed = true;
        waits.forEach(Wait::end);
        timer.shutdownNow();
    }

    private final class Wait {
        private final JobKey key;
        private final CompletableFuture<Optional<JobStatus>> answer = new CompletableFuture<>();
        private final AtomicBoolean lookAhead = new AtomicBoolean();
        private volatile long after = Long.MAX_VALUE;

        private Wait(JobKey key) {
            this.key = key;
        }

        /** {@return the answer, once nothing is held for this wait any more} Who has got it may count on its place being free. */
        private CompletableFuture<Optional<JobStatus>> start(OptionalLong sequence, Duration within) {
            View.Watch watch = view.watch(key, this::changed);
            CompletableFuture<Optional<JobStatus>> over = answer.whenComplete((status, failure) -> {
                watch.close();
                waits.remove(this);
            });
            try {
                after = sequence.orElseGet(() -> view.job(key).map(JobStatus::getSequence).orElse(BEFORE_ANY));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
                return over;
            }
            look();
            if (!answer.isDone()) {
                endAfter(within);
            }
            return over;
        }

        private void endAfter(Duration within) {
            try {
                var end = timer.schedule(() -> executor.execute(this::end), within.toNanos(), TimeUnit.NANOSECONDS);
                answer.whenComplete((status, failure) -> end.cancel(false));
            } catch (RejectedExecutionException e) {
                end();   // all waits are being ended
            }
        }

        private void changed() {
            if (!lookAhead.getAndSet(true)) {
                executor.execute(() -> {
                    lookAhead.set(false);
                    look();
                });
            }
        }

        private void look() {
            ask(false);
        }

        private void end() {
            ask(true);
        }

        private void ask(boolean anything) {
            try {
                Optional<JobStatus> status = view.job(key);
                if (anything || status.map(JobStatus::getSequence).orElse(BEFORE_ANY) > after) {
                    answer.complete(status);
                }
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        }
    }
}
