package io.jobwatch.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private static final long SECOND = 1_000_000_000L;

    @Provide
    Arbitrary<Double> rates() {
        return Arbitraries.oneOf(Arbitraries.doubles().between(0.001, 20).ofScale(3).filter(rate -> rate > 0),
                Arbitraries.of(0.001, 1.0, 3.0, 100_000.0));
    }

    /** How long each request comes after the one before it was let through. */
    @Provide
    Arbitrary<List<Long>> gaps() {
        return Arbitraries.oneOf(Arbitraries.just(0L), Arbitraries.longs().between(0, 3 * SECOND),
                Arbitraries.longs().between(0, 2000 * SECOND)).list().ofMinSize(1).ofMaxSize(60);
    }

    @Property
    void shouldLetEachRequestThroughWhenACountOfTokensWould(@ForAll("rates") double perSecond, @ForAll("gaps") List<Long> gaps,
                                                            @ForAll long start) {
        TokenBucket bucket = new TokenBucket(perSecond, start);
        CountedTokens reference = new CountedTokens(bucket.nanosPerToken(), (long) Math.max(1, perSecond));
        long now = start;
        for (long gap : gaps) {
            now += gap;
            reference.pass(gap);
            long wait = bucket.nanosUntilToken(now);
            assertThat(wait).isEqualTo(reference.nanosUntilToken());
            now += wait;
            reference.pass(wait);
            assertThat(bucket.nanosUntilToken(now)).isZero();
            bucket.take(now);
            reference.take();
        }
    }

    @Property
    void shouldKeepToTheLimitInEveryStretchOfTime(@ForAll("rates") double perSecond, @ForAll("gaps") List<Long> gaps) {
        TokenBucket bucket = new TokenBucket(perSecond, 0);
        List<Long> sent = new ArrayList<>();
        long now = 0;
        for (long gap : gaps) {
            now += gap + bucket.nanosUntilToken(now + gap);
            bucket.take(now);
            sent.add(now);
        }
        double burst = Math.floor(Math.max(1, perSecond));
        for (int from = 0; from < sent.size(); from++) {
            for (int to = from; to < sent.size(); to++) {
                double seconds = (sent.get(to) - sent.get(from)) / (double) SECOND;
                assertThat((double) (to - from + 1)).isLessThanOrEqualTo(burst + perSecond * seconds + 1e-6);
            }
        }
    }

    @Test
    void shouldLetASecondsWorthThroughAtOnceAndThenOneAfterAnother() {
        TokenBucket bucket = new TokenBucket(5, 0);
        for (int i = 0; i < 5; i++) {
            assertThat(bucket.nanosUntilToken(0)).isZero();
            bucket.take(0);
        }
        assertThat(bucket.nanosUntilToken(0)).isEqualTo(SECOND / 5);
        assertThat(bucket.nanosUntilToken(SECOND / 5)).isZero();
    }

    @Test
    void shouldLetOneThroughHoweverLowTheLimit() {
        TokenBucket bucket = new TokenBucket(0.001, 0);

        assertThat(bucket.nanosUntilToken(0)).isZero();
        bucket.take(0);
        assertThat(bucket.nanosUntilToken(0)).isEqualTo(1000 * SECOND);
    }

    /** The textbook's bucket: it counts tokens, exactly. */
    private static final class CountedTokens {
        private final BigDecimal nanosPerToken;
        private final BigDecimal capacity;
        /** In nanoseconds' worth. */
        private BigDecimal filled;

        CountedTokens(long nanosPerToken, long capacity) {
            this.nanosPerToken = BigDecimal.valueOf(nanosPerToken);
            this.capacity = this.nanosPerToken.multiply(BigDecimal.valueOf(capacity));
            this.filled = this.capacity;
        }

        void pass(long nanos) {
            filled = filled.add(BigDecimal.valueOf(nanos)).min(capacity);
        }

        long nanosUntilToken() {
            return nanosPerToken.subtract(filled).max(BigDecimal.ZERO).longValueExact();
        }

        void take() {
            filled = filled.subtract(nanosPerToken);
        }
    }
}
