package io.jobwatch.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;

class TerminalTest {

    @Test
    void shouldNotSendEscapeSequencesToADumbTerminal() {
        assertThat(Terminal.obeys(Map.of("TERM", "dumb")::get)).isFalse();
        assertThat(Terminal.obeys(Map.<String, String>of()::get)).isFalse();
        assertThat(Terminal.obeys(Map.of("TERM", "xterm-256color")::get)).isTrue();
    }

    @Test
    void shouldTakeTheWidthFromTheEnvironmentAndKeepHelpAsItIs() {
        CommandSpec command = CommandSpec.create();
        int helpWidth = command.usageMessage().width();

        assertThat(Terminal.width(command, Map.of("COLUMNS", "123")::get)).isEqualTo(123);
        assertThat(Terminal.width(command, Map.of("COLUMNS", "7")::get)).isEqualTo(40);
        assertThat(Terminal.width(command, Map.of("COLUMNS", "wide")::get)).isBetween(40, 10_000);
        assertThat(command.usageMessage().width()).isEqualTo(helpWidth);
    }
}
