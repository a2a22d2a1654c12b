package io.jobwatch.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TurnstileTest {
    private final LeapingTicker leaping = new LeapingTicker();

    @Test
    void shouldWaitForTheLimit() throws Exception {
        Turnstile turnstile = new Turnstile("h:80", Optional.of(0.5), leaping);
        long start = leaping.nanoTime();

        for (int i = 0; i < 4; i++) {
            turnstile.pass();
        }

        assertThat(leaping.nanoTime() - start).isEqualTo(Duration.ofSeconds(6).toNanos());
    }

    @Test
    void shouldLetEverythingThroughAtOnceWithoutALimit() throws Exception {
        Turnstile turnstile = new Turnstile("h:80", Optional.empty(), leaping);
        long start = leaping.nanoTime();

        for (int i = 0; i < 1000; i++) {
            turnstile.pass();
        }

        assertThat(leaping.nanoTime()).isEqualTo(start);
    }

    @Test
    void shouldTurnEveryoneAwayUntilTheServiceWantsToBeAskedAgain() throws Exception {
        Turnstile turnstile = new Turnstile("h:80", Optional.empty(), leaping);
        turnstile.close(Duration.ofSeconds(30));
        leaping.advance(Duration.ofSeconds(10));
        turnstile.close(Duration.ofSeconds(5));

        SourceException refused = catchThrowableOfType(SourceException.class, turnstile::pass);

        assertThat(refused).hasMessage("h:80 wants to be left alone for another 20 s (Retry-After), so it was not asked");
        assertThat(refused.retryAfter()).contains(Duration.ofSeconds(20));
        leaping.advance(Duration.ofSeconds(20));
        turnstile.pass();
    }

    @Test
    void shouldWaitForTheEndOfAPauseThatIsAlmostOver() throws Exception {
        Turnstile turnstile = new Turnstile("h:80", Optional.empty(), leaping);
        long start = leaping.nanoTime();
        turnstile.close(Turnstile.PATIENCE);

        turnstile.pass();

        assertThat(leaping.nanoTime() - start).isEqualTo(Turnstile.PATIENCE.toNanos());
    }

    @Test
    void shouldLetNobodyOvertakeAndTakeNothingFromWhoGivesUp() throws Exception {
        HeldTicker held = new HeldTicker();
        Turnstile turnstile = new Turnstile("h:80", Optional.of(1.0), held);
        turnstile.pass();
        List<String> passed = new CopyOnWriteArrayList<>();
        List<Thread> queue = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            String name = "request " + i;
            Thread thread = new Thread(() -> {
                try {
                    turnstile.pass();
                    passed.add(name);
                } catch (InterruptedException e) {
                    passed.add(name + " gave up");
                } catch (SourceException e) {
                    passed.add(e.getMessage());
                }
            });
            queue.add(thread);
            thread.start();
            await().until(() -> thread.getState() == Thread.State.WAITING);
        }

        queue.get(3).interrupt();
        queue.get(3).join();
        queue.get(0).interrupt();
        queue.get(0).join();
        for (int i = 0; i < 4; i++) {
            int before = passed.size();
            held.secondPasses();
            await().until(() -> passed.size() == before + 1);
        }

        assertThat(passed).containsExactly("request 3 gave up", "request 0 gave up", "request 1", "request 2", "request 4", "request 5");
        for (Thread thread : queue) {
            thread.join();
        }
    }

    @Test
    void shouldTurnAwayWhoWaitsInTheQueueWhenTheServiceWantsToBeLeftAlone() throws Exception {
        HeldTicker held = new HeldTicker();
        Turnstile turnstile = new Turnstile("h:80", Optional.of(1.0), held);
        turnstile.pass();
        List<Throwable> thrown = new CopyOnWriteArrayList<>();
        Thread waiting = new Thread(() -> {
            try {
                turnstile.pass();
            } catch (SourceException | InterruptedException e) {
                thrown.add(e);
            }
        });
        waiting.start();
        await().until(() -> waiting.getState() == Thread.State.WAITING);

        turnstile.close(Duration.ofSeconds(60));
        held.secondPasses();
        waiting.join();

        assertThat(thrown).singleElement().isInstanceOf(SourceException.class);
    }

    @Test
    void shouldLetAnInterruptEndTheWait() {
        Turnstile turnstile = new Turnstile("h:80", Optional.of(1.0), leaping);
        Thread.currentThread().interrupt();

        assertThatThrownBy(turnstile::pass).isInstanceOf(InterruptedException.class);
    }

    @Test
    void shouldTellHowLongTheQueueIs() throws Exception {
        Turnstile turnstile = new Turnstile("h:80", Optional.of(0.1), leaping);
        assertThat(turnstile.queue()).isZero();
        turnstile.pass();
        assertThat(turnstile.queue()).isEqualTo(Duration.ofSeconds(10));
    }

    /** Time that goes on a second at a time, when the test says so and somebody waits for it. */
    private static final class HeldTicker implements Ticker {
        private final Semaphore seconds = new Semaphore(0);
        private volatile long now;

        void secondPasses() {
            seconds.release();
        }

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public void sleep(long nanos) throws InterruptedException {
            seconds.acquire();
            now += Duration.ofSeconds(1).toNanos();
        }
    }
}
