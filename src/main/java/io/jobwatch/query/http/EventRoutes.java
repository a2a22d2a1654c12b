package io.jobwatch.query.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.jobwatch.query.stream.TooManyReadersException;
import io.jobwatch.query.stream.TransitionFilter;
import io.jobwatch.query.stream.TransitionStream;
import io.jobwatch.query.stream.UnknownPositionException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The stream of transitions, as server-sent events. A reader costs no thread. */
final class EventRoutes implements AutoCloseable {
    private static final String LAST_EVENT_ID = "Last-Event-ID";

    private final TransitionStream stream;
    private final AnswerMetrics metrics;
    private final Set<EventWriter> writers = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    EventRoutes(TransitionStream stream, AnswerMetrics metrics) {
        this.stream = stream;
        this.metrics = metrics;
    }

    void addTo(RoutesConfig routes) {
        Routes.get(routes, "/api/v1/events", this::events);
    }

    private void events(Context context) {
        TransitionFilter filter = Parameters.transitionFilter(context);
        if (context.method() == HandlerType.HEAD) {
            prepare(context);
            return;
        }
        EventWriter writer = open(context, filter);
        writers.add(writer);
        try {
            prepare(context);
            metrics.ended(context);   // answered; what follows may take days
            context.req().startAsync();   // Javalin would do it, and tell nobody here when it fails
            context.future(() -> start(context, writer));
        } catch (RuntimeException e) {
            abandon(writer);
            throw e;
        }
        if (closed) {
            writer.close();   // it may have come too late for close()
        }
    }

    private CompletableFuture<Void> start(Context context, EventWriter writer) {
        try {
            return writer.start(context).whenComplete((end, failure) -> writers.remove(writer));
        } catch (RuntimeException e) {
            abandon(writer);
            throw e;
        }
    }

    /** Nobody else would take its reader off the stream. */
    private void abandon(EventWriter writer) {
        writers.remove(writer);
        writer.close();
    }

    private EventWriter open(Context context, TransitionFilter filter) {
        Optional<String> lastEventId = Optional.ofNullable(context.header(LAST_EVENT_ID)).filter(id -> !id.isEmpty());
        try {
            return new EventWriter(wakeUp -> stream.open(filter, lastEventId, wakeUp));
        } catch (UnknownPositionException e) {
            throw Problem.ofHeader(LAST_EVENT_ID, e.getMessage(), "the id of an event of this stream; without the header, "
                    + "what is new is streamed");
        } catch (TooManyReadersException e) {
            throw Problem.unavailable(e.getMessage() + "; try again soon", 5);
        }
    }

    private static void prepare(Context context) {
        context.contentType("text/event-stream");
        context.header("X-Accel-Buffering", "no");   // nginx would hold events back to fill a buffer
    }

    /** Ends all streams, orderly where the connection takes the end at once. */
    @Override
    public void close() {
        closed = true;
        writers.forEach(EventWriter::close);
    }
}
