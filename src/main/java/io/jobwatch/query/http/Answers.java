package io.jobwatch.query.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.javalin.http.Context;
import io.jobwatch.query.Page;
import io.jobwatch.query.Position;
import io.jobwatch.query.View;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import org.apache.avro.generic.IndexedRecord;

/** What all answers have in common: the age of the view, and how JSON is sent. */
final class Answers {
    static final String LAG_HEADER = "X-Jobwatch-View-Lag";
    private static final String JSON = "application/json";

    private final View view;
    private final Duration staleAfter;

    /** @param staleAfter the age of the view, or of what was processed last, from which on answers say that they are stale */
    Answers(View view, Duration staleAfter) {
        this.view = view;
        this.staleAfter = staleAfter;
    }

    /** Tells how old the view is, with whatever is answered. */
    void prepare(Context context) {
        context.header(LAG_HEADER, BigDecimal.valueOf(view.lag().toNanos(), 9).setScale(3, RoundingMode.CEILING).toPlainString());
    }

    /** Sends one object, with {@code "stale": true} in it when the view, or what fills it, is too far behind. */
    void object(Context context, Json.Body fields) {
        send(context, JSON, json -> {
            json.writeStartObject();
            fields.write(json);
            writeStale(json);
            json.writeEndObject();
        });
    }

    /** Sends a page of a list. */
    void page(Context context, Page<? extends IndexedRecord> page) {
        object(context, json -> {
            json.writeArrayFieldStart("items");
            for (IndexedRecord item : page.items()) {
                Json.writeRecord(json, item);
            }
            json.writeEndArray();
            json.writeStringField("nextCursor", page.next().map(Position::toCursor).orElse(null));
        });
    }

    /** Sends a problem in place of an answer. */
    static void problem(Context context, Problem problem) {
        context.status(problem.status());
        problem.retryAfter().ifPresent(seconds -> context.header("Retry-After", seconds));
        send(context, Problem.CONTENT_TYPE, problem::write);
    }

    private void writeStale(JsonGenerator json) throws IOException {
        if (view.lag().compareTo(staleAfter) > 0 || view.processingLag().compareTo(staleAfter) > 0) {
            json.writeBooleanField("stale", true);
        }
    }

    private static void send(Context context, String contentType, Json.Body body) {
        context.contentType(contentType).result(Json.bytes(body));
    }
}
