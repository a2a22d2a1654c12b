package io.jobwatch.bench;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** The steps of the obvious program, on generic records: they do what the benchmark's jobs ask for, and no more. */
final class GenericJobs {
    private static final int HISTORY_LIMIT = 20;

    private final Schema statusSchema;
    private final Schema changeSchema;
    private final Schema transitionSchema;
    private final Schema reportSchema;

    /**
     * @param statusSchema     of JobStatus
     * @param transitionSchema of JobTransition
     * @param reportSchema     of JobErrorReport
     */
    GenericJobs(Schema statusSchema, Schema transitionSchema, Schema reportSchema) {
        this.statusSchema = statusSchema;
        this.changeSchema = statusSchema.getField("history").schema().getElementType();
        this.transitionSchema = transitionSchema;
        this.reportSchema = reportSchema;
    }

    /** {@return the status after an event} A look behind the status changes nothing. */
    GenericRecord next(GenericRecord status, GenericRecord event) {
        if (status != null && (rank(event) < rank(status) || isTerminal(status))) {
            return status;
        }
        GenericRecord next = new GenericData.Record(statusSchema);
        copy(event, next);
        boolean changed = status == null || !state(status).equals(state(event));
        next.put("previousState", status == null ? null : status.get(changed ? "state" : "previousState"));
        next.put("stateSince", changed ? occurredAt(event) : status.get("stateSince"));
        next.put("changedAt", changed ? event.get("observedAt") : status.get("changedAt"));
        next.put("firstSeenAt", status == null ? event.get("observedAt") : status.get("firstSeenAt"));
        next.put("sequence", status == null ? 1L : (long) status.get("sequence") + (changed ? 1 : 0));
        next.put("history", changed ? history(status, event) : status.get("history"));
        return next;
    }

    /** {@return whether the last event changed the job's state} */
    static boolean isChange(GenericRecord status) {
        return status.get("changedAt").equals(status.get("observedAt"));
    }

    /** {@return whether the job stopped in an error or was cancelled} */
    static boolean isStopped(GenericRecord status) {
        return state(status).equals("ERROR") || state(status).equals("CANCELED");
    }

    /** {@return the transition that made a status} */
    GenericRecord transition(GenericRecord status) {
        GenericRecord transition = new GenericData.Record(transitionSchema);
        copy(status, transition);
        boolean first = status.get("previousState") == null;
        transition.put("kind", new GenericData.EnumSymbol(transitionSchema.getField("kind").schema(), first ? "DISCOVERED" : "ADVANCED"));
        transition.put("currentState", status.get("state"));
        transition.put("skippedStates", List.of());
        transition.put("occurredAt", status.get("stateSince"));
        List<?> history = (List<?>) status.get("history");
        transition.put("previousStateMillis", first ? null : (long) status.get("stateSince")
                - (long) ((GenericRecord) history.get(history.size() - 2)).get("occurredAt"));
        return transition;
    }

    /** {@return the report of a stop} */
    GenericRecord report(GenericRecord status) {
        GenericRecord report = new GenericData.Record(reportSchema);
        copy(status, report);
        return report;
    }

    private List<GenericRecord> history(GenericRecord status, GenericRecord event) {
        List<GenericRecord> history = new ArrayList<>();
        if (status != null) {
            for (Object entry : (List<?>) status.get("history")) {
                history.add((GenericRecord) entry);
            }
        }
        GenericRecord change = new GenericData.Record(changeSchema);
        change.put("state", event.get("state"));
        change.put("occurredAt", occurredAt(event));
        change.put("attempt", event.get("attempt"));
        history.add(change);
        return history.size() > HISTORY_LIMIT ? history.subList(1, history.size()) : history;
    }

    /** Copies the fields that both have. */
    private static void copy(GenericRecord from, GenericRecord to) {
        for (Schema.Field field : to.getSchema().getFields()) {
            if (from.hasField(field.name())) {
                to.put(field.pos(), from.get(field.name()));
            }
        }
    }

    private static Object occurredAt(GenericRecord event) {
        Object told = switch (state(event)) {
            case "QUEUED" -> event.get("createdAt");
            case "PROCESSING" -> event.get("startedAt");
            case "FINISHED", "ERROR", "CANCELED" -> event.get("endedAt");
            default -> null;
        };
        return told == null ? event.get("observedAt") : told;
    }

    private static boolean isTerminal(GenericRecord status) {
        return rank(status) == 4;
    }

    private static int rank(GenericRecord record) {
        return switch (state(record)) {
            case "QUEUED" -> 0;
            case "SCHEDULED" -> 1;
            case "PROCESSING" -> 2;
            case "CANCELING" -> 3;
            default -> 4;
        };
    }

    private static String state(GenericRecord record) {
        return record.get("state").toString();
    }
}
