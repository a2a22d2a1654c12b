package io.jobwatch.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jobwatch.source.Printable;
import io.jobwatch.topic.deadletter.DeadLetterReplay.Outcome;
import io.jobwatch.topic.deadletter.DeadLetterReplay.Refused;
import io.jobwatch.topic.deadletter.DeadLetterReplay.Replayed;
import io.jobwatch.topic.deadletter.Place;
import io.jobwatch.topic.deadletter.Refusal;
import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints what becomes of letters: a line each at once, or all as one JSON object at the end. Keeps letters for the latter only. */
final class ReplayReport {
    private final PrintWriter out;
    private final boolean asJson;
    private final boolean all;
    private final boolean dryRun;
    private final ObjectNode json = JsonNodeFactory.instance.objectNode();
    private final Map<Refusal, Integer> refused = new EnumMap<>(Refusal.class);
    private int replayed;

    /**
     * @param all    whether the letters were not named one by one
     * @param dryRun whether nothing is put back
     */
    ReplayReport(PrintWriter out, boolean asJson, boolean all, boolean dryRun) {
        this.out = out;
        this.asJson = asJson;
        this.all = all;
        this.dryRun = dryRun;
        json.put("dryRun", dryRun).putArray("items");
    }

    void take(Outcome outcome) {
        if (outcome instanceof Replayed) {
            replayed++;
        } else if (outcome instanceof Refused left) {
            refused.merge(left.reason().refusal(), 1, Integer::sum);
        }
        if (asJson) {
            json.withArray("items").add(item(outcome));
        } else {
            print(outcome);
        }
    }

    /** {@return how many letters were left} */
    int refused() {
        return refused.values().stream().mapToInt(Integer::intValue).sum();
    }

    void end() {
        if (asJson) {
            out.println(OutputFormat.text(json.put("replayed", replayed).put("refused", refused())));
            return;
        }
        String why = refused.entrySet().stream().map(entry -> entry.getValue() + " " + words(entry.getKey()))
                .collect(Collectors.joining(", "));
        out.println((dryRun ? "would put back " : "put back ") + replayed + ", left " + refused()
                + (refused.isEmpty() ? "" : " (" + why + ")"));
    }

    private ObjectNode item(Outcome outcome) {
        ObjectNode item = JsonNodeFactory.instance.objectNode().put("id", outcome.letter().toString());
        if (outcome instanceof Replayed done) {
            item.put("outcome", dryRun ? "possible" : "replayed").set("from", LetterDisplay.json(done.from()));
            done.to().ifPresent(to -> item.set("to", LetterDisplay.json(to)));
        } else if (outcome instanceof Refused left) {
            item.put("outcome", "refused").put("refusal", left.reason().refusal().name()).put("why", left.reason().why());
        }
        return item;
    }

    private void print(Outcome outcome) {
        if (outcome instanceof Replayed done) {
            out.println((dryRun ? "would put back  " : "put back  ") + done.letter() + " from " + done.from()
                    + done.to().map(Place::toString).map(to -> " to " + to).orElse(""));
        } else if (outcome instanceof Refused left) {
            Refusal refusal = left.reason().refusal();
            // There may be thousands of these, and nobody asked for them one by one.
            if (!all || refusal != Refusal.POLL_ITEM && refusal != Refusal.REPLAYED) {
                out.println("left      " + left.letter() + ": " + Printable.escaped(left.reason().why())
                        + (refusal == Refusal.REPLAYED ? "; --again does it once more" : ""));
            }
        }
    }

    private static String words(Refusal refusal) {
        return switch (refusal) {
            case NOT_THERE -> "not there";
            case POLL_ITEM -> "items of polls, which are read again";
            case NO_PLACE -> "of unknown places";
            case OUTPUT -> "of topics that jobwatch writes";
            case CUT -> "cut";
            case REPLAYED -> "put back before";
        };
    }
}
