package io.jobwatch.query.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jobwatch.query.JobExplainer;
import io.jobwatch.registry.RegistryException;
import io.jobwatch.topic.JobKey;
import io.jobwatch.topic.TopicException;
import io.jobwatch.topology.Explanation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ExplanationsTest {
    private static final JobKey JOB = new JobKey("s", "1");
    private static final Duration LONG = Duration.ofSeconds(50);

    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger made = new AtomicInteger();
    private Explanations explanations;

    @AfterEach
    void close() {
        release.countDown();
        explanations.close();
    }

    private Explanation slow(JobKey job) {
        most.accumulateAndGet(running.incrementAndGet(), Math::max);
        made.incrementAndGet();
        try {
            release.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted as Kafka's clients are", e);
        } finally {
            running.decrementAndGet();
        }
        return new Explanation(job, "t", 0, 0, 1, 1, List.of(), 0, true);
    }

    @Test
    void shouldMakeSoManyAtOnceAndLetAFewWait() {
        explanations = new Explanations((job, status) -> slow(job), 2, 3, LONG);

        List<CompletableFuture<Explanation>> asked = ask(6);

        await().untilAsserted(() -> assertThat(running).hasValue(2));
        assertUnavailable(asked.get(5), "are being made", "5");
        release.countDown();
        asked.subList(0, 5).forEach(explanation -> assertThat(explanation.join().job()).isEqualTo(JOB));
        assertThat(most).hasValue(2);
    }

    @Test
    void shouldTellWhoWaitedTooLongToComeAgainAndSpareTheWork() {
        explanations = new Explanations((job, status) -> slow(job), 1, 3, Duration.ofMillis(50));

        List<CompletableFuture<Explanation>> asked = ask(2);

        assertUnavailable(asked.get(1), "are being made", "5");
        release.countDown();
        assertThat(asked.get(0).join().job()).isEqualTo(JOB);
        explanations.explain(JOB, Optional.empty()).join();
        assertThat(made).hasValue(2);
    }

    @Test
    void shouldSayThatKafkaOrTheRegistryIsOutWithoutTheirWords() {
        List<JobExplainer> out = List.of((job, status) -> {
            throw new TopicException("s3cret-broker does not answer");
        }, (job, status) -> {
            throw new RegistryException(RegistryException.Kind.UNAVAILABLE, "s3cret-registry does not answer");
        });
        for (JobExplainer explainer : out) {
            try (Explanations failing = new Explanations(explainer, 1, 1, LONG)) {
                CompletableFuture<Explanation> asked = failing.explain(JOB, Optional.empty());

                assertUnavailable(asked, "log of this instance", "10");
                assertThat(asked.handle((explanation, failure) -> failure.getMessage()).join()).doesNotContain("s3cret");
            }
        }
        explanations = new Explanations((job, status) -> slow(job), 1, 1, LONG);
    }

    @Test
    void shouldEndWhatIsBeingMadeWhenItIsClosed() {
        explanations = new Explanations((job, status) -> slow(job), 1, 3, LONG);
        CompletableFuture<Explanation> asked = ask(1).get(0);
        await().untilAsserted(() -> assertThat(running).hasValue(1));

        explanations.close();

        assertUnavailable(asked, "stopping", "1");
    }

    /** Their turn never comes, and nobody else tells them before their patience ends. */
    @Test
    void shouldFailThoseThatWaitAtOnceWhenItIsClosed() {
        explanations = new Explanations((job, status) -> slow(job), 1, 3, LONG);
        List<CompletableFuture<Explanation>> asked = ask(4);
        await().untilAsserted(() -> assertThat(running).hasValue(1));

        explanations.close();

        assertThat(asked).allSatisfy(explanation -> assertThat(explanation).isCompletedExceptionally());
        asked.forEach(explanation -> assertUnavailable(explanation, "stopping", "1"));
        assertUnavailable(explanations.explain(JOB, Optional.empty()), "stopping", "1");
    }

    private List<CompletableFuture<Explanation>> ask(int times) {
        return IntStream.range(0, times).mapToObj(i -> explanations.explain(JOB, Optional.empty())).toList();
    }

    private static void assertUnavailable(CompletableFuture<Explanation> asked, String detail, String retryAfter) {
        Throwable failure = asked.handle((explanation, why) -> why).join();
        assertThat(failure).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.status()).isEqualTo(503);
            assertThat(problem.retryAfter()).contains(retryAfter);
            assertThat(problem.getMessage()).contains(detail);
        });
    }
}
