package io.jobwatch.poll;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final long FAR = 4_000_000_000_000L;

    @Property
    void shouldPollNextAfterNowAndWithinTheInterval(@ForAll @AlphaChars @StringLength(min = 1, max = 20) String source,
                                                    @ForAll @LongRange(min = 1, max = 100_000_000) long interval,
                                                    @ForAll @LongRange(min = -1000, max = FAR) long at) {
        Instant now = Instant.ofEpochMilli(at);

        Instant next = schedule(source, Duration.ofMillis(interval)).next(now);

        assertThat(next).isAfter(now).isBeforeOrEqualTo(now.plusMillis(interval));
    }

    @Property
    void shouldKeepToOneGridWhateverTheTimeOfTheQuestion(@ForAll @AlphaChars @StringLength(min = 1, max = 20) String source,
                                                         @ForAll @LongRange(min = 1, max = 100_000_000) long interval,
                                                         @ForAll @LongRange(min = 0, max = FAR) long one,
                                                         @ForAll @LongRange(min = 0, max = FAR) long other) {
        Instant first = schedule(source, Duration.ofMillis(interval)).next(Instant.ofEpochMilli(one));
        Instant second = schedule(source, Duration.ofMillis(interval)).next(Instant.ofEpochMilli(other));

        assertThat(Duration.between(first, second).toMillis() % interval).isZero();
    }

    @Property
    void shouldPollSoonAfterTheStart(@ForAll @AlphaChars @StringLength(min = 1, max = 20) String source,
                                     @ForAll @LongRange(min = 1, max = 100_000_000) long interval) {
        Instant start = Instant.parse("2026-11-22T10:00:00Z");

        assertThat(schedule(source, Duration.ofMillis(interval)).first(start))
                .isBetween(start, start.plusMillis(Math.min(interval, 2000)));
    }

    @Test
    void shouldSpreadSourcesThatStartTogether() {
        Instant start = Instant.parse("2026-11-22T10:00:00Z");

        Set<Instant> times = IntStream.range(0, 100)
                .mapToObj(i -> schedule("source-" + i, Duration.ofSeconds(10)).next(start)).collect(Collectors.toSet());

        assertThat(times).hasSizeGreaterThan(90);
    }

    @Test
    void shouldTakeAnIntervalBelowAMillisecondForOne() {
        Instant now = Instant.parse("2026-11-22T10:00:00Z");

        assertThat(schedule("a", Duration.ofNanos(1)).next(now)).isEqualTo(now.plusMillis(1));
    }

    @Property
    void shouldPollMoreSeldomWhileNoJobIsLiveAndNeverBeyondTheIdleInterval(@ForAll @LongRange(min = 1, max = 100_000) long interval,
                                                                           @ForAll @LongRange(min = 1, max = 100_000_000) long idle,
                                                                           @ForAll List<@IntRange(max = 2) Integer> liveJobs) {
        Schedule schedule = new Schedule("encoder", Duration.ofMillis(interval), Duration.ofMillis(idle));
        long longest = Math.max(interval, idle);
        long expected = interval;
        for (int live : liveJobs) {
            schedule.polled(live);
            expected = live > 0 ? interval : Math.min(longest, expected * 2);
            Instant now = Instant.ofEpochMilli(FAR);

            assertThat(schedule.interval()).isEqualTo(Duration.ofMillis(expected));
            assertThat(schedule.next(now)).isAfter(now).isBeforeOrEqualTo(now.plusMillis(expected));
        }
    }

    private static Schedule schedule(String source, Duration interval) {
        return new Schedule(source, interval, interval);
    }
}
