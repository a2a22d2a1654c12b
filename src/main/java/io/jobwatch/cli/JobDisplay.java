package io.jobwatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.jobwatch.cli.client.Answer;
import io.jobwatch.cli.screen.Cell;
import io.jobwatch.cli.screen.ForeignText;
import io.jobwatch.cli.screen.Moments;
import io.jobwatch.cli.screen.Screen;
import io.jobwatch.cli.screen.TextTable;
import io.jobwatch.event.JobState;
import io.jobwatch.job.JobStates;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** A job's status for people. */
final class JobDisplay {
    private final JsonNode job;
    private final Moments moments;
    private final Instant now;
    private final Screen screen;

    JobDisplay(Answer answer, Screen screen) {
        this.job = answer.body();
        this.now = answer.at();
        this.moments = new Moments(now);
        this.screen = screen;
    }

    void print() {
        screen.heading(ForeignText.line(Facts.key(job)));
        printFacts();
        printTimeline();
        printTasks();
        printErrors();
    }

    private void printFacts() {
        fact("name", Facts.text(job, "jobName"));
        screen.line("  state         " + screen.text(Facts.state(job, "state")) + (lost() ? ", lost"
                : Facts.time(job, "stateSince").map(since -> " for " + moments.since(since)).orElse("")) + ForeignText.line(nativeState()));
        fact("reason", Facts.text(job, "nativeReason"));
        fact("progress", Optional.of(Facts.progress(job).text()).filter(text -> !text.equals("-")));
        if (job.path("attempt").asInt(1) > 1) {
            fact("attempt", Optional.of(job.path("attempt").asText()));
        }
        fact("account", Facts.text(job, "account").map(account -> account
                + Facts.text(job, "location").map(location -> ", " + location).orElse("")
                + Facts.text(job, "sourceType").map(type -> " (" + type + ")").orElse("")));
        time("created", "createdAt");
        time("started", "startedAt");
        time("ended", "endedAt");
        time("first seen", "firstSeenAt");
        time("last change", "changedAt");
        time("stuck alert", "stuckAlertedAt");
        time("lost", "lostAt");
        if (job.path("gone").asBoolean()) {
            fact("gone", Optional.of("the service no longer knows the job"));
        }
        job.path("attributes").properties().forEach(attribute ->
                screen.line("  " + ForeignText.line(attribute.getKey() + ": " + attribute.getValue().asText())));
    }

    /** The service's own word, where it says more than ours. */
    private String nativeState() {
        String label = Facts.state(job, "state").text();
        return Facts.text(job, "nativeState").filter(word -> !word.equalsIgnoreCase(label)).map(word -> " (" + word + ")").orElse("");
    }

    private void printTimeline() {
        TextTable table = new TextTable("  TIMELINE", "STATE", "FOR", "ATTEMPT").right("FOR");
        JsonNode history = job.path("history");
        for (int i = 0; i < history.size(); i++) {
            JsonNode change = history.get(i);
            Optional<Instant> began = Facts.time(change, "occurredAt");
            boolean last = i == history.size() - 1;
            boolean ended = last && (lost() || terminal(change.path("state").asText()));
            Optional<Instant> left = last ? Optional.of(now) : Facts.time(history.get(i + 1), "occurredAt");
            Cell stay = ended || began.isEmpty() || left.isEmpty() ? Cell.NONE : Cell.of(Moments.text(between(began.get(), left.get())));
            table.row(Cell.of("  " + began.map(Moments::absolute).orElse("-")), Facts.state(change, "state"), stay,
                    Cell.of(change.path("attempt").asInt(1)));
        }
        printBelow(table);
    }

    /** {@return whether the service forgot the job before its end} Nobody knows until when it was in its last state. */
    private boolean lost() {
        return Facts.time(job, "lostAt").isPresent();
    }

    private static boolean terminal(String state) {
        return Arrays.stream(JobState.values()).anyMatch(known -> JobStates.isTerminal(known) && known.name().equals(state));
    }

    private void printTasks() {
        TextTable table = new TextTable("  TASK", "STATE", "DONE", "STARTED", "TOOK", "NAME").right("DONE", "TOOK");
        for (JsonNode task : job.path("tasks")) {
            Optional<Instant> started = Facts.time(task, "startedAt");
            Optional<Instant> ended = Facts.time(task, "endedAt");
            table.row(Cell.of("  " + Facts.text(task, "taskId").orElse("-")), Facts.state(task, "state"), Facts.progress(task),
                    Facts.absolute(task, "startedAt"),
                    started.isPresent() && ended.isPresent() ? Cell.of(Moments.text(between(started.get(), ended.get()))) : Cell.NONE,
                    Facts.cell(task, "name"));
        }
        printBelow(table);
    }

    private void printErrors() {
        boolean first = true;
        for (JsonNode task : job.path("tasks")) {
            for (JsonNode error : task.path("errors")) {
                if (first) {
                    screen.line("");
                    screen.line("  ERRORS");
                    first = false;
                }
                screen.line("  " + ForeignText.line(Facts.text(task, "taskId").orElse("-")) + "  "
                        + screen.text(Cell.of(Facts.text(error, "code").orElse("(no code)"), Cell.Colour.BAD)));
                Facts.text(error, "message").ifPresent(message -> screen.line("      " + ForeignText.line(message)));
            }
        }
    }

    private void printBelow(TextTable table) {
        if (!table.isEmpty()) {
            screen.line("");
            table.print(screen);
        }
    }

    private void fact(String name, Optional<String> value) {
        value.ifPresent(text -> screen.fact(name, Cell.of(text)));
    }

    private void time(String name, String field) {
        fact(name, Facts.time(job, field).map(moments::both));
    }

    /** Times of a service's machines may contradict each other. */
    private static Duration between(Instant from, Instant to) {
        Duration between = Duration.between(from, to);
        return between.isNegative() ? Duration.ZERO : between;
    }
}
