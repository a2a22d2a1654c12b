package io.jobwatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.cli.client.Answer;
import io.jobwatch.cli.client.QueryClient;
import io.jobwatch.cli.client.Target;
import io.jobwatch.cli.screen.Cell;
import io.jobwatch.cli.screen.ForeignText;
import io.jobwatch.cli.screen.Moments;
import io.jobwatch.cli.screen.Screen;
import io.jobwatch.cli.screen.TextTable;
import io.jobwatch.event.JobState;
import io.jobwatch.job.JobStates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;

@Command(name = "summary", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Counts jobs by source and state, and failed attempts by error code; names the job that has been queued longest.",
        footer = {"", "Example:", "  jobwatch summary -o json | jq .states.PROCESSING", "",
            "-o json prints the answer of GET /api/v1/summary."})
final class SummaryCommand extends QueryCommand {
    /** In the order in which a job passes them. */
    private static final List<JobState> STATES = List.of(JobState.QUEUED, JobState.SCHEDULED, JobState.PROCESSING, JobState.CANCELING,
            JobState.FINISHED, JobState.ERROR, JobState.CANCELED, JobState.UNKNOWN);

    @Override
    int ask(QueryClient client, Screen screen) {
        Answer answer = client.get(Target.of("summary"));
        if (json()) {
            printJson(answer, screen);
        } else {
            print(answer, screen);
        }
        noteAge(answer, screen);
        return 0;
    }

    private static void print(Answer answer, Screen screen) {
        JsonNode summary = answer.body();
        List<String> headings = new ArrayList<>(List.of("SOURCE", "JOBS"));
        STATES.forEach(state -> headings.add(JobStates.label(state).toUpperCase(Locale.ROOT)));
        headings.add("");   // numbers are never cut
        String[] columns = headings.toArray(String[]::new);
        TextTable counts = new TextTable(columns).right(Arrays.copyOfRange(columns, 1, columns.length));
        for (JsonNode source : summary.path("sources")) {
            counts.row(row(Facts.cell(source, "source"), source.path("states")));
        }
        counts.row(row(Cell.of("all", Cell.Colour.STRONG), summary.path("states")));
        counts.print(screen);
        screen.line("");
        JsonNode oldest = summary.path("oldestQueued");
        screen.line("queued longest: " + (oldest.isObject() ? ForeignText.line(Facts.keyAndName(oldest))
                + Facts.time(oldest, "changedAt").map(new Moments(answer.at())::both).map(when -> ", " + when).orElse("") : "none"));
        failures(summary.path("failures"), screen);
    }

    private static void failures(JsonNode failures, Screen screen) {
        if (failures.isEmpty()) {
            screen.line("failures: none");
            return;
        }
        screen.line("");
        TextTable table = new TextTable("FAILURES", "SOURCE", "CODE").right("FAILURES");
        failures.forEach(failure -> table.row(Cell.of(failure.path("count").asLong()), Facts.cell(failure, "source"),
                Facts.text(failure, "code").map(Cell::of).orElse(Cell.of("(no code)"))));
        table.print(screen);
    }

    private static Cell[] row(Cell name, JsonNode states) {
        List<Cell> cells = new ArrayList<>(List.of(name));
        long all = 0;
        List<Cell> counts = new ArrayList<>();
        for (JobState state : STATES) {
            long count = states.path(state.name()).asLong();
            all += count;
            counts.add(count == 0 ? Cell.of(0) : new Cell(Long.toString(count), Cell.state(state.name()).colour()));
        }
        cells.add(Cell.of(all));
        cells.addAll(counts);
        cells.add(Cell.of(""));
        return cells.toArray(Cell[]::new);
    }
}
