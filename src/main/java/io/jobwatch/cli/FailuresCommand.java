package io.jobwatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.cli.client.Target;
import io.jobwatch.cli.screen.Cell;
import io.jobwatch.cli.screen.Moments;
import io.jobwatch.cli.screen.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "failures", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Lists the attempts of jobs that ended in an error, the latest first, each with its first error code and message.",
        footer = {"", "Example:", "  jobwatch failures --code ErrorProcessingTask --since 1d", "",
            "-o json prints {\"items\": [...], \"more\": true|false}, an item a line, each as GET /api/v1/failures has it."})
final class FailuresCommand extends ListCommand {
    @Option(names = "--source", paramLabel = "NAME", description = "Only those of this source.")
    private Optional<String> source = Optional.empty();

    @Option(names = "--code", paramLabel = "CODE", description = "Only those with this error code.")
    private Optional<String> code = Optional.empty();

    @Option(names = "--since", paramLabel = "TIME",
            description = "Only those seen since then: a time such as 2026-11-22T10:00:00Z, or a duration before now such as 15m.")
    private Optional<String> since = Optional.empty();

    @Option(names = "--all", description = "Show all, without a limit.")
    private boolean all;

    /** An error of a task. */
    private record Failure(String code, String message) {
    }

    @Override
    Target list() {
        return Target.of("failures").with("source", source).with("code", code).with("since", since);
    }

    @Override
    boolean unlimited() {
        return all;
    }

    @Override
    TextTable table() {
        return new TextTable("SEEN", "AGO", "KEY", "ATTEMPT", "CODE", "MESSAGE").right("AGO", "ATTEMPT");
    }

    @Override
    void addRow(TextTable table, JsonNode report, Moments moments) {
        List<Failure> failures = failures(report);
        Failure first = failures.isEmpty() ? new Failure("", "") : failures.get(0);
        String others = failures.size() < 2 ? "" : " +" + (failures.size() - 1);
        table.row(Facts.absolute(report, "observedAt"), Facts.time(report, "observedAt", moments::since), Cell.of(Facts.key(report)),
                Cell.of(report.path("attempt").asInt(1)),
                first.code().isEmpty() && others.isEmpty() ? Cell.NONE : Cell.of((first.code() + others).strip(), Cell.Colour.BAD),
                Cell.of(first.message().isEmpty() ? reason(report) : first.message()));
    }

    private static List<Failure> failures(JsonNode report) {
        List<Failure> failures = new ArrayList<>();
        for (JsonNode task : report.path("tasks")) {
            for (JsonNode error : task.path("errors")) {
                failures.add(new Failure(error.path("code").asText(""), error.path("message").asText("")));
            }
        }
        return failures;
    }

    private static String reason(JsonNode report) {
        return Facts.text(report, "nativeReason")
                .orElse(report.path("detailsAvailable").asBoolean() ? "-" : "(details not available)");
    }

    @Override
    String none() {
        return "no failures";
    }

    @Override
    String more() {
        return "--limit N shows N, --all shows all";
    }
}
