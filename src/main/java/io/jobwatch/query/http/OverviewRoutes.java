package io.jobwatch.query.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.jobwatch.event.JobState;
import io.jobwatch.event.SourceStatus;
import io.jobwatch.query.Summary;
import io.jobwatch.query.View;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The whole: the summary and the sources. */
final class OverviewRoutes {
    private final View view;
    private final Answers answers;

    OverviewRoutes(View view, Answers answers) {
        this.view = view;
        this.answers = answers;
    }

    void addTo(RoutesConfig routes) {
        Routes.get(routes, "/api/v1/summary", this::summary);
        Routes.get(routes, "/api/v1/sources", this::sources);
    }

    private void summary(Context context) {
        Parameters.of(context);
        Summary summary = view.summary();
        answers.object(context, json -> {
            Map<JobState, Long> total = new EnumMap<>(JobState.class);
            summary.jobs().values().forEach(states -> states.forEach((state, count) -> total.merge(state, count, Long::sum)));
            json.writeNumberField("jobs", total.values().stream().mapToLong(Long::longValue).sum());
            json.writeFieldName("states");
            writeStates(json, total);
            json.writeArrayFieldStart("sources");
            for (Map.Entry<String, Map<JobState, Long>> source : summary.jobs().entrySet()) {
                json.writeStartObject();
                json.writeStringField("source", source.getKey());
                json.writeFieldName("states");
                writeStates(json, source.getValue());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeFieldName("oldestQueued");
            writeWaiting(json, summary.oldestQueued());
            json.writeArrayFieldStart("failures");
            for (Summary.Failures failures : summary.failures()) {
                json.writeStartObject();
                json.writeStringField("source", failures.source());
                json.writeStringField("code", failures.code());
                json.writeNumberField("count", failures.count());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeNumberField("viewLagSeconds", seconds(view.lag()));
            json.writeNumberField("processingLagSeconds", seconds(view.processingLag()));
        });
    }

    private static BigDecimal seconds(Duration age) {
        return BigDecimal.valueOf(age.toMillis(), 3);
    }

    /** Every state, so that a reader need not know which are left out. */
    private static void writeStates(JsonGenerator json, Map<JobState, Long> counts) throws IOException {
        json.writeStartObject();
        for (JobState state : JobState.values()) {
            json.writeNumberField(state.name(), counts.getOrDefault(state, 0L));
        }
        json.writeEndObject();
    }

    private static void writeWaiting(JsonGenerator json, Optional<Summary.Waiting> waiting) throws IOException {
        if (waiting.isEmpty()) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeStringField("source", waiting.get().source());
        json.writeStringField("jobId", waiting.get().jobId());
        json.writeStringField("jobName", waiting.get().jobName());
        json.writeStringField("changedAt", waiting.get().changedAt().toString());
        json.writeEndObject();
    }

    private void sources(Context context) {
        Parameters.of(context);
        List<SourceStatus> sources = view.sources();
        answers.object(context, json -> {
            json.writeArrayFieldStart("items");
            for (SourceStatus source : sources) {
                Json.writeRecord(json, source);
            }
            json.writeEndArray();
        });
    }
}
