package io.jobwatch.query.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class StreamPositionTest {
    private static final String TOPIC = "jobwatch.job-transitions";

    @Property(tries = 300)
    void shouldComeOutAsItWentIn(@ForAll int incarnation, @ForAll @Size(min = 1, max = 70) List<@LongRange(min = 0) Long> offsets) {
        long[] next = offsets.stream().mapToLong(Long::longValue).toArray();
        String text = StreamPosition.encode(new TopicIdentity(TOPIC, incarnation, next.length), next);

        assertThat(text).matches("[A-Za-z0-9_-]+");
        assertThat(StreamPosition.parse(text, TOPIC)).hasValueSatisfying(position -> {
            assertThat(position.incarnation()).isEqualTo(incarnation);
            assertThat(position.next()).isEqualTo(next);
        });
        assertThat(StreamPosition.parse(text, "other." + TOPIC)).isEmpty();
    }

    @Property(tries = 300)
    void shouldRefuseWhatWasDamaged(@ForAll @Size(min = 1, max = 8) List<@LongRange(min = 0, max = 1L << 40) Long> offsets,
                                    @ForAll int where, @ForAll char instead) {
        long[] next = offsets.stream().mapToLong(Long::longValue).toArray();
        String text = StreamPosition.encode(new TopicIdentity(TOPIC, 42, next.length), next);
        int at = Math.floorMod(where, text.length());
        String damaged = text.substring(0, at) + instead + text.substring(at + 1);

        assertThat(StreamPosition.parse(damaged, TOPIC).isPresent()).isEqualTo(damaged.equals(text));
        assertThat(StreamPosition.parse(text.substring(0, at), TOPIC)).isEmpty();
        assertThat(StreamPosition.parse(text + instead, TOPIC)).isEmpty();
    }

    @Property(tries = 300)
    void shouldRefuseGarbage(@ForAll String text) {
        assertThat(StreamPosition.parse(text, TOPIC)).isEmpty();
    }

    @Example
    void shouldBeShort() {
        long[] next = {1_000_000, 2_000_000, 900_000, 1_500_000, 1_999_999, 0};

        assertThat(StreamPosition.encode(new TopicIdentity(TOPIC, -1, 6), next)).hasSizeLessThan(40);
    }

    @Example
    void shouldRefuseATextWithoutEnd() {
        assertThat(StreamPosition.parse("A".repeat(1 << 20), TOPIC)).isEmpty();
    }
}
