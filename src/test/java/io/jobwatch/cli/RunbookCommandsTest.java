package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.ParameterException;

/** Holds the commands that the runbooks tell people to type, half asleep, against the commands that there are. */
class RunbookCommandsTest {
    private static final Path RUNBOOKS = Path.of("ops", "runbooks");
    private static final Pattern FENCE = Pattern.compile("(?ms)^ *```[a-z]*\\n(.*?)^ *```");
    private static final Pattern INLINE = Pattern.compile("`((?:\\./)?jobwatch [a-z][^`]*)`");
    private static final Pattern COMMAND = Pattern.compile("^ *(?:\\./)?jobwatch (.*)");

    @Test
    void shouldOnlyQuoteCommandsThatExistWithTheirOptions() throws IOException {
        List<String> refused = new ArrayList<>();
        int commands = 0;
        for (Path runbook : runbooks()) {
            for (String command : commandsIn(Files.readString(runbook))) {
                commands++;
                refusal(command).ifPresent(why -> refused.add(runbook.getFileName() + ": jobwatch " + command + ": " + why));
            }
        }
        assertThat(refused).isEmpty();
        assertThat(commands).as("commands found in %s", RUNBOOKS).isGreaterThan(20);
    }

    @Test
    void shouldRefuseACommandOrAnOptionThatDoesNotExist() {
        assertThat(commandsIn("```\njobwatch sauces   # no such\njobwatch sources --fast | head\n```\nand `jobwatch jobs --state ODD`"))
                .containsExactly("sauces", "sources --fast", "jobs --state ODD")
                .allSatisfy(command -> assertThat(refusal(command)).isPresent());
    }

    private static List<Path> runbooks() throws IOException {
        try (Stream<Path> files = Files.list(RUNBOOKS)) {
            return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
        }
    }

    private static List<String> commandsIn(String text) {
        List<String> commands = new ArrayList<>();
        FENCE.matcher(text).results().flatMap(block -> block.group(1).lines()).forEach(line -> add(line, commands));
        INLINE.matcher(FENCE.matcher(text).replaceAll("")).results().forEach(code -> add(code.group(1), commands));
        return commands;
    }

    /** Adds what is typed after the name, without a comment and without what it is piped into. */
    private static void add(String line, List<String> commands) {
        Matcher command = COMMAND.matcher(line);
        if (command.matches()) {
            commands.add(command.group(1).replaceFirst("\\s+[#|]\\s.*", "").strip());
        }
    }

    private static Optional<String> refusal(String command) {
        try {
            CommandLineInterface.commandLine().parseArgs(command.split("\\s+"));
            return Optional.empty();
        } catch (ParameterException e) {
            return Optional.of(e.getMessage());
        }
    }
}
