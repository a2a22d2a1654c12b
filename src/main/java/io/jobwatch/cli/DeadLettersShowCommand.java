package io.jobwatch.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jobwatch.config.JobwatchConfig;
import io.jobwatch.source.Printable;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.access.Rights;
import io.jobwatch.topic.deadletter.DeadLetterReader;
import io.jobwatch.topic.deadletter.LetterId;
import io.jobwatch.topic.deadletter.LetterValue;
import io.jobwatch.topic.deadletter.ReplayNote;
import io.jobwatch.topic.deadletter.WholeLetter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.apache.kafka.common.header.Header;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "show", mixinStandardHelpOptions = true,
        description = "Shows one dead letter: its headers, its key, its value as bytes and, as far as it can be read, as text or Avro.",
        footer = {"", "Example:", "  jobwatch dead-letters show 0:17 -c jobwatch.yaml"})
final class DeadLettersShowCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @ParentCommand
    private DeadLettersCommand parent;

    @Mixin
    private OutputFormat format;

    @Parameters(paramLabel = "ID", converter = LetterIdConverter.class, description = "As list names it: <partition>:<offset>.")
    private LetterId id;

    @Option(names = "--bytes", defaultValue = "512", paramLabel = "N",
            description = "How many bytes of the value to show (default ${DEFAULT-VALUE}); -o json holds all.")
    private int bytes;

    @Override
    public Integer call() {
        if (bytes < 0) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--bytes must be at least 0, not " + bytes);
        }
        return Stop.interrupting(this::show);
    }

    private int show() {
        JobwatchConfig config = parent.config();
        PrintWriter out = spec.commandLine().getOut();
        try (Closing closing = new Closing()) {
            Connections connections = Connections.openBeside(config, closing);
            connections.requireRights(new Rights(config.applicationId(), new TopicNames(config.topics().prefix())).ofDeadLetters());
            DeadLetterReader reader =
                    new DeadLetterReader(connections.kafka(), new TopicNames(config.topics().prefix()).deadLetters());
            closing.then("reader", reader);
            WholeLetter letter = WholeLetter.read(reader, id).orElseThrow(() -> new CommandException("there is no dead letter " + id
                    + ", or no longer (jobwatch dead-letters list shows those that are there)"));
            LetterValue value = LetterValue.of(letter.value(), connections.registry());
            if (format.json()) {
                out.println(OutputFormat.text(json(letter, value)));
            } else {
                print(letter, value, out);
            }
        }
        return 0;
    }

    private static ObjectNode json(WholeLetter letter, LetterValue value) {
        ObjectNode json = LetterDisplay.json(letter.letter(), letter.replayed());
        for (Header header : letter.headers()) {
            json.withArray("headers").addObject().put("name", header.key())
                    .put("value", header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8));
        }
        json.put("valueBase64", letter.value());
        ObjectNode read = json.putObject("decoded");
        if (value instanceof LetterValue.Text text) {
            read.put("format", "text").put("text", text.text());
        } else if (value instanceof LetterValue.Avro avro) {
            read.put("format", "avro").put("schemaId", avro.schemaId()).put("schema", avro.schema())
                    .put("trouble", avro.trouble().orElse(null)).set("fields", avro.fields());
        } else if (value instanceof LetterValue.Bytes unknown) {
            read.put("format", "bytes").put("trouble", unknown.why());
        } else {
            read.put("format", "none");
        }
        return json;
    }

    private void print(WholeLetter letter, LetterValue value, PrintWriter out) {
        out.println("dead letter " + letter.letter().id() + " of " + letter.letter().time());
        out.println("  origin    " + Printable.escaped(letter.letter().origin()));
        out.println("  reason    " + LetterDisplay.why(letter.letter()));
        out.println("  from      " + LetterDisplay.from(letter.letter()));
        out.println("  key       " + LetterDisplay.line(letter.letter().key()));
        out.println("  replayed  " + letter.replayed().map(DeadLettersShowCommand::replayed).orElse("no")
                + letter.letter().replayedFrom().map(first -> "; it is itself what became of the replay of " + first).orElse(""));
        out.println("headers");
        for (Header header : letter.headers()) {
            out.println("  " + Printable.escaped(header.key()) + ": " + LetterDisplay.line(header.value()));
        }
        if (letter.value() != null) {
            int shown = Math.min(bytes, letter.value().length);
            out.println("value, " + letter.value().length + " bytes" + (letter.letter().cut() ? " (cut: there were more)" : "")
                    + (shown < letter.value().length ? ", of which " + shown : ""));
            HexDump.print(letter.value(), shown, "  ", out);
        }
        print(value, out);
    }

    private static String replayed(ReplayNote note) {
        return "at " + note.at() + " to " + Printable.escaped(note.to());
    }

    private static void print(LetterValue value, PrintWriter out) {
        if (value instanceof LetterValue.Text text) {
            out.println("which is text");
            out.println("  " + Printable.escaped(text.text()));
        } else if (value instanceof LetterValue.Avro avro) {
            out.println("which is Avro of schema " + avro.schemaId() + ", " + Printable.escaped(avro.schema()));
            OutputFormat.text(avro.fields()).lines().forEach(line -> out.println("  " + line));
            avro.trouble().ifPresent(trouble -> out.println("the rest cannot be read: " + Printable.escaped(trouble)));
        } else if (value instanceof LetterValue.Bytes unknown) {
            out.println("which cannot be read: " + Printable.escaped(unknown.why()));
        } else {
            out.println("no value");
        }
    }
}
