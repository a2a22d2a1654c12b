package io.jobwatch.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.cli.doctor.LagTrend.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class LagTrendPropertyTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final Duration BETWEEN = Duration.ofSeconds(6);

    /** A group that was at {@code first}, has done some records since, while others came. */
    @Property
    void shouldSayOfWhatWaitsLongWhereItGoes(@ForAll @LongRange(min = 0, max = 1000) long first,
                                             @ForAll @LongRange(min = 0, max = 500) long done,
                                             @ForAll @LongRange(min = 1, max = 500) long left,
                                             @ForAll @LongRange(min = 0, max = 500) long came,
                                             @ForAll @LongRange(min = 30, max = 100_000) long age) {
        long end = first + done + left;
        PartitionLag before = lag(first, end - Math.min(came, left - 1), age + 6);
        PartitionLag after = lag(first + done, end, age);

        LagTrend trend = LagTrend.between(before, after, BETWEEN, NOW).orElseThrow();

        assertThat(trend.records()).isEqualTo(left);
        assertThat(trend.age()).isEqualTo(Duration.ofSeconds(age));
        if (done == 0) {
            assertThat(trend.kind()).isEqualTo(Kind.STANDS_STILL);
        } else {
            assertThat(trend.kind()).isEqualTo(after.records() < before.records() ? Kind.CATCHING_UP : Kind.FALLS_BEHIND);
        }
        assertThat(trend.left().isPresent()).isEqualTo(trend.kind() == Kind.CATCHING_UP);
        trend.left().ifPresent(time -> assertThat(time).isPositive());
    }

    /** Whatever the offsets are: ends of transactions alone are nothing that waits, and what came just now is no trouble. */
    @Property
    void shouldSayNothingWhereNothingWaitsForLong(@ForAll @LongRange(min = 0, max = 1000) long committed,
                                                  @ForAll @LongRange(min = 0, max = 1000) long ahead,
                                                  @ForAll @LongRange(min = 0, max = 29) long age) {
        PartitionLag nothing = new PartitionLag(committed, 0, committed + ahead, Optional.empty());
        PartitionLag young = lag(committed, committed + ahead + 1, age);

        assertThat(LagTrend.between(nothing, nothing, BETWEEN, NOW)).isEmpty();
        assertThat(LagTrend.between(nothing, young, BETWEEN, NOW)).isEmpty();
        assertThat(LagTrend.between(young, nothing, BETWEEN, NOW)).isEmpty();
        assertThat(LagTrend.between(young, young, BETWEEN, NOW)).isEmpty();
        assertThat(nothing.records()).isZero();
    }

    private static PartitionLag lag(long committed, long end, long ageSeconds) {
        return new PartitionLag(committed, 0, end, Optional.of(NOW.minusSeconds(ageSeconds)));
    }
}
