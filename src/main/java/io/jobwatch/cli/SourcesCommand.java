package io.jobwatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.cli.client.Answer;
import io.jobwatch.cli.client.QueryClient;
import io.jobwatch.cli.client.Target;
import io.jobwatch.cli.screen.Cell;
import io.jobwatch.cli.screen.Moments;
import io.jobwatch.cli.screen.Screen;
import io.jobwatch.cli.screen.TextTable;
import java.time.Duration;
import picocli.CommandLine.Command;

@Command(name = "sources", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Shows how the polling of each source is doing: the last look that succeeded, and why the last one failed.",
            "HEALTH: failed (so many polls in a row), silent (nothing was heard of it for 100 s and its interval: no instance may be"
                    + " polling it), late (the last success is longer ago than 60 s and three intervals), bad items.",
            "Told after a failed poll and every 30 s; TOLD is how long ago. MISSED: states passed between two looks. BAD: items that could not"
                    + " be read. LAG: how late the last look was."},
        footer = {"", "Example:", "  jobwatch sources -o json | jq -r '.items[] | select(.failuresInRow > 0) | .source'", "",
            "-o json prints the answer of GET /api/v1/sources."})
final class SourcesCommand extends QueryCommand {

    @Override
    int ask(QueryClient client, Screen screen) {
        Answer answer = client.get(Target.of("sources"));
        if (json()) {
            printJson(answer, screen);
        } else {
            print(answer, screen);
        }
        noteAge(answer, screen);
        return 0;
    }

    private static void print(Answer answer, Screen screen) {
        Moments moments = new Moments(answer.at());
        TextTable table = new TextTable("SOURCE", "HEALTH", "TYPE", "ACCOUNT", "LAST SUCCESS", "AGO", "NEXT", "TOLD", "JOBS", "ACTIVE",
                "MISSED", "BAD", "LAG", "OWNER", "FAILURE").right("AGO", "NEXT", "TOLD", "JOBS", "ACTIVE", "MISSED", "BAD", "LAG");
        for (JsonNode source : answer.body().path("items")) {
            table.row(Facts.cell(source, "source"), SourceHealth.of(source, answer.at()), Facts.cell(source, "sourceType"),
                    Facts.cell(source, "account"), Facts.absolute(source, "lastSuccessAt"),
                    Facts.time(source, "lastSuccessAt", moments::since), Facts.time(source, "nextPollAt", moments::until),
                    Facts.time(source, "updatedAt", moments::since), number(source, "jobsSeen"),
                    number(source, "jobsActive"), number(source, "statesMissed"), number(source, "badItems"),
                    Cell.of(Moments.text(Duration.ofMillis(Math.max(0, source.path("lagMillis").asLong())))), Facts.cell(source, "owner"),
                    Facts.cell(source, "failure"));
        }
        if (table.isEmpty()) {
            screen.line("no sources");
        } else {
            table.print(screen);
        }
    }

    private static Cell number(JsonNode source, String field) {
        return Cell.of(source.path(field).asLong());
    }
}
