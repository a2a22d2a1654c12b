package io.jobwatch.query.http;

import io.jobwatch.event.JobStatus;
import io.jobwatch.log.LogContext;
import io.jobwatch.query.JobExplainer;
import io.jobwatch.registry.RegistryException;
import io.jobwatch.topic.JobKey;
import io.jobwatch.topic.TopicException;
import io.jobwatch.topology.Explanation;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Explains jobs on threads of its own, as each explanation reads a topic for up to seconds: a few at once, a few more wait their turn, and
 * whoever would wait too long is told to come again. Thread-safe.
 */
final class Explanations implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Explanations.class);

    private final JobExplainer explainer;
    private final Duration patience;
    private final ThreadPoolExecutor threads;
    private final Set<CompletableFuture<Explanation>> pending = ConcurrentHashMap.newKeySet();

    /**
     * @param atOnce   how many are made at the same time
     * @param waiting  how many may wait
     * @param patience how long one waits at most
     */
    Explanations(JobExplainer explainer, int atOnce, int waiting, Duration patience) {
        this.explainer = explainer;
        this.patience = patience;
        this.threads = new ThreadPoolExecutor(atOnce, atOnce, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(waiting),
                task -> new Thread(task, "jobwatch-explain"));
    }

    /** {@return the explanation to come} It fails with a {@link Problem} where it cannot be had now. */
    CompletableFuture<Explanation> explain(JobKey job, Optional<JobStatus> status) {
        CompletableFuture<Explanation> explanation = new CompletableFuture<>();
        pending.add(explanation);
        explanation.whenComplete((done, failure) -> pending.remove(explanation));
        AtomicBoolean decided = new AtomicBoolean();
        try {
            threads.execute(() -> {
                if (decided.compareAndSet(false, true)) {
                    explain(job, status, explanation);
                }
            });
        } catch (RejectedExecutionException e) {
            explanation.completeExceptionally(threads.isShutdown() ? stopping() : busy());
            return explanation;
        }
        CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS).execute(() -> {
            if (decided.compareAndSet(false, true)) {
                explanation.completeExceptionally(busy());
            }
        });
        return explanation;
    }

    private void explain(JobKey job, Optional<JobStatus> status, CompletableFuture<Explanation> explanation) {
        try {
            explanation.complete(explainer.explain(job, status));
        } catch (TopicException | RegistryException e) {
            LogContext.ofJob(job.source(), job.jobId()).run(() -> LOG.warn("the job {} cannot be explained: {}", job, e.getMessage()));
            explanation.completeExceptionally(Problem.unavailable("the observations of the job cannot be read from Kafka or understood "
                    + "with the Schema Registry now; the reason is in the log of this instance", 10));
        } catch (RuntimeException e) {
            explanation.completeExceptionally(threads.isShutdown() ? stopping() : e);
        }
    }

    private static Problem busy() {
        return Problem.unavailable("as many explanations as are made at once are being made; try again soon", 5);
    }

    private static Problem stopping() {
        return Problem.unavailable("the server is stopping", 1);
    }

    /** Ends those that are being made and those that wait; they fail at once. */
    @Override
    public void close() {
        threads.shutdownNow();
        pending.forEach(explanation -> explanation.completeExceptionally(stopping()));
    }
}
