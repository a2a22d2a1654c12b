package io.jobwatch.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class FreshnessTest {
    private static final TopicPartition ONE = new TopicPartition("t", 0);
    private static final TopicPartition OTHER = new TopicPartition("t", 1);

    private final AtomicLong now = new AtomicLong(1_000);
    private final Freshness freshness = new Freshness(now::get);

    @Test
    void shouldBeAsOldAsTheEndsThatWereReached() {
        freshness.target(2_000, Map.of(ONE, 5L, OTHER, 0L));
        now.set(3_000);

        freshness.reached(Map.of(ONE, 5L));

        assertThat(freshness.age()).isEqualTo(Duration.ofNanos(1_000));
        assertThat(freshness.wantsTarget()).isTrue();
    }

    @Test
    void shouldAgeUntilAllPartitionsAreReached() {
        freshness.target(2_000, Map.of(ONE, 5L, OTHER, 1L));
        now.set(9_000);

        freshness.reached(Map.of(ONE, 5L));
        freshness.reached(Map.of(ONE, 7L, OTHER, 0L));

        assertThat(freshness.age()).isEqualTo(Duration.ofNanos(8_000));
        assertThat(freshness.wantsTarget()).isFalse();
    }

    /** Those of a topic that was deleted. */
    @Test
    void shouldTakeOtherEndsForThoseThatNothingReaches() {
        freshness.target(2_000, Map.of(ONE, 5L));

        freshness.dropTarget();

        assertThat(freshness.wantsTarget()).isTrue();
        freshness.target(3_000, Map.of(ONE, 1L));
        now.set(4_000);
        freshness.reached(Map.of(ONE, 1L));
        assertThat(freshness.age()).isEqualTo(Duration.ofNanos(1_000));
    }

    @Test
    void shouldAgeWithoutAnAnswerFromTheBroker() {
        freshness.target(2_000, Map.of(ONE, 5L));
        freshness.reached(Map.of(ONE, 5L));
        now.set(1_002_000);

        freshness.reached(Map.of(ONE, 5L));

        assertThat(freshness.age()).isEqualTo(Duration.ofNanos(1_000_000));
    }
}
