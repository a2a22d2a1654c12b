package io.jobwatch.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jobwatch.cli.client.EventFollower;
import io.jobwatch.cli.client.ServerEvent;
import io.jobwatch.cli.screen.Cell;
import io.jobwatch.cli.screen.ForeignText;
import io.jobwatch.cli.screen.Moments;
import io.jobwatch.cli.screen.Screen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Prints a stream of transitions, a line each, and tells beside it what became of the connection. Ends when nobody reads any more. */
final class TailPrinter implements EventFollower.Listener {
    private static final JsonMapper MAPPER = new JsonMapper();
    /** The longest label of a state: Processing. */
    private static final int STATE_COLUMNS = 10;

    private final Screen screen;
    private final boolean json;

    TailPrinter(Screen screen, boolean json) {
        this.screen = screen;
        this.json = json;
    }

    @Override
    public boolean event(ServerEvent event) {
        JsonNode data;
        try {
            data = MAPPER.readTree(event.data());
        } catch (JsonProcessingException e) {
            screen.note("an event is left out, as it is no JSON: " + e.getOriginalMessage());
            return true;
        }
        if (event.type().equals("gap")) {
            screen.note(gap(data));
        } else if (event.type().equals("transition")) {
            screen.line(json ? OutputFormat.line(data) : line(data));
        }
        return !screen.lost();
    }

    @Override
    public void lost(String why, Duration pause) {
        screen.note(why + "; connecting again in " + Moments.text(pause));
    }

    @Override
    public void found() {
        screen.note("connected again");
    }

    @Override
    public void forgotten(String why) {
        screen.note("GAP: jobwatch cannot go on where this ended (" + why + "); what is new follows, what was between is missing here;"
                + " 'jobwatch jobs' shows how the jobs are now");
    }

    private String line(JsonNode transition) {
        Cell before = Facts.text(transition, "previousState").map(Cell::state).orElse(Cell.of(""));
        List<String> more = new ArrayList<>();
        String skipped = StreamSupport.stream(transition.path("skippedStates").spliterator(), false)
                .map(state -> Cell.state(state.asText()).text()).collect(Collectors.joining(", "));
        if (!skipped.isEmpty()) {
            more.add("skipped " + skipped);
        }
        if (transition.path("attempt").asInt(1) > 1) {
            more.add("attempt " + transition.path("attempt").asInt());
        }
        return Facts.absolute(transition, "occurredAt").text() + "  " + padded(before) + " -> "
                + padded(Facts.state(transition, "currentState")) + "  " + ForeignText.line(Facts.keyAndName(transition))
                + (more.isEmpty() ? "" : "  [" + String.join("; ", more) + "]");
    }

    private String padded(Cell state) {
        return screen.text(state) + " ".repeat(Math.max(0, STATE_COLUMNS - state.text().length()));
    }

    private static String gap(JsonNode data) {
        String where = StreamSupport.stream(data.path("partitions").spliterator(), false)
                .map(gap -> "partition " + gap.path("partition").asInt() + ", offsets " + gap.path("from").asLong() + " to "
                        + gap.path("to").asLong()).collect(Collectors.joining("; "));
        return "GAP: some transitions are no longer in the topic and are missing here (" + where
                + "); 'jobwatch jobs' shows how the jobs are now";
    }
}
