package io.jobwatch.poll;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/**
 * The meters of one source. How it is doing is shown only while it is polled here: the value that another instance's source had when it
 * was handed over would look like the present one. Thread-safe.
 */
final class SourceMeters {
    private static final Map<Integer, String> CLASSES = Map.of(2, "2xx", 3, "3xx", 4, "4xx", 5, "5xx");
    private static final String NO_ANSWER = "none";

    private final MeterRegistry meters;
    private final String source;
    private final Timer successes;
    private final Timer failures;
    private final Counter events;
    private final Counter badItems;
    private final Counter statesMissed;
    private final Map<String, Timer> requests = new ConcurrentHashMap<>();
    private final List<Meter> ofOwner = new ArrayList<>();
    private volatile Timer waits;
    private AtomicLong lastSuccess;
    private int owners;
    private volatile Standing standing = new Standing(0, 0, 0, 0);

    private record Standing(int failuresInRow, long delayMillis, int listed, int active) {
    }

    SourceMeters(MeterRegistry meters, String source) {
        this.meters = meters;
        this.source = source;
        this.successes = polls("success");
        this.failures = polls("failure");
        this.events = counter("jobwatch.poll.events", "Events published");
        this.badItems = counter("jobwatch.poll.bad.items", "Listed items that could not be read, each counted once");
        this.statesMissed = counter("jobwatch.poll.states.missed", "States that jobs must have passed between two looks");
        Gauge.builder("jobwatch.poll.owned", this, meter -> meter.owned() ? 1 : 0)
                .description("1 where this instance polls the source").tag("source", source).register(meters);
    }

    private Timer polls(String outcome) {
        return timer("jobwatch.poll", "Polls, by outcome, with the time they took").tag("outcome", outcome).register(meters);
    }

    private synchronized boolean owned() {
        return owners > 0;
    }

    synchronized void began(Optional<Instant> lastSuccessAt) {
        lastSuccessAt.ifPresent(this::succeeded);
        if (owners++ == 0) {
            standing = new Standing(0, 0, 0, 0);
            show("jobwatch.poll.failures.in.row", "Failed polls since the last successful one", now -> now.failuresInRow);
            show("jobwatch.poll.delay.seconds", "How much later than planned the last poll began", now -> now.delayMillis / 1000.0);
            show("jobwatch.poll.jobs.listed", "Jobs in the last answer that told any", now -> now.listed);
            show("jobwatch.poll.jobs.active", "Jobs that had not ended at the last successful poll", now -> now.active);
        }
    }

    private void show(String name, String description, ToDoubleFunction<Standing> value) {
        ofOwner.add(Gauge.builder(name, this, meter -> value.applyAsDouble(meter.standing)).description(description)
                .tag("source", source).register(meters));
    }

    synchronized void ended() {
        if (--owners == 0) {
            ofOwner.forEach(meters::remove);
            ofOwner.clear();
        }
    }

    void polled(Duration took, boolean failed) {
        (failed ? failures : successes).record(took);
    }

    synchronized void succeeded(Instant startedAt) {
        if (lastSuccess == null) {
            lastSuccess = new AtomicLong(startedAt.toEpochMilli());
            Gauge.builder("jobwatch.poll.last.success.timestamp.seconds", lastSuccess, at -> at.get() / 1000.0)
                    .description("When the last successful poll began, in seconds since 1970").tag("source", source).register(meters);
        }
        // What a cursor remembers may be older than what this instance did itself.
        lastSuccess.accumulateAndGet(startedAt.toEpochMilli(), Math::max);
    }

    void stands(SourceHealth health) {
        standing = new Standing(health.failuresInRow(), health.lagMillis(), health.jobsSeen(), health.jobsActive());
    }

    void published(int newEvents, int newBadItems, int newStatesMissed) {
        events.increment(newEvents);
        badItems.increment(newBadItems);
        statesMissed.increment(newStatesMissed);
    }

    void waited(Duration wait) {
        if (waits == null) {
            waits = timer("jobwatch.poll.request.wait", "Requests under a request-limit, with the time they waited for their turn")
                    .register(meters);
        }
        waits.record(wait);
    }

    void asked(OptionalInt status, Duration took) {
        String label = status.isPresent() ? CLASSES.getOrDefault(status.getAsInt() / 100, NO_ANSWER) : NO_ANSWER;
        requests.computeIfAbsent(label, name -> timer("jobwatch.poll.request",
                "Requests to the service, by class of status, with the time to the last byte of the answer").tag("status", name)
                .register(meters)).record(took);
    }

    private Timer.Builder timer(String name, String description) {
        return Timer.builder(name).description(description).tag("source", source);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).tag("source", source).register(meters);
    }
}
