package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.cli.DocumentationPages.Line;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParseResult;

/** The commands that the pages of this repository tell people to type, held against the commands that there are. */
class DocumentationCommandsTest {
    private static final Path RUNBOOKS = Path.of("ops", "runbooks");
    private static final Pattern CODE_SPAN = Pattern.compile("(?s)(`+)([^`].*?)\\1");
    private static final String IN_A_CONTAINER = "docker(?: compose)? exec(?: -\\S+)* \\S+ |kubectl (?:\\S+ )*?exec(?: -\\S+)* \\S+ -- ";
    /** With what jobwatch is called, here or in a container. */
    private static final Pattern COMMAND = Pattern.compile(
            "(?:[A-Z_]+=\\S+ )*(?:" + IN_A_CONTAINER + ")?(?:\\./|/opt/jobwatch/)?jobwatch (.*)"
            + "|docker run (?:.*? )?(?<!--name )(?:(?:localhost/jobwatch/)?jobwatch|IMAGE) (.*)");
    /** Stands for what the reader puts there. */
    private static final Pattern PLACEHOLDER = Pattern.compile("(?:…|\\.\\.\\.|[A-Z]+\\b|#).*");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

    /**
     * What follows {@code jobwatch}.
     *
     * @param whole whether it is to be typed as it is, so that nothing may be missing; in a sentence only what is spoken of may be named
     */
    private record Command(Line line, String text, boolean whole) {
        private Optional<String> refusal() {
            CommandLine commands = CommandLineInterface.commandLine();
            collectErrors(commands);
            List<String> words = words(text);
            words.remove("…");
            return errors(commands.parseArgs(words.toArray(String[]::new)))
                    .filter(error -> whole || !(error instanceof MissingParameterException)).findFirst()
                    .map(error -> line + ": jobwatch " + text + ": " + error.getMessage());
        }

        /** Else the first error hides the others: what is missing is looked for before what is unknown. */
        private static void collectErrors(CommandLine command) {
            command.getCommandSpec().parser().collectErrors(true);
            command.getSubcommands().values().forEach(Command::collectErrors);
        }

        private static Stream<Exception> errors(ParseResult result) {
            Stream<Exception> own = result.errors().stream();
            return result.hasSubcommand() ? Stream.concat(own, errors(result.subcommand())) : own;
        }
    }

    @Test
    void shouldTellOnlyCommandsThatAreUnderstood() throws IOException {
        List<Command> told = new ArrayList<>();
        for (Path page : DocumentationPages.all()) {
            told.addAll(commandsIn(DocumentationPages.lines(page)));
        }
        assertThat(told.stream().map(Command::refusal).flatMap(Optional::stream)).isEmpty();
        assertThat(told).filteredOn(Command::whole).filteredOn(command -> command.line().page().startsWith(RUNBOOKS))
                .as("commands found in %s", RUNBOOKS).hasSizeGreaterThan(20);
        assertThat(told).filteredOn(command -> !command.line().page().startsWith(RUNBOOKS)).as("commands found elsewhere")
                .hasSizeGreaterThan(40);
    }

    @Test
    void shouldFindCommandsWhereverTheyAreWritten() {
        assertThat(commands("page.md", """
                jobwatch polls, as `jobwatch` does; `jobwatch COMMAND` and `docker exec NAME jobwatch …` stand for any, and `jobwatch
                alerts --all` for one. `docker compose exec jobwatch cat token` is none of ours.
                | a table | `docker compose exec -T jobwatch jobwatch tail` | `./jobwatch dead-letters list\\|show -c FILE` |
                ```sh
                $ ./jobwatch summary      # a comment
                JOBWATCH_LOG_FORMAT=json jobwatch run -c jobwatch.yaml
                docker run -v jobwatch:/var/lib/jobwatch --name jobwatch IMAGE demo | head
                docker run -d jobwatch
                docker exec -it CONTAINER jobwatch sources
                kubectl -n jobwatch exec jobwatch-0 -- jobwatch doctor -c jobwatch.yaml
                systemctl status jobwatch
                ```
                """)).allSatisfy(command -> assertThat(command.refusal()).isEmpty())
                .extracting(command -> command.line().number() + " " + command.text()).containsExactlyInAnyOrder("1 alerts --all", "3 tail",
                        "3 dead-letters list|show -c FILE", "5 summary      # a comment", "6 run -c jobwatch.yaml", "7 demo | head",
                        "9 sources", "10 doctor -c jobwatch.yaml");
    }

