package io.jobwatch.cli;

import io.jobwatch.cli.client.Answer;
import io.jobwatch.cli.client.ClientException;
import io.jobwatch.cli.client.ClientException.Kind;
import io.jobwatch.cli.client.QueryClient;
import io.jobwatch.cli.client.Target;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Waits for a change of a job by long polls, each shorter than what proxies and the server allow. A server that is restarted meanwhile is
 * waited for: sequences outlive it.
 */
final class JobWait {
    private static final Duration LONGEST_POLL = Duration.ofSeconds(50);
    private static final long PAUSE_MILLIS = 1_000;

    private final QueryClient client;
    private final Target job;
    private final Optional<Long> after;
    private final Consumer<String> news;
    private boolean changed;

    /**
     * @param after the sequence after which a change counts; empty for the present one
     * @param news  is told if the server is away for a while
     */
    JobWait(QueryClient client, Target job, Optional<Long> after, Consumer<String> news) {
        this.client = client;
        this.job = job;
        this.after = after;
        this.news = news;
    }

    /** {@return whether the last {@link #await} saw a change} */
    boolean changed() {
        return changed;
    }

    /**
     * {@return the job as it is after its change, or at the end of the wait}
     *
     * @throws ClientException if it is not known then, or cannot be asked for at first
     */
    Answer await(Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        long sequence = after.orElseGet(this::now);
        boolean away = false;
        while (true) {
            Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            Duration poll = left.compareTo(LONGEST_POLL) < 0 ? left : LONGEST_POLL;
            long asked = System.nanoTime();
            try {
                Answer answer = client.get(job.with("wait", poll.toMillis() + "ms").with("sequence", sequence), poll);
                away = false;
                changed = answer.body().path("sequence").asLong() > sequence;
                if (changed || System.nanoTime() >= deadline) {
                    return answer;
                }
            } catch (ClientException e) {
                if (e.kind() != Kind.NOT_FOUND && e.kind() != Kind.UNAVAILABLE || System.nanoTime() >= deadline) {
                    throw e;
                }
                if (e.kind() == Kind.UNAVAILABLE && !away) {
                    news.accept(e.getMessage() + "; trying again until the wait is over");
                    away = true;
                }
            }
            if (System.nanoTime() - asked < poll.toNanos() / 2) {
                pause();   // a server that is about to end answers at once
            }
        }
    }

    private long now() {
        try {
            return client.get(job).body().path("sequence").asLong();
        } catch (ClientException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return 0;   // any sequence comes after it
            }
            throw e;
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted while waiting");
        }
    }
}
