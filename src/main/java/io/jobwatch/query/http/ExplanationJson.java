package io.jobwatch.query.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.jobwatch.event.JobState;
import io.jobwatch.topology.Decision;
import io.jobwatch.topology.ExplainedObservation;
import io.jobwatch.topology.Explanation;
import java.io.IOException;
import java.time.Instant;

/** An explanation as JSON. */
final class ExplanationJson {

    private ExplanationJson() {
    }

    /** Writes the fields into the object that is open. */
    static void write(JsonGenerator json, Explanation explanation) throws IOException {
        json.writeStringField("source", explanation.job().source());
        json.writeStringField("jobId", explanation.job().jobId());
        json.writeStringField("topic", explanation.topic());
        json.writeNumberField("partition", explanation.partition());
        json.writeNumberField("firstOffset", explanation.firstOffset());
        json.writeNumberField("readTo", explanation.readTo());
        json.writeNumberField("endOffset", explanation.endOffset());
        json.writeBooleanField("complete", explanation.complete());
        json.writeNumberField("leftOut", explanation.leftOut());
        json.writeArrayFieldStart("notes");
        for (String note : explanation.notes()) {
            json.writeString(note);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("observations");
        for (ExplainedObservation observation : explanation.observations()) {
            write(json, observation);
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, ExplainedObservation observation) throws IOException {
        json.writeStartObject();
        json.writeStringField("topic", observation.topic());
        json.writeNumberField("partition", observation.partition());
        json.writeNumberField("offset", observation.offset());
        json.writeStringField("writtenAt", observation.writtenAt().map(Instant::toString).orElse(null));
        json.writeFieldName("seen");
        if (observation.seen().isPresent()) {
            Json.writeRecord(json, observation.seen().get());
        } else {
            json.writeNull();
        }
        json.writeObjectFieldStart("decision");
        write(json, observation.decision());
        json.writeEndObject();
        json.writeBooleanField("certain", observation.certain());
        json.writeStringField("why", observation.why());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Decision decision) throws IOException {
        if (decision instanceof Decision.Changed changed) {
            json.writeStringField("type", "CHANGED");
            write(json, changed);
        } else if (decision instanceof Decision.Refreshed) {
            json.writeStringField("type", "REFRESHED");
        } else if (decision instanceof Decision.Dropped dropped) {
            json.writeStringField("type", "DROPPED");
            json.writeStringField("reason", dropped.reason().name());
            json.writeBooleanField("kept", dropped.kept());
        } else if (decision instanceof Decision.DeadLetter letter) {
            json.writeStringField("type", "DEAD_LETTER");
            json.writeStringField("reason", letter.reason().name());
        } else if (decision instanceof Decision.Unknown) {
            json.writeStringField("type", "UNKNOWN");
        }
    }

    private static void write(JsonGenerator json, Decision.Changed changed) throws IOException {
        json.writeStringField("kind", changed.kind().name());
        json.writeStringField("previousState", changed.previousState().map(JobState::name).orElse(null));
        json.writeStringField("currentState", changed.currentState().name());
        json.writeArrayFieldStart("skippedStates");
        for (JobState state : changed.skippedStates()) {
            json.writeString(state.name());
        }
        json.writeEndArray();
        json.writeFieldName("sequence");
        if (changed.sequence().isPresent()) {
            json.writeNumber(changed.sequence().getAsLong());
        } else {
            json.writeNull();
        }
        json.writeStringField("occurredAt", changed.occurredAt().toString());
    }
}
