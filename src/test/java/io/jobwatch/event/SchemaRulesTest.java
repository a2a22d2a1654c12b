package io.jobwatch.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.avro.AvroRuntimeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules that hold the schemas, held against changes that somebody might make: the current schemas are taken for the older version. */
class SchemaRulesTest {
    private static final String OLDER = "version 1";
    private static final String NEWER = "the current version";

    /**
     * A change.
     *
     * @param message what is said of it; of an allowed change null
     */
    record Change(String what, Consumer<SchemaDraft> made, String message) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Change> shouldAllowWhatEveryVersionCanLiveWith() {
        return Stream.of(
                allowed("another doc", draft -> draft.file("JobTransition").put("doc", "Something clearer.")),
                allowed("a new optional field", draft -> draft.addField("JobTransition",
                        "{'name': 'queue', 'type': ['null', 'string'], 'doc': 'Null where not told. From the service.', 'default': null}")),
                allowed("a new field in the middle", draft -> ((ArrayNode) draft.file("Task").get("fields")).insertObject(1)
                        .put("name", "order").put("type", "int").put("doc", "Place in the job. From the service.").put("default", 0)),
                allowed("a new field with a default in a part of others", draft -> draft.addField("ErrorDetail",
                        "{'name': 'retryable', 'type': 'boolean', 'doc': 'Whether to try again. From the service.', 'default': false}")),
                allowed("a new field of a new type", draft -> {
                    draft.file("Resource", "{'type': 'record', 'name': 'Resource', 'namespace': 'io.jobwatch.event', 'doc': 'Used.',"
                            + " 'fields': [{'name': 'cpus', 'type': 'int', 'doc': 'Cores. From the service.', 'default': 0}]}");
                    draft.addField("JobStatus", "{'name': 'resource', 'type': ['null', 'io.jobwatch.event.Resource'],"
                            + " 'doc': 'What it uses; null where not told. From the service.', 'default': null}");
                }),
                allowed("a new symbol behind the others", draft -> ((ArrayNode) draft.file("JobState").get("symbols")).add("PAUSED")),
                allowed("a new symbol of an enum within a field",
                        draft -> ((ArrayNode) draft.field("JobAlert", "kind").at("/type/symbols")).add("SLOW")),
                allowed("a default for a field that had none", draft -> draft.field("Task", "taskId").put("default", "")));
    }

