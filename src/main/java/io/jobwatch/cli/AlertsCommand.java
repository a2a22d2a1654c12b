package io.jobwatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.cli.client.Target;
import io.jobwatch.cli.screen.Cell;
import io.jobwatch.cli.screen.Moments;
import io.jobwatch.cli.screen.TextTable;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "alerts", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Lists what a person should look at, the latest first: jobs that are stuck or lost, sources that are down.",
        footer = {"", "Example:", "  jobwatch alerts --kind STUCK --source encoder-eu", "",
            "-o json prints {\"items\": [...], \"more\": true|false}, an item a line, each as GET /api/v1/alerts has it."})
final class AlertsCommand extends ListCommand {
    @ArgGroup
    private Which which;

    @Option(names = "--source", paramLabel = "NAME", description = "Only those of this source.")
    private Optional<String> source = Optional.empty();

    @Option(names = "--kind", paramLabel = "KIND", description = "Only those of this kind: STUCK, LOST or SOURCE_DOWN.")
    private Optional<String> kind = Optional.empty();

    /** One or the other. */
    private static final class Which {
        @Option(names = "--active", description = "Only those that have not ended (the default).")
        private boolean active;

        @Option(names = "--all", description = "Those that have ended, too; they are kept for 30 days.")
        private boolean all;
    }

    @Override
    Target list() {
        Target alerts = Target.of("alerts").with("source", source).with("kind", kind.map(word -> word.toUpperCase(Locale.ROOT)));
        return which != null && which.all ? alerts : alerts.with("active", true);
    }

    @Override
    TextTable table() {
        return new TextTable("KIND", "ACTIVE", "SINCE", "AGO", "NOTICED", "STATE", "KEY", "MESSAGE").right("AGO");
    }

    @Override
    void addRow(TextTable table, JsonNode alert, Moments moments) {
        boolean active = alert.path("active").asBoolean();
        table.row(Cell.of(Facts.text(alert, "kind").orElse("?"), active ? Cell.Colour.BAD : Cell.Colour.PLAIN),
                Cell.of(active ? "yes" : "ended"), Facts.absolute(alert, "since"),
                Facts.time(alert, "since", moments::since), Facts.absolute(alert, "detectedAt"),
                Facts.text(alert, "state").map(Cell::state).orElse(Cell.NONE), Cell.of(Facts.key(alert)), Facts.cell(alert, "message"));
    }

    @Override
    String none() {
        return which != null && which.all ? "no alerts" : "no active alerts";
    }

    @Override
    String more() {
        return "--limit N shows N";
    }
}
