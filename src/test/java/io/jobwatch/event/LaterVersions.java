package io.jobwatch.event;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Versions that may come: the current schemas after some changes that the rules allow. */
final class LaterVersions {
    private static final List<String> RECORDS = List.of("ErrorDetail", "JobAlert", "JobErrorReport", "JobStateEvent", "JobStatus",
            "JobTransition", "PollCursor", "SourceStatus", "StateChange", "Task");
    private static final List<String> WITHIN_TASKS = List.of("ErrorDetail", "Task");
    /** Types with a default. */
    private static final List<String> NEW = List.of("'string', 'default': 'none'", "'int', 'default': 7", "'boolean', 'default': true",
            "['null', {'type': 'long', 'logicalType': 'timestamp-millis'}], 'default': null",
            "{'type': 'array', 'items': 'io.jobwatch.event.Task'}, 'default': []", "{'type': 'map', 'values': 'long'}, 'default': {'a': 1}",
            "'io.jobwatch.event.JobState', 'default': 'PAUSED'", "'io.jobwatch.event.Resource', 'default': {'cpus': 2}");
    private static final String RESOURCE = "{'type': 'record', 'name': 'Resource', 'namespace': 'io.jobwatch.event', 'doc': 'Used.',"
            + " 'fields': [{'name': 'cpus', 'type': 'int', 'doc': 'Cores. From the service.', 'default': 0}]}";

    /** A field that is added to a record. */
    private record Addition(String record, int type, boolean first) {
    }

    private LaterVersions() {
    }

    static Arbitrary<SchemaSet> any() {
        Arbitrary<Addition> addition = Combinators.combine(Arbitraries.of(RECORDS), Arbitraries.integers().between(0, NEW.size() - 1),
                Arbitraries.of(true, false)).as(Addition::new);
        return addition.list().ofMinSize(1).ofMaxSize(8).map(LaterVersions::with);
    }

    private static SchemaSet with(List<Addition> additions) {
        try {
            SchemaDraft draft = SchemaDraft.ofCurrent();
            draft.file("Resource", RESOURCE);
            ((ArrayNode) draft.file("JobState").get("symbols")).add("PAUSED");
            ((ArrayNode) draft.field("JobAlert", "kind").at("/type/symbols")).add("SLOW");
            for (int i = 0; i < additions.size(); i++) {
                Addition added = additions.get(i);
                // What tasks hold cannot hold tasks: it would have no end.
                boolean endless = WITHIN_TASKS.contains(added.record()) && NEW.get(added.type()).contains("Task");
                String type = NEW.get(endless ? 0 : added.type());
                draft.addField(added.record(), "{'name': 'added" + i + "', 'doc': 'Null: not told; UTC milliseconds. From the service.',"
                        + " 'type': " + type + "}");
                if (added.first()) {
                    ArrayNode fields = (ArrayNode) draft.file(added.record()).get("fields");
                    fields.insert(0, fields.remove(fields.size() - 1));
                }
            }
            return draft.set("a later version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