    static Stream<Change> shouldNameTheRuleThatAChangeBreaksAndTheField() {
        return Stream.of(
                refused("a symbol removed", draft -> ((ArrayNode) draft.field("JobTransition", "kind").at("/type/symbols")).remove(3),
                        "JobTransition.kind: symbol RESTARTED was removed: readers with the current version would take it for UNSPECIFIED"
                                + " in the data of version 1"),
                refused("a symbol renamed", draft -> ((ArrayNode) draft.file("JobState").get("symbols")).set(5, "CANCELLED"),
                        "JobState: symbol CANCELED was removed"),
                refused("a symbol before the others", draft -> ((ArrayNode) draft.file("JobState").get("symbols")).insert(0, "PAUSED"),
                        "JobState: symbols are only appended: they were [QUEUED, "),
                refused("another default symbol", draft -> draft.file("JobState").put("default", "ERROR"),
                        "JobState: the default symbol was UNKNOWN and is ERROR"),
                refused("an enum without a default", draft -> draft.file("JobState").remove("default"),
                        "JobState: an enum needs a default"),
                refused("an enum without a default, and a symbol gone", draft -> {
                    draft.file("JobState").remove("default");
                    ((ArrayNode) draft.file("JobState").get("symbols")).remove(6);
                }, "JobState: readers with the current version cannot read data of version 1: MISSING_ENUM_SYMBOLS, [CANCELING]"),
                refused("a field removed", draft -> draft.removeField("JobTransition", "previousStateMillis"),
                        "JobTransition.previousStateMillis: the field was removed: readers with version 1 go on reading it"),
                refused("a required field removed", draft -> draft.removeField("Task", "taskId"),
                        "Task.taskId: readers with version 1 cannot read data of the current version: READER_FIELD_MISSING_DEFAULT_VALUE"),
                refused("a field renamed", draft -> draft.field("JobStatus", "jobName").put("name", "title"),
                        "JobStatus.jobName: the field was removed"),
                refused("a field renamed with an alias", draft -> ((ArrayNode) draft.field("JobStatus", "jobName").put("name", "title")
                        .withArray("aliases")).add("jobName"), "JobStatus.title: has the aliases [jobName]"),
                refused("a new field without a default", draft -> draft.addField("ErrorDetail",
                                "{'name': 'phase', 'type': 'string', 'doc': 'From the service.'}"),
                        "ErrorDetail.phase: a new field needs a default: readers with the current version do not find it in the data of"
                                + " version 1"),
                refused("a wider number", draft -> draft.type("JobTransition", "attempt", "\"long\""),
                        "JobTransition.attempt: its type was int and is long"),
                refused("bytes for text, which Avro takes for compatible", draft -> draft.type("ErrorDetail", "code", "\"bytes\""),
                        "ErrorDetail.code: its type was string and is bytes"),
                refused("another unit", draft -> draft.type("JobTransition", "occurredAt",
                                "{\"type\": \"long\", \"logicalType\": \"timestamp-micros\"}"),
                        "JobTransition.occurredAt: its type was long {logicalType=timestamp-millis} and is long"
                                + " {logicalType=timestamp-micros}"),
                refused("another unit where the time is optional", draft -> draft.type("Task", "startedAt",
                                "[\"null\", {\"type\": \"long\", \"logicalType\": \"local-timestamp-millis\"}]"),
                        "Task.startedAt: its type was null or long {logicalType=timestamp-millis} and is null or long"
                                + " {logicalType=local-timestamp-millis}"),
                refused("a time that is only a number", draft -> draft.type("JobAlert", "since", "\"long\""),
                        "JobAlert.since: its type was long {logicalType=timestamp-millis} and is long:"),
                refused("a required field that may be null", draft -> draft.type("JobAlert", "message", "[\"string\", \"null\"]"),
                        "JobAlert.message: readers with version 1 cannot read data of the current version: TYPE_MISMATCH"),
                refused("null as the second", draft -> draft.type("JobAlert", "jobName", "[\"string\", \"null\"]").remove("default"),
                        "JobAlert.jobName: its type was null or string and is string or null"),
                refused("a third type", draft -> draft.type("JobAlert", "jobName", "[\"null\", \"string\", \"int\"]"),
                        "JobAlert.jobName: an optional field is null or one other type"),
                refused("other items", draft -> draft.type("JobTransition", "skippedStates",
                                "{\"type\": \"array\", \"items\": \"string\"}"),
                        "JobTransition.skippedStates: its type was array of io.jobwatch.event.JobState and is array of string"),
                refused("other values of a map", draft -> draft.type("JobStatus", "attributes",
                                "{\"type\": \"map\", \"values\": \"int\"}"),
                        "JobStatus.attributes: readers with version 1 cannot read data of the current version: TYPE_MISMATCH"),
                refused("a record for an enum", draft -> draft.file("StateChange").put("type", "enum").put("default", "A")
                        .putArray("symbols").add("A"), "StateChange: was RECORD and is ENUM"),
                refused("another default", draft -> draft.field("JobAlert", "active").put("default", false),
                        "JobAlert.active: its default was true and is false"),
                refused("a default removed", draft -> draft.field("JobAlert", "active").remove("default"),
                        "JobAlert.active: its default was removed: readers with the current version could not do without it"),
                refused("a record removed", draft -> draft.remove("SourceStatus"),
                        "SourceStatus: RECORD io.jobwatch.event.SourceStatus is not there any more"),
                refused("a record renamed", draft -> draft.file("SourceState", draft.remove("SourceStatus").put("name", "SourceState")
                        .toString()), "SourceStatus: RECORD io.jobwatch.event.SourceStatus is not there any more"),
                refused("another namespace", draft -> draft.file("SourceStatus").put("namespace", "io.jobwatch.event.v2"),
                        "SourceStatus: the file defines io.jobwatch.event.v2.SourceStatus"),
                refused("another namespace, by Avro's rule", draft -> draft.file("SourceStatus").put("namespace", "io.jobwatch.event.v2"),
                        "SourceStatus: RECORD io.jobwatch.event.SourceStatus is not there any more"),
                refused("a file with another name than its type", draft -> draft.file("Status", draft.remove("SourceStatus").toString()),
                        "Status: the file defines io.jobwatch.event.SourceStatus"),
                refused("an enum within a field renamed", draft -> ((ObjectNode) draft
                        .field("JobAlert", "kind").get("type")).put("name", "KindOfAlert"),
                        "JobAlert.kind: ENUM io.jobwatch.event.AlertKind is not there any more"),
                refused("a field without a doc", draft -> draft.field("JobAlert", "active").remove("doc"), "JobAlert.active: has no doc"),
                refused("a record without a doc", draft -> draft.file("JobAlert").put("doc", " "), "JobAlert: has no doc"),
                refused("a field from nowhere", draft -> draft.field("JobAlert", "active").put("doc", "True: it begins."),
                        "JobAlert.active: its doc does not say where the value is from"),
                refused("null for no reason", draft -> draft.field("JobAlert", "jobName").put("doc", "Its name. From the service."),
                        "JobAlert.jobName: its doc does not say when it is null"),
                refused("a time in no zone", draft -> draft.field("JobAlert", "since").put("doc", "Since when. From the topology."),
                        "JobAlert.since: its doc does not say that the time is in UTC milliseconds"),
                refused("a length without a unit", draft -> draft.field("SourceStatus", "lagMillis").put("doc", "Lag. From the poller."),
                        "SourceStatus.lagMillis: its doc does not say that the unit is milliseconds"));
    }

