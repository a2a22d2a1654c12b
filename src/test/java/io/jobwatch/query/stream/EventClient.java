package io.jobwatch.query.stream;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** A client of an event stream that reads as fast as it gets, without a thread of its own. */
public final class EventClient implements Flow.Subscriber<String>, AutoCloseable {

    /** What was sent as one block; {@code type} is null where there is only an id. */
    public record Event(String type, String id, String data) {
    }

    private final List<Event> events = new ArrayList<>();
    private final CompletableFuture<HttpResponse<Void>> answer;
    private Flow.Subscription subscription;
    private String type;
    private String id;
    private String data;
    private boolean cancelled;

    /** @param lastEventId null for none */
    public EventClient(HttpClient client, String url, String lastEventId) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        // A refusal is no stream of events.
        answer = client.sendAsync(request.build(), head -> head.statusCode() == 200
                ? BodyHandlers.fromLineSubscriber(this).apply(head) : BodySubscribers.replacing(null));
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription given) {
        subscription = given;
        if (cancelled) {
            given.cancel();
        } else {
            given.request(Long.MAX_VALUE);
        }
    }

    @Override
    public synchronized void onNext(String line) {
        if (line.isEmpty()) {
            events.add(new Event(type, id, data));
            type = null;
            data = null;
        } else if (line.startsWith("event: ")) {
            type = line.substring(7);
        } else if (line.startsWith("id: ")) {
            id = line.substring(4);
        } else if (line.startsWith("data: ")) {
            data = line.substring(6);
        } else {
            throw new IllegalStateException("not a line of an event stream: " + line);
        }
    }

    @Override
    public void onError(Throwable failure) {
        // The answer completes exceptionally.
    }

    @Override
    public void onComplete() {
        // The answer completes.
    }

    /** {@return the blocks that came so far} */
    public synchronized List<Event> blocks() {
        return List.copyOf(events);
    }

    /** {@return the blocks of a type that came so far} */
    public synchronized List<Event> events(String wanted) {
        return events.stream().filter(event -> wanted.equals(event.type())).toList();
    }

    public synchronized int count(String wanted) {
        int count = 0;
        for (Event event : events) {
            count += wanted.equals(event.type()) ? 1 : 0;
        }
        return count;
    }

    /** {@return the last id of a whole block, or null} */
    public synchronized String lastId() {
        return events.isEmpty() ? null : events.get(events.size() - 1).id();
    }

    /** {@return completes when the server has ended the stream} */
    public CompletableFuture<HttpResponse<Void>> answer() {
        return answer;
    }

    @Override
    public synchronized void close() {
        cancelled = true;
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
