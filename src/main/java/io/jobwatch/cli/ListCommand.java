package io.jobwatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.cli.client.Answer;
import io.jobwatch.cli.client.Pages;
import io.jobwatch.cli.client.QueryClient;
import io.jobwatch.cli.client.Target;
import io.jobwatch.cli.screen.Moments;
import io.jobwatch.cli.screen.Screen;
import io.jobwatch.cli.screen.TextTable;
import picocli.CommandLine.Option;

/**
 * A command that shows a list that is asked for page by page, each page printed before the next one is asked for. For scripts it is one
 * JSON object, {@code items} (one a line) before {@code more}: an output that was cut off is no valid JSON.
 */
abstract class ListCommand extends QueryCommand {
    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "The most to show (default ${DEFAULT-VALUE}).")
    private int limit;

    /** {@return what is asked for, with its filters} */
    abstract Target list();

    abstract TextTable table();

    abstract void addRow(TextTable table, JsonNode item, Moments moments);

    /** {@return what is said where there is nothing} */
    abstract String none();

    /** {@return whether the limit is lifted} */
    boolean unlimited() {
        return false;
    }

    /** {@return how to see more than the limit} */
    abstract String more();

    @Override
    final int ask(QueryClient client, Screen screen) {
        if (limit < 1) {
            throw wrong("--limit must be at least 1, not " + limit);
        }
        Pages pages = new Pages(client::get, list(), unlimited() ? Long.MAX_VALUE : limit);
        return json() ? printJson(pages, screen) : printTable(pages, screen);
    }

    private int printTable(Pages pages, Screen screen) {
        TextTable table = table();
        boolean any = false;
        boolean aged = false;
        while (pages.hasNext() && !screen.lost()) {
            Answer page = pages.next();
            Moments moments = new Moments(page.at());
            page.body().path("items").forEach(item -> addRow(table, item, moments));
            any |= !page.body().path("items").isEmpty();
            if (any) {
                table.print(screen);
            }
            if (!aged) {
                noteAge(page, screen);
            }
            aged |= page.stale();
        }
        if (!any) {
            screen.line(none());
        }
        if (pages.more() && !screen.lost()) {
            screen.note("there are more: " + more());
        }
        return 0;
    }

    private int printJson(Pages pages, Screen screen) {
        boolean aged = false;
        String before = "{\"items\":[";
        while (pages.hasNext() && !screen.lost()) {
            Answer page = pages.next();
            for (JsonNode item : page.body().path("items")) {
                screen.out().println(before);
                screen.out().print(OutputFormat.line(item));
                before = ",";
            }
            if (!aged) {
                noteAge(page, screen);
            }
            aged |= page.stale();
        }
        screen.line((before.equals(",") ? "\n" : before) + "],\"more\":" + pages.more() + (aged ? ",\"stale\":true}" : "}"));
        return 0;
    }
}
