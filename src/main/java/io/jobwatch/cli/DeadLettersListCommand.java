package io.jobwatch.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jobwatch.cli.screen.TextTable;
import io.jobwatch.config.JobwatchConfig;
import io.jobwatch.source.Printable;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.access.Rights;
import io.jobwatch.topic.deadletter.DeadLetter;
import io.jobwatch.topic.deadletter.DeadLetterReader;
import io.jobwatch.topic.deadletter.LetterFilter;
import io.jobwatch.topic.deadletter.LetterList;
import io.jobwatch.topic.deadletter.ReplayNote;
import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "list", mixinStandardHelpOptions = true, description = {
    "Lists dead letters, the newest last, each with its id <partition>:<offset>. Reads the whole topic, or what came --since."},
        footer = {"", "Example:", "  jobwatch dead-letters list --since 1d -c jobwatch.yaml"})
final class DeadLettersListCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @ParentCommand
    private DeadLettersCommand parent;

    @Mixin
    private LetterFilterOptions filter;

    @Mixin
    private OutputFormat format;

    @Option(names = "--origin", description = "Only those of this origin: poll (items that a service listed) or stream (records).")
    private Origin origin;

    @Option(names = "--limit", defaultValue = "100", paramLabel = "N", description = "The newest N (default ${DEFAULT-VALUE}).")
    private int limit;

    enum Origin { POLL, STREAM }

    @Override
    public Integer call() {
        if (limit < 1) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--limit must be at least 1, not " + limit);
        }
        return Stop.interrupting(this::list);
    }

    private int list() {
        LetterFilter wanted = filter.filter(Optional.ofNullable(origin).map(one -> one.name().toLowerCase(Locale.ROOT)));
        JobwatchConfig config = parent.config();
        LetterList letters;
        try (Closing closing = new Closing()) {
            Connections connections = Connections.openBeside(config, closing);
            connections.requireRights(new Rights(config.applicationId(), new TopicNames(config.topics().prefix())).ofDeadLetters());
            DeadLetterReader reader =
                    new DeadLetterReader(connections.kafka(), new TopicNames(config.topics().prefix()).deadLetters());
            closing.then("reader", reader);
            letters = LetterList.read(reader, wanted, limit);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (format.json()) {
            out.println(OutputFormat.text(json(letters)));
        } else {
            print(letters, out);
        }
        return 0;
    }

    private static ObjectNode json(LetterList letters) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        letters.items().forEach(item -> json.withArray("items").add(LetterDisplay.json(item.letter(), item.replayed())));
        json.withArray("items");
        return json.put("matching", letters.matching());
    }

    private static void print(LetterList letters, PrintWriter out) {
        if (letters.items().isEmpty()) {
            out.println("no dead letters");
            return;
        }
        TextTable table = new TextTable("ID", "TIME", "ORIGIN", "FROM", "KEY", "REPLAYED", "REASON");
        for (LetterList.Item item : letters.items()) {
            DeadLetter letter = item.letter();
            table.row(letter.id().toString(), letter.time().truncatedTo(ChronoUnit.SECONDS).toString(), Printable.quote(letter.origin()),
                    LetterDisplay.from(letter), LetterDisplay.shortKey(letter.key()),
                    item.replayed().map(ReplayNote::at).map(at -> at.truncatedTo(ChronoUnit.SECONDS).toString())
                            .or(() -> letter.replayedFrom().map(first -> "was " + first)).orElse(LetterDisplay.NONE),
                    LetterDisplay.why(letter));
        }
        table.print(out);
        if (letters.matching() > letters.items().size()) {
            out.println("the newest " + letters.items().size() + " of " + letters.matching() + "; --limit shows more");
        }
    }
}
