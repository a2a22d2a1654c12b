package io.jobwatch.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jobwatch.config.JobwatchConfig;
import io.jobwatch.source.Printable;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.deadletter.DeadLetterReplay;
import io.jobwatch.topic.deadletter.DeadLetterReplay.Outcome;
import io.jobwatch.topic.deadletter.DeadLetterReplay.Refused;
import io.jobwatch.topic.deadletter.DeadLetterReplay.Replayed;
import io.jobwatch.topic.deadletter.LetterId;
import io.jobwatch.topic.deadletter.Place;
import io.jobwatch.topic.deadletter.Refusal;
import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "replay", mixinStandardHelpOptions = true, description = {
    "Puts records that became dead letters back into job-state-events, each into the partition that it came from, once what was wrong is"
            + " mended. Items that a service listed cannot be put back: the next poll reads the service again.",
    "It is safe at any time: an event that is old by then is judged as any stale look at a job, and changes nothing that is known better."
            + " A record that still cannot be processed becomes a new dead letter.",
    "The record has the header jobwatch.replayed-from; a note beside the letter, written in the same transaction, keeps it from being put"
            + " back a second time."},
        footer = {"", "Exit status: 1 if a letter that was named was not put back; with --all, letters that cannot be are no failure."})
final class DeadLettersReplayCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @ParentCommand
    private DeadLettersCommand parent;

    @Parameters(paramLabel = "ID", arity = "0..*", converter = LetterIdConverter.class,
            description = "As list names them: <partition>:<offset>.")
    private List<LetterId> ids = List.of();

    @Option(names = "--all", description = "All that can be put back and were not yet, or of them those that the filters name.")
    private boolean all;

    @Mixin
    private LetterFilterOptions filter;

    @Option(names = "--again", description = "Those too that were put back before.")
    private boolean again;

    @Option(names = "--dry-run", description = "Say what would be done, and do nothing.")
    private boolean dryRun;

    @Mixin
    private OutputFormat format;

    @Override
    public Integer call() {
        requireOneWay();
        JobwatchConfig config = parent.config();
        Report report = new Report();
        try (Closing closing = new Closing()) {
            Connections connections = Connections.openBeside(config, closing);
            DeadLetterReplay replay = new DeadLetterReplay(connections.kafka(), new TopicNames(config.topics().prefix()),
                    config.applicationId(), new DeadLetterReplay.Mode(dryRun, again));
            closing.then("replay", replay);
            if (all) {
                replay.replay(filter.filter(Optional.empty()), report::take);
            } else {
                replay.replay(ids, report::take);
            }
        } finally {
            report.end();   // what was done before a failure is done
        }
        return all || report.refused.isEmpty() ? 0 : CommandLineInterface.FAILED;
    }

    private void requireOneWay() {
        String wrong = null;
        if (all && !ids.isEmpty()) {
            wrong = "name ids or give --all, not both";
        } else if (!all && ids.isEmpty()) {
            wrong = "name at least one id, or give --all";
        } else if (!all && filter.any()) {
            wrong = "--source, --reason and --since go with --all";
        }
        if (wrong != null) {
            throw new CommandLine.ParameterException(spec.commandLine(), wrong);
        }
    }

    /** Prints what becomes of the letters. */
    private final class Report {
        private final PrintWriter out = spec.commandLine().getOut();
        private final ObjectNode json = JsonNodeFactory.instance.objectNode().put("dryRun", dryRun);
        private final Map<Refusal, Integer> refused = new EnumMap<>(Refusal.class);
        private int replayed;

        private Report() {
            json.putArray("items");
        }

        private void take(Outcome outcome) {
            ObjectNode item = json.withArray("items").addObject().put("id", outcome.letter().toString());
            if (outcome instanceof Replayed done) {
                replayed++;
                item.put("outcome", dryRun ? "possible" : "replayed").set("from", LetterDisplay.json(done.from()));
                done.to().ifPresent(to -> item.set("to", LetterDisplay.json(to)));
                line((dryRun ? "would put back  " : "put back  ") + outcome.letter() + " from " + done.from()
                        + done.to().map(Place::toString).map(to -> " to " + to).orElse(""));
            } else if (outcome instanceof Refused left) {
                Refusal refusal = left.reason().refusal();
                refused.merge(refusal, 1, Integer::sum);
                item.put("outcome", "refused").put("refusal", refusal.name()).put("why", left.reason().why());
                // There may be thousands of these, and nobody asked for them one by one.
                if (!all || refusal != Refusal.POLL_ITEM && refusal != Refusal.REPLAYED) {
                    line("left      " + outcome.letter() + ": " + Printable.escaped(left.reason().why())
                            + (refusal == Refusal.REPLAYED ? "; --again does it once more" : ""));
                }
            }
        }

        private void line(String text) {
            if (!format.json()) {
                out.println(text);
            }
        }

        private void end() {
            int left = refused.values().stream().mapToInt(Integer::intValue).sum();
            if (format.json()) {
                out.println(OutputFormat.text(json.put("replayed", replayed).put("refused", left)));
            } else {
                String why = refused.entrySet().stream().map(entry -> entry.getValue() + " " + words(entry.getKey()))
                        .collect(Collectors.joining(", "));
                out.println((dryRun ? "would put back " : "put back ") + replayed + ", left " + left + (left == 0 ? "" : " (" + why + ")"));
            }
        }

        private static String words(Refusal refusal) {
            return switch (refusal) {
                case NOT_THERE -> "not there";
                case POLL_ITEM -> "items of polls, which are read again";
                case NO_PLACE -> "of unknown places";
                case OUTPUT -> "of topics that jobwatch writes";
                case CUT -> "cut";
                case REPLAYED -> "put back before";
            };
        }
    }
}
