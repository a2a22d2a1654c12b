package io.jobwatch.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.config.StartFrom;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PollMetricsTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final PollMetrics metrics = new PollMetrics(meters, List.of("a", "b"));

    @Test
    void shouldShowForEveryConfiguredSourceWhetherItIsPolledHere() {
        metrics.began("a", Optional.empty());

        assertThat(gauge("jobwatch.poll.owned", "a")).isEqualTo(1);
        assertThat(gauge("jobwatch.poll.owned", "b")).isZero();
    }

    @Test
    void shouldTellHowASourceIsDoingOnlyWhileItIsPolledHere() {
        SourceHealth health = new SourceHealth(Sources.source("a", new StartFrom.Now()), "me", Optional.empty());
        metrics.began("a", Optional.empty());
        health.began(NOON, NOON.plusMillis(1_500));
        health.listed(12, 0, 0);
        health.failed("no answer");
        health.failed("no answer");
        metrics.stands("a", health);

        assertThat(gauge("jobwatch.poll.failures.in.row", "a")).isEqualTo(2);
        assertThat(gauge("jobwatch.poll.delay.seconds", "a")).isEqualTo(1.5);
        assertThat(gauge("jobwatch.poll.jobs.listed", "a")).isEqualTo(12);

        metrics.ended("a");
        assertThat(meters.find("jobwatch.poll.failures.in.row").gauges()).isEmpty();
        assertThat(gauge("jobwatch.poll.owned", "a")).isZero();

        metrics.began("a", Optional.empty());
        assertThat(gauge("jobwatch.poll.failures.in.row", "a")).as("of the new time").isZero();
    }

    /** A lane that was lost may be opened anew before the threads of its former life have ended. */
    @Test
    void shouldGoOnShowingASourceWhoseFormerPollerEndsLate() {
        metrics.began("a", Optional.empty());
        metrics.began("a", Optional.empty());
        metrics.ended("a");

        assertThat(gauge("jobwatch.poll.owned", "a")).isEqualTo(1);
        assertThat(meters.find("jobwatch.poll.failures.in.row").gauges()).hasSize(1);
    }

    @Test
    void shouldRememberTheLastSuccessAcrossOwnersAndNeverGoBack() {
        assertThat(meters.find("jobwatch.poll.last.success.timestamp.seconds").gauges()).as("none yet").isEmpty();
        metrics.began("a", Optional.of(NOON));
        assertThat(gauge("jobwatch.poll.last.success.timestamp.seconds", "a")).isEqualTo(NOON.getEpochSecond());

        metrics.succeeded("a", NOON.plusSeconds(60));
        metrics.ended("a");
        metrics.began("a", Optional.of(NOON.minusSeconds(3_600)));   // the cursor knows of the last change alone

        assertThat(gauge("jobwatch.poll.last.success.timestamp.seconds", "a")).isEqualTo(NOON.getEpochSecond() + 60);
    }

    @Test
    void shouldCountRequestsByClassOfStatus() {
        for (int status : List.of(200, 204, 301, 401, 429, 503)) {
            metrics.ended("a", OptionalInt.of(status), Duration.ofMillis(10));
        }
        metrics.ended("a", OptionalInt.empty(), Duration.ofMillis(10));
        metrics.ended("a", OptionalInt.of(999), Duration.ofMillis(10));

        assertThat(List.of(requests("2xx"), requests("3xx"), requests("4xx"), requests("5xx"), requests("none")))
                .containsExactly(2L, 1L, 2L, 1L, 2L);
    }

    private long requests(String status) {
        return meters.get("jobwatch.poll.request").tags("source", "a", "status", status).timer().count();
    }

    private double gauge(String name, String source) {
        return meters.get(name).tag("source", source).gauge().value();
    }
}