    @Test
    void shouldRefuseACommandOrAnOptionThatDoesNotExist() {
        assertThat(commands("page.md", """
                ```
                jobwatch sauces   # no such
                jobwatch sources --fast | head
                jobwatch seed --from OLD
                ```
                and `jobwatch jobs --state ODD`, `jobwatch tale`
                | `docker run --rm IMAGE demos` | `kubectl exec POD -- jobwatch check --all` |
                """)).hasSize(7).allSatisfy(command -> assertThat(command.refusal()).isPresent());
    }

    @Test
    void shouldLetASentenceNameAPartOfACommandExceptInARunbook() {
        String sentence = "`jobwatch seed --from OLD`";

        assertThat(commands("page.md", sentence)).singleElement().satisfies(command -> assertThat(command.refusal()).isEmpty());
        assertThat(commands("ops/runbooks/Page.md", sentence)).singleElement().satisfies(command ->
                assertThat(command.refusal()).isPresent());
    }

    private static List<Command> commands(String page, String text) {
        return commandsIn(DocumentationPages.lines(Path.of(page), text.lines().toList()));
    }

    private static List<Command> commandsIn(List<Line> lines) {
        List<Command> commands = new ArrayList<>();
        List<Line> paragraph = new ArrayList<>();
        for (Line line : lines) {
            if (line.code()) {
                command(line, line.text().strip().replaceFirst("^\\$ ", "")).ifPresent(commands::add);
            }
            if (line.code() || line.text().isBlank()) {
                addSpans(paragraph, commands);
                paragraph.clear();
            } else {
                paragraph.add(line);
            }
        }
        addSpans(paragraph, commands);
        return commands;
    }

    /** A span of code may end in another line than it begins. */
    private static void addSpans(List<Line> paragraph, List<Command> commands) {
        String text = String.join("\n", paragraph.stream().map(Line::text).toList());
        Matcher span = CODE_SPAN.matcher(text);
        while (span.find()) {
            int linesBefore = (int) text.substring(0, span.start()).chars().filter(c -> c == '\n').count();
            command(paragraph.get(linesBefore), span.group(2).replace('\n', ' ').replace("\\|", "|")).ifPresent(commands::add);
        }
    }

    private static Optional<Command> command(Line line, String text) {
        Matcher command = COMMAND.matcher(text);
        if (!command.matches()) {
            return Optional.empty();
        }
        String arguments = (command.group(1) == null ? command.group(2) : command.group(1)).strip();
        return arguments.isEmpty() || PLACEHOLDER.matcher(arguments).matches() ? Optional.empty()
                : Optional.of(new Command(line, arguments, line.code() || line.page().startsWith(RUNBOOKS)));
    }

    /** {@return the arguments of a command as a shell would give them, without what is for people: comments, and choices by a bar} */
    private static List<String> words(String arguments) {
        String bare = arguments.replaceFirst("\\s+#.*", "").replaceFirst("\\s[|<>&;].*", "");
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(bare);
        while (word.find()) {
            String found = word.group(1) != null ? word.group(1) : word.group(2) != null ? word.group(2) : word.group(3);
            words.add(found.contains("|") && found.matches("[a-z|-]+") ? found.substring(0, found.indexOf('|')) : found);
        }
        return words;
    }
}