    @Test
    void shouldFindNothingInTheCurrentSchemas() throws Exception {
        assertThat(broken(SchemaDraft.ofCurrent())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource
    void shouldAllowWhatEveryVersionCanLiveWith(Change change) throws Exception {
        SchemaDraft draft = SchemaDraft.ofCurrent();
        change.made().accept(draft);

        assertThat(draft.set(NEWER).toString()).as("changed").isNotEqualTo(SchemaDraft.ofCurrent().set(NEWER).toString());
        assertThat(broken(draft)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource
    void shouldNameTheRuleThatAChangeBreaksAndTheField(Change change) throws Exception {
        SchemaDraft draft = SchemaDraft.ofCurrent();
        change.made().accept(draft);

        assertThat(broken(draft)).anySatisfy(message -> assertThat(message).startsWith(change.message()));
    }

    @Test
    void shouldRefuseADefaultThatIsNoneOfItsType() throws Exception {
        SchemaDraft draft = SchemaDraft.ofCurrent();
        draft.addField("Task", "{'name': 'order', 'type': 'int', 'doc': 'From the service.', 'default': 'first'}");

        assertThatThrownBy(() -> draft.set(NEWER)).isInstanceOf(AvroRuntimeException.class).hasMessageContaining("order");
    }

    @Test
    void shouldRefuseAVersionThatNamesWhatItDoesNotDefine() throws Exception {
        SchemaDraft draft = SchemaDraft.ofCurrent();
        draft.remove("ErrorDetail");

        assertThatThrownBy(() -> draft.set(NEWER)).isInstanceOf(AvroRuntimeException.class).hasMessageContaining("ErrorDetail");
    }

    private static List<String> broken(SchemaDraft draft) throws Exception {
        SchemaSet newer = draft.set(NEWER);
        List<String> broken = new ArrayList<>(SetRules.broken(newer));
        broken.addAll(EvolutionRules.broken(SchemaDraft.ofCurrent().set(OLDER), newer));
        return broken;
    }

    private static Change allowed(String what, Consumer<SchemaDraft> made) {
        return new Change(what, made, null);
    }

    private static Change refused(String what, Consumer<SchemaDraft> made, String message) {
        return new Change(what, made, message);
    }
}
