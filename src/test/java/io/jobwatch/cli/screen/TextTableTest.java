package io.jobwatch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.cli.screen.Cell.Colour;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TextTableTest {
    private final StringWriter printed = new StringWriter();
    private final PrintWriter out = new PrintWriter(printed);

    @Test
    void shouldAlignWhatTakesTwoColumnsOrNone() {
        TextTable table = new TextTable("NAME", "N", "END").right("N");
        table.row("映画", "1", "x");
        table.row("e\u0301tude", "100", "y");
        table.print(Screen.plain(out, out));

        assertThat(printed).hasToString("""
                NAME     N  END
                映画     1  x
                e\u0301tude  100  y
                """);
    }

    @Test
    void shouldCutTheLastColumnOnATerminalOnly() {
        TextTable table = new TextTable("KEY", "NAME");
        table.row("a-key-that-is-copied", "a name that is longer than what is left of the line");
        table.note("a note that is longer than the terminal is wide, by a little");
        table.print(new Screen(out, out, OptionalInt.of(54), false));
        assertThat(printed.toString().lines()).contains("a-key-that-is-copied  a name that is longer than what…",
                "      a note that is longer than the terminal is wide, by a little");

        table.row("another", "a name that is longer than what is left of the line");
        table.print(Screen.plain(out, out));
        assertThat(printed.toString()).endsWith("another               a name that is longer than what is left of the line\n");
    }

    @Test
    void shouldShowTheLastColumnWholeBelowWhereTooLittleIsLeftForIt() {
        TextTable table = new TextTable("KEY", "REASON");
        table.row("a-key-that-is-copied", "https://encoder/api/Jobs: 503");
        table.row("another", "-");
        table.row("a third", "short");
        table.note("a note");
        table.print(new Screen(out, out, OptionalInt.of(50), false));

        assertThat(printed).hasToString("""
                KEY
                      REASON
                a-key-that-is-copied
                      https://encoder/api/Jobs: 503
                another
                a third
                      short
                      a note
                """);
    }

    @Test
    void shouldNotLetATerminalBreakARow() {
        TextTable table = new TextTable("KIND", "NUMBER", "KEY", "STATE", "MESSAGE").right("NUMBER");
        table.row("STUCK", "1", "a-key-of-twenty-char", "Queued", "a message that is longer than all of the terminal is wide");
        table.row("LOST", "12", "k", "Processing", "gone");
        table.print(new Screen(out, out, OptionalInt.of(42), false));

        assertThat(printed).hasToString("""
                KIND   NUMBER  KEY
                      STATE
                      MESSAGE
                STUCK       1  a-key-of-twenty-char
                      Queued
                      a message that is longer than all of the terminal is wide
                LOST       12  k
                      Processing
                      gone
                """);
    }

    @Test
    void shouldFillALineToItsLastColumn() {
        TextTable table = new TextTable("A", "B", "C");
        table.row("1234", "5678", "90");
        table.print(new Screen(out, out, OptionalInt.of(14), false));

        assertThat(printed).hasToString("A     B     C\n1234  5678  90\n");
    }

    @Test
    void shouldColourWithoutMovingColumns() {
        TextTable table = new TextTable("STATE", "N", "END").right("N");
        table.row(Cell.state("ERROR"), Cell.of("7", Colour.WARNING), Cell.of("x\u001b[0m"));
        table.print(new Screen(out, out, OptionalInt.of(80), true));

        assertThat(printed).hasToString("STATE  N  END\n\u001b[31mError\u001b[0m  \u001b[33m7\u001b[0m  x\\u001b[0m\n");
    }

    @Test
    void shouldGoOnWithTheColumnsOfThePageBefore() {
        TextTable table = new TextTable("KEY", "NAME");
        table.row("a-long-key", "x");
        table.print(Screen.plain(out, out));
        table.row("k", "y");
        table.print(Screen.plain(out, out));

        assertThat(printed).hasToString("KEY         NAME\na-long-key  x\nk           y\n");
    }

    @Test
    void shouldShowAStateThatItDoesNotKnow() {
        assertThat(Cell.state("PAUSED\u001b").text()).isEqualTo("PAUSED\\u001b");
        assertThat(Cell.state("CANCELING").text()).isEqualTo("Canceling");
    }
}
