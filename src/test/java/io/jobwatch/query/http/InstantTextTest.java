package io.jobwatch.query.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstantTextTest {

    @ParameterizedTest
    @ValueSource(strings = {"1970-01-01T00:00:00Z", "2026-11-22T10:15:30Z", "2026-11-22T10:15:30.007Z", "2026-02-28T23:59:59.999Z",
        "0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "-0001-12-31T23:59:59Z", "+10000-01-01T00:00:00Z",
        "2026-11-22T10:15:30.000001Z"})
    void shouldSayWhatAnInstantSays(String text) {
        assertThat(written(Instant.parse(text))).isEqualTo(text);
    }

    @Property
    void shouldSayWhatAnyInstantSays(@ForAll @LongRange(min = -100_000_000_000_000L, max = 400_000_000_000_000L) long millis) {
        assertThat(written(Instant.ofEpochMilli(millis))).isEqualTo(Instant.ofEpochMilli(millis).toString());
    }

    private static String written(Instant instant) {
        return new String(Json.bytes(json -> InstantText.write(json, instant)), StandardCharsets.UTF_8).replace("\"", "");
    }
}
