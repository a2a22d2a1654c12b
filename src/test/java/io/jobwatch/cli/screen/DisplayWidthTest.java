package io.jobwatch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DisplayWidthTest {

    @ParameterizedTest
    @CsvSource({"'', 0", "abc, 3", "é, 1", "e\u0301, 1", "映画, 4", "ｱ, 1", "Ａ, 2", "한글, 4", "\u1112\u1161\u11ab, 2", "🎬, 2", "→, 1", "𝄞, 1",
        "𠀋, 2", "می\u200cخواهم, 7", "\u20dd, 0", "…, 1"})
    void shouldCountTheColumnsThatATerminalUses(String text, int columns) {
        assertThat(DisplayWidth.of(text)).isEqualTo(columns);
    }

    @Test
    void shouldCutToColumnsNotToCharacters() {
        assertThat(DisplayWidth.cut("映画館", 6)).isEqualTo("映画館");
        assertThat(DisplayWidth.cut("映画館", 5)).isEqualTo("映画…");
        assertThat(DisplayWidth.cut("映画館", 4)).isEqualTo("映…");
        assertThat(DisplayWidth.cut("e\u0301e\u0301e\u0301", 2)).isEqualTo("e\u0301…");
        assertThat(DisplayWidth.cut("🎬🎬", 3)).isEqualTo("🎬…");
    }
}
