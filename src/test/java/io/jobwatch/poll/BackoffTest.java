package io.jobwatch.poll;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);


    @Property
    void shouldStayBetweenHalfAndAllOfTheDoublingPause(
            @ForAll @IntRange(min = 1, max = Integer.MAX_VALUE) int failures,
            @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double random) {
        Duration full = Duration.ofMillis((long) Math.min(60_000, 800 * Math.pow(2, failures - 1.0)));

        assertThat(new Backoff(() -> random, LIMIT).pause(failures, Optional.empty())).isBetween(full.dividedBy(2), full);
    }

    @Property
    void shouldNeverAskAgainBeforeTheServiceWantsItWithinAnHour(
            @ForAll @IntRange(min = 1, max = 100) int failures, @ForAll @LongRange(min = 0, max = 1_000_000) long seconds) {
        Duration asked = Duration.ofSeconds(seconds);

        Duration pause = new Backoff(() -> 0.5, LIMIT).pause(failures, Optional.of(asked));

        assertThat(pause).isGreaterThanOrEqualTo(seconds > 3600 ? Duration.ofHours(1) : asked)
                .isGreaterThanOrEqualTo(new Backoff(() -> 0.5, LIMIT).pause(failures, Optional.empty()))
                .isLessThanOrEqualTo(Duration.ofHours(1));
    }

    @Test
    void shouldDoubleFromEightTenthsOfASecondToAMinute() {
        Backoff latest = new Backoff(() -> Math.nextDown(1.0), LIMIT);

        assertThat(latest.pause(1, Optional.empty()).toMillis()).isEqualTo(799);
        assertThat(latest.pause(2, Optional.empty()).toMillis()).isEqualTo(1599);
        assertThat(latest.pause(8, Optional.empty()).toMillis()).isEqualTo(59_999);
        assertThat(latest.pause(1000, Optional.empty()).toMillis()).isEqualTo(59_999);
    }
}
