package io.jobwatch.poll;

import io.jobwatch.topic.DeadLetterHeaders;
import io.jobwatch.topic.DeadLetterMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What the poller counts, by source. Thread-safe. */
public final class PollMetrics {
    private final MeterRegistry meters;
    private final DeadLetterMetrics letters;
    private final Map<String, AtomicLong> lastSuccess = new ConcurrentHashMap<>();

    public PollMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.letters = new DeadLetterMetrics(meters);
    }

    void polled(String source, Duration took, boolean failed) {
        Timer.builder("jobwatch.poll").description("Polls, by outcome, with the time they took").tag("source", source)
                .tag("outcome", failed ? "failure" : "success").register(meters).record(took);
    }

    void succeeded(String source, Instant startedAt) {
        lastSuccess.computeIfAbsent(source, name -> {
            AtomicLong value = new AtomicLong();
            Gauge.builder("jobwatch.poll.last.success.timestamp.seconds", value, at -> at.get() / 1000.0)
                    .description("When the last successful poll began, in seconds since 1970").tag("source", name).register(meters);
            return value;
        }).set(startedAt.toEpochMilli());
    }

    void published(String source, int events, int deadLetters, int statesMissed) {
        counter("jobwatch.poll.events", "Events published", source).increment(events);
        counter("jobwatch.poll.bad.items", "Listed items that could not be read, each counted once", source).increment(deadLetters);
        letters.count(DeadLetterHeaders.POLL, DeadLetterHeaders.BAD_ITEM, deadLetters);
        counter("jobwatch.poll.states.missed", "States that jobs must have passed between two looks", source).increment(statesMissed);
    }

    /** Counts a request of a source that has a request-limit, and how long it waited for its turn. */
    public void waited(String source, Duration wait) {
        Timer.builder("jobwatch.poll.request.wait").description("Requests under a request-limit, with the time they waited for their turn")
                .tag("source", source).register(meters).record(wait);
    }

    private Counter counter(String name, String description, String source) {
        return Counter.builder(name).description(description).tag("source", source).register(meters);
    }
}
