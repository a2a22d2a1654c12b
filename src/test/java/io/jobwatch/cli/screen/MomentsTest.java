package io.jobwatch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MomentsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:15:30.250Z");
    private final Moments moments = new Moments(NOW);

    @ParameterizedTest
    @CsvSource({"PT0S, 0 ms", "PT0.7S, 700 ms", "PT1.9S, 1 s", "PT59S, 59 s", "PT60S, 1 min", "PT3M20S, 3 min 20 s", "PT2H, 2 h",
        "PT2H5M9S, 2 h 5 min", "P1D, 1 d", "P9DT4H59M, 9 d 4 h"})
    void shouldNameTheTwoLargestUnits(Duration duration, String text) {
        assertThat(Moments.text(duration)).isEqualTo(text);
    }

    @Test
    void shouldTellTimesAbsolutelyAndInRelationToNow() {
        assertThat(moments.both(NOW.minusSeconds(200))).isEqualTo("3 min 20 s ago (2026-11-22 10:12:10Z)");
        assertThat(moments.both(NOW)).isEqualTo("now (2026-11-22 10:15:30Z)");
        assertThat(moments.relative(NOW.plusSeconds(90))).isEqualTo("in 1 min 30 s");
        assertThat(moments.until(NOW.plusSeconds(5))).isEqualTo("in 5 s");
        assertThat(moments.until(NOW.minusSeconds(5))).isEqualTo("due");
    }

    @Test
    void shouldTakeATimeAheadForNow() {
        assertThat(moments.since(NOW.plusSeconds(3))).isEqualTo("0 s");
        assertThat(moments.since(NOW.minusSeconds(3))).isEqualTo("3 s");
    }
}
