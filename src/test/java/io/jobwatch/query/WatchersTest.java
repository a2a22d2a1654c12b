package io.jobwatch.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class WatchersTest {
    private final Watchers watchers = new Watchers();
    private final List<String> told = new ArrayList<>();

    @Test
    void shouldTellThoseWhoWatchTheJobAndNobodyElse() {
        watchers.add("s/1", () -> told.add("a"));
        watchers.add("s/1", () -> told.add("b"));
        watchers.add("s/2", () -> told.add("c"));

        watchers.changed("s/1");
        watchers.changed("s/3");

        assertThat(told).containsExactly("a", "b");
    }

    @Test
    void shouldTellEveryoneWhenTheViewChanges() {
        watchers.add("s/1", () -> told.add("a"));
        watchers.add("s/2", () -> told.add("b"));

        watchers.allChanged();

        assertThat(told).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void shouldKeepNothingOfAClosedRegistrationAndTheOthersWhole() {
        Runnable same = () -> told.add("same");
        View.Watch first = watchers.add("s/1", same);
        View.Watch second = watchers.add("s/1", same);

        first.close();
        first.close();
        watchers.changed("s/1");

        assertThat(told).containsExactly("same");
        second.close();
        assertThat(watchers.size()).isZero();
    }

    @Test
    void shouldTellTheOthersWhenOneFails() {
        watchers.add("s/1", () -> {
            throw new IllegalStateException("a bug");
        });
        watchers.add("s/1", () -> told.add("b"));

        watchers.changed("s/1");

        assertThat(told).containsExactly("b");
    }

    @Test
    void shouldLeaveNothingBehindWhenManyComeAndGo() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            CountDownLatch go = new CountDownLatch(1);
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                all.add(threads.submit(() -> {
                    go.await();
                    for (int i = 0; i < 2_000; i++) {
                        View.Watch watch = watchers.add("s/" + i % 3, () -> { });
                        watchers.changed("s/" + i % 3);
                        watch.close();
                    }
                    return null;
                }));
            }
            go.countDown();
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(watchers.size()).isZero();
    }
}
