package io.jobwatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.cli.client.Answer;
import io.jobwatch.cli.client.QueryClient;
import io.jobwatch.cli.client.Target;
import io.jobwatch.cli.screen.Cell;
import io.jobwatch.cli.screen.ForeignText;
import io.jobwatch.cli.screen.Screen;
import io.jobwatch.cli.screen.TextTable;
import io.jobwatch.topic.JobKey;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "explain", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Shows each observation of a job that is still in the topic, what was decided of it, and why; oldest first.",
        footer = {"", "Example:", "  jobwatch explain encoder-eu/nb:jid:UUID:1", "",
            "-o json prints the answer of GET /api/v1/jobs/{source}/{jobId}/explain."})
final class ExplainCommand extends QueryCommand {
    /** The server reads the topic for it. */
    private static final Duration LONGER = Duration.ofSeconds(30);

    @Parameters(paramLabel = "KEY", converter = JobKeyConverter.class, description = "<source>/<job id>, as lists show it.")
    private JobKey key;

    @Override
    int ask(QueryClient client, Screen screen) {
        Answer answer = client.get(Target.of("jobs", key.source(), key.jobId(), "explain"), LONGER);
        if (json()) {
            printJson(answer, screen);
        } else {
            print(answer.body(), screen);
        }
        noteAge(answer, screen);
        return 0;
    }

    private static void print(JsonNode explained, Screen screen) {
        screen.heading(ForeignText.line(Facts.key(explained)) + ", in " + ForeignText.line(explained.path("topic").asText()) + "-"
                + explained.path("partition").asInt());
        TextTable table = new TextTable("OFFSET", "SEEN", "ATTEMPT", "STATE", "DECISION").right("OFFSET", "ATTEMPT");
        for (JsonNode observation : explained.path("observations")) {
            JsonNode seen = observation.path("seen");
            boolean readable = seen.isObject();
            table.row(Cell.of(observation.path("offset").asLong()), readable ? Facts.absolute(seen, "observedAt") : Cell.NONE,
                    readable ? Cell.of(seen.path("attempt").asInt(1)) : Cell.NONE,
                    readable ? Facts.state(seen, "state") : Cell.of("(unreadable)", Cell.Colour.WARNING), decision(observation));
            Facts.text(observation, "why").ifPresent(table::note);
        }
        if (!table.isEmpty()) {
            table.print(screen);
        }
        explained.path("notes").forEach(note -> screen.line("Note: " + ForeignText.line(note.asText())));
    }

    private static Cell decision(JsonNode observation) {
        JsonNode decision = observation.path("decision");
        String uncertain = observation.path("certain").asBoolean(true) ? "" : " (uncertain)";
        String type = decision.path("type").asText("UNKNOWN");
        return switch (type) {
            case "CHANGED" -> Cell.of(changed(decision) + uncertain, Cell.Colour.GOOD);
            case "REFRESHED" -> Cell.of("newer facts" + uncertain);
            case "DROPPED" -> Cell.of("dropped: " + decision.path("reason").asText()
                    + (decision.path("kept").asBoolean() ? ", kept in part" : "") + uncertain, Cell.Colour.WARNING);
            case "DEAD_LETTER" -> Cell.of("dead letter: " + decision.path("reason").asText() + uncertain, Cell.Colour.BAD);
            case "UNKNOWN" -> Cell.of("unknown" + uncertain, Cell.Colour.WARNING);
            default -> Cell.of(type + uncertain);
        };
    }

    private static String changed(JsonNode decision) {
        String now = Facts.state(decision, "currentState").text();
        String before = Facts.text(decision, "previousState").map(state -> Cell.state(state).text() + " -> ").orElse("-> ");
        String number = decision.path("sequence").isNumber() ? "#" + decision.path("sequence").asLong() + " " : "";
        String skipped = StreamSupport.stream(decision.path("skippedStates").spliterator(), false)
                .map(state -> Cell.state(state.asText()).text()).collect(Collectors.joining(", "));
        String kind = switch (decision.path("kind").asText()) {
            case "DISCOVERED" -> " (discovered)";
            case "RESTARTED" -> " (restarted)";
            default -> "";
        };
        return number + before + now + kind + (skipped.isEmpty() ? "" : " (skipped " + skipped + ")");
    }
}
