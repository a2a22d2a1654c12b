package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClosingTest {
    private final List<String> closed = new CopyOnWriteArrayList<>();
    private final Closing closing = new Closing();

    @Test
    void shouldCloseTheLastFirst() {
        closing.then("first", () -> closed.add("first"));
        closing.then("second", () -> closed.add("second"));

        closing.close();

        assertThat(closed).containsExactly("second", "first");
    }

    @Test
    void shouldCloseTheOthersWhenOneFails() {
        closing.then("first", () -> closed.add("first"));
        closing.then("second", () -> {
            throw new IllegalStateException("on purpose");
        });

        closing.close();

        assertThat(closed).containsExactly("first");
    }

    /** A signal during the start interrupts the thread that then closes. */
    @Test
    void shouldLeaveNothingOpenUnderAnotherThoughItIsInterrupted() {
        CountDownLatch firstClosed = new CountDownLatch(1);
        closing.then("first", () -> {
            closed.add("first");
            firstClosed.countDown();
        });
        closing.then("second", () -> {
            // It takes a moment to end, in which the first must not be closed.
            boolean early = firstClosed.await(200, TimeUnit.MILLISECONDS);
            closed.add(early ? "second, too late" : "second");
        });
        Thread.currentThread().interrupt();

        closing.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(closed).containsExactly("second", "first");
    }

    @Test
    void shouldCloseThePartsOfAStageAtTheSameTime() {
        CountDownLatch both = new CountDownLatch(2);
        closing.together();
        for (String name : List.of("left", "right")) {
            closing.with(name, () -> {
                both.countDown();
                both.await();
                closed.add(name);
            });
        }

        closing.close();

        assertThat(closed).containsExactlyInAnyOrder("left", "right");
    }
}
