package io.jobwatch.cli;

import io.jobwatch.config.JobwatchConfig;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.access.Rights;
import io.jobwatch.topic.deadletter.DeadLetterReplay;
import io.jobwatch.topic.deadletter.LetterId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
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
        footer = {"", "Example:", "  jobwatch dead-letters replay 0:17 -c jobwatch.yaml", "",
            "Exit status: 1 if a letter that was named was not put back; with --all, letters that cannot be are no failure."})
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
        return Stop.interrupting(this::replay);
    }

    private int replay() {
        JobwatchConfig config = parent.config();
        ReplayReport report = new ReplayReport(spec.commandLine().getOut(), format.json(), all, dryRun);
        try (Closing closing = new Closing()) {
            Connections connections = Connections.openBeside(config, closing);
            Rights rights = new Rights(config.applicationId(), new TopicNames(config.topics().prefix()));
            connections.requireRights(dryRun ? rights.ofDeadLetters() : rights.ofReplay());
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
        return all || report.refused() == 0 ? 0 : CommandLineInterface.FAILED;
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
}
