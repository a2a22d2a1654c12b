package io.jobwatch.query;

import static io.jobwatch.query.Records.NOON;
import static io.jobwatch.query.Records.source;
import static io.jobwatch.query.Records.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jobwatch.event.JobState;
import io.jobwatch.topic.TestTopics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the end of a view, or of the stores below it, leaves behind. */
class ViewEndIT {
    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    private static Path dir;
    private static TestTopics topics;

    private final ExecutorService readers = Executors.newCachedThreadPool();

    @BeforeAll
    static void startBroker() {
        topics = new TestTopics(dir.resolve("broker"));
        topics.send(IntStream.range(0, 20).boxed().flatMap(i -> Stream.of(
                topics.record(topics.names().jobStatus(), "s/" + i, status("s", Integer.toString(i), JobState.QUEUED, NOON).build()),
                topics.record(topics.names().sourceStatus(), "s" + i, source("s" + i).build()))).toList());
    }

    @AfterAll
    static void stopBroker() {
        topics.close();
    }

    @AfterEach
    void stopReaders() {
        readers.shutdownNow();
    }

    /** Each question has read its first record when the stores are closed, in memory also cleared. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldGiveNoAnswerThatWasCutShortByTheEnd(boolean inMemory) {
        GatedRegistry registry = new GatedRegistry(topics.registry());
        StreamsView view = new StreamsView(topics.kafkaProps(), topics.names(), registry, dir.resolve("data-" + inMemory), "jobwatch",
                "test", inMemory, Clock.systemUTC(), new SimpleMeterRegistry());
        Future<List<?>> jobs;
        Future<List<?>> sources;
        try (view) {
            view.start();
            long startedAt = System.nanoTime();
            await().atMost(SOON).until(() -> view.ready() && view.lag().toNanos() < System.nanoTime() - startedAt);
            registry.shut();
            jobs = readers.submit(() -> view.jobs(JobQuery.all(20)).items());
            sources = readers.submit(view::sources);
            await().atMost(SOON).until(() -> registry.waiting() == 2);
        }
        registry.open();

        assertThatThrownBy(jobs::get).hasCauseInstanceOf(ViewUnavailableException.class);
        assertThatThrownBy(sources::get).hasCauseInstanceOf(ViewUnavailableException.class);
    }

    @Test
    void shouldEndItsThreadsThoughTheClosingOneIsInterrupted() {
        StreamsView view = new StreamsView(Map.of("bootstrap.servers", "127.0.0.1:1"), topics.names(), topics.registry(),
                dir.resolve("data-interrupted"), "jobwatch", "test", true, Clock.systemUTC(), new SimpleMeterRegistry());
        view.start();

        Thread.currentThread().interrupt();
        view.close();

        assertThat(Thread.interrupted()).isTrue();
        await().atMost(SOON).until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("jobwatch-view")));
    }
}
