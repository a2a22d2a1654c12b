package io.jobwatch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignTextTest {

    @Test
    void shouldLeaveTextThatPeopleWriteAsItIs() {
        for (String text : new String[] {"", "Encoding Ødegård's Fjord", "映画 \\n", "𝄞 e\u0301", "می\u200cخواهم", "👩\u200d🚀"}) {
            assertThat(ForeignText.line(text)).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x1b, 0x7f, 0x9b, 0x85, 0x2028, 0x2029, 0x202e, 0x2066, 0x200e, 0x61c, 0x200b, 0xfeff, 0xe0041, 0xd800})
    void shouldShowWhatATerminalWouldObeyOrNobodyWouldSeeAsItsNumber(int hidden) {
        String text = "a" + (hidden == 0xd800 ? "\ud800" : Character.toString(hidden)) + "b";

        String line = ForeignText.line(text);

        assertThat(line).matches("a(\\\\u[0-9a-f]{4}){1,2}b");
        assertThat(line.codePoints()).allMatch(c -> c > 0x1f && c < 0x7f);
    }

    @Test
    void shouldKeepALineALine() {
        assertThat(ForeignText.line("a\r\n\tb\u001b[2J")).isEqualTo("a\\r\\n\\tb\\u001b[2J");
    }

    @Test
    void shouldKeepTheMeaningOfJson() throws Exception {
        String json = "{\n\t\"name\": \"a\u202eb\u009b\udb40\udc41\\n\"\r\n}";

        String shown = ForeignText.json(json);

        assertThat(shown).startsWith("{\n\t\"name\"").contains("a\\u202eb\\u009b\\udb40\\udc41\\n");
        assertThat(new ObjectMapper().readTree(shown)).isEqualTo(new ObjectMapper().readTree(json));
    }
}
