package io.jobwatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.cli.client.Target;
import io.jobwatch.cli.screen.Cell;
import io.jobwatch.cli.screen.Moments;
import io.jobwatch.cli.screen.TextTable;
import io.jobwatch.event.JobState;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "jobs", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Lists jobs, the newest change first. A job that changes while many pages are read may be missing.",
        footer = {"", "Examples:", "  jobwatch jobs --state ERROR,CANCELED --changed-since 1h",
            "  jobwatch jobs --all -o json | jq -r '.items[] | select(.attempt > 1) | .jobId'", "",
            "-o json prints {\"items\": [...], \"more\": true|false}, an item a line, each as GET /api/v1/jobs has it."})
final class JobsCommand extends ListCommand {
    @Option(names = "--source", paramLabel = "NAME", description = "Only those of this source.")
    private Optional<String> source = Optional.empty();

    @Option(names = "--account", paramLabel = "NAME", description = "Only those of this account or cluster.")
    private Optional<String> account = Optional.empty();

    @Option(names = "--state", paramLabel = "STATE", split = ",",
            description = "Only those in one of these states: ${COMPLETION-CANDIDATES}.")
    private List<JobState> states = List.of();

    @Option(names = "--name", paramLabel = "TEXT", description = "Only those whose name holds this, in any case.")
    private Optional<String> name = Optional.empty();

    @Option(names = "--changed-since", paramLabel = "TIME",
            description = "Only those that changed since then: a time such as 2026-11-22T10:00:00Z, or a duration before now such as 15m.")
    private Optional<String> changedSince = Optional.empty();

    @Option(names = "--all", description = "Show all, without a limit.")
    private boolean all;

    @Override
    Target list() {
        return Target.of("jobs").with("source", source).with("account", account).withEach("state", states).with("name", name)
                .with("changedSince", changedSince);
    }

    @Override
    boolean unlimited() {
        return all;
    }

    @Override
    TextTable table() {
        return new TextTable("STATE", "DONE", "CHANGED", "AGO", "KEY", "NAME").right("DONE", "AGO");
    }

    @Override
    void addRow(TextTable table, JsonNode job, Moments moments) {
        Cell state = Facts.state(job, "state");
        boolean lost = Facts.time(job, "lostAt").isPresent();
        table.row(lost ? Cell.of(state.text() + ", lost", Cell.Colour.WARNING) : state, Facts.progress(job),
                Facts.absolute(job, "changedAt"), Facts.time(job, "changedAt", moments::since), Cell.of(Facts.key(job)),
                Facts.cell(job, "jobName"));
    }

    @Override
    String none() {
        return "no jobs";
    }

    @Override
    String more() {
        return "--limit N shows N, --all shows all";
    }
}
