package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.cli.screen.TextTable;
import io.jobwatch.topic.deadletter.DeadLetter;
import io.jobwatch.topic.deadletter.LetterId;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LetterDisplayTest {

    @Test
    void shouldShowAKeyWhateverItHolds() {
        assertThat(LetterDisplay.shortKey(null)).isEqualTo("-");
        assertThat(LetterDisplay.shortKey(utf8("encoder-eu/ü\u001b[2J\u009b\n"))).isEqualTo("encoder-eu/ü\\u001b[2J\\u009b\\n");
        assertThat(LetterDisplay.shortKey(new byte[] {'a', (byte) 0xff})).isEqualTo("0x61ff");
        assertThat(LetterDisplay.line(null)).isEqualTo("(none)");
        assertThat(LetterDisplay.line(new byte[] {'a', (byte) 0xff})).isEqualTo("0x61ff");
    }

    @Test
    void shouldCutALongKeyBetweenCharacters() {
        assertThat(LetterDisplay.shortKey(utf8("𝄞".repeat(60)))).isEqualTo("𝄞".repeat(60));
        assertThat(LetterDisplay.shortKey(utf8("𝄞".repeat(61)))).isEqualTo("𝄞".repeat(59) + "…");
        assertThat(LetterDisplay.shortKey(new byte[100_000])).hasSize(60);
        assertThat(LetterDisplay.line(utf8("𝄞".repeat(61)))).isEqualTo("𝄞".repeat(61));
    }

    @Test
    void shouldNameTheReasonOnce() {
        assertThat(LetterDisplay.why(letter("BAD_KEY", "BAD_KEY: the key is null"))).isEqualTo("BAD_KEY: the key is null");
        assertThat(LetterDisplay.why(letter("BAD_ITEM", "no\tId"))).isEqualTo("BAD_ITEM: no\\tId");
    }

    @Test
    void shouldEscapeWhatATerminalMayObeyInJson() {
        DeadLetter letter = letter("BAD_ITEM", "\u001b[31m \u009b31m \u007f ü \"");

        assertThat(OutputFormat.text(LetterDisplay.json(letter, Optional.empty())))
                .contains("\"message\" : \"\\u001B[31m \\u009b31m \\u007f ü \\\"\"");
    }

    @Test
    void shouldAlignColumns() {
        StringWriter text = new StringWriter();
        TextTable table = new TextTable("ID", "KEY", "REASON");
        table.row("10:2000", "𝄞/1", "a");
        table.row("1:2", "encoder/1", "b c");
        PrintWriter out = new PrintWriter(text);
        table.print(out);
        out.flush();

        assertThat(text.toString()).isEqualToNormalizingNewlines("""
                ID       KEY        REASON
                10:2000  𝄞/1        a
                1:2      encoder/1  b c
                """);
    }

    @Test
    void shouldDumpBytesInHexadecimal() {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        HexDump.print(utf8("no Avro, \u001b but text\nmore"), 20, "  ", out);
        out.flush();

        assertThat(text.toString().lines()).containsExactly(
                "  00000000  6e 6f 20 41 76 72 6f 2c 20 1b 20 62 75 74 20 74  |no Avro, . but t|",
                "  00000010  65 78 74 0a                                      |ext.|");
    }

    private static DeadLetter letter(String reason, String message) {
        return new DeadLetter(new LetterId(0, 1), Instant.EPOCH, "stream", reason, message, "java.lang.Exception", Optional.empty(),
                Optional.empty(), null, -1, false, Optional.empty());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
