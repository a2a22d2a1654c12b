package io.jobwatch.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {

    @Property
    void shouldComeBackFromItsCursor(@ForAll("keys") String key, @ForAll long millis) {
        Position position = new Position(Instant.ofEpochMilli(millis), key);

        assertThat(Position.ofCursor(position.toCursor())).contains(position);
        assertThat(position.toCursor()).matches("[A-Za-z0-9_-]+");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "!!", "AAAAAAAAAAA", "AAAAAAAAAABh=", "AAAAAAAAAAD_", "né"})
    void shouldRefuseWhatIsNoCursor(String text) {
        assertThat(Position.ofCursor(text)).isEmpty();
    }

    @Test
    void shouldPutTheNewestFirstThenGoByKey() {
        Position newer = new Position(Instant.ofEpochMilli(2), "z");
        Position a = new Position(Instant.ofEpochMilli(1), "a");
        Position b = new Position(Instant.ofEpochMilli(1), "b");

        assertThat(List.of(b, a, newer).stream().sorted()).containsExactly(newer, a, b);
    }

    @Provide
    Arbitrary<String> keys() {
        return Arbitraries.strings().withCharRange('\u0000', '\ud7ff').ofMinLength(1).ofMaxLength(60);
    }
}
