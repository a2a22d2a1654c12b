package io.jobwatch.query;

import static io.jobwatch.query.Records.NOON;
import static io.jobwatch.query.Records.source;
import static io.jobwatch.query.Records.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStatus;
import io.jobwatch.topic.TestTopics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A topic of the same name that is another one, with more in it than what had been read of the first. */
class ViewOriginIT {
    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    private static Path dir;
    private static TestTopics topics;

    @BeforeAll
    static void startBroker() {
        topics = new TestTopics(dir.resolve("broker"));
    }

    @AfterAll
    static void stopBroker() {
        topics.close();
    }

    @Test
    void shouldShowNothingOfATopicThatWasMadeAnewBetweenTwoStarts() throws Exception {
        Path folder = dir.resolve("restarted/query/jobwatch-query-test");
        Path other = Files.createDirectories(dir.resolve("restarted/query/jobwatch-query-another/global"));
        Path early = Files.createDirectories(folder.resolve("global/rocksdb"));
        topics.send(jobs("old", 5));
        try (StreamsView view = view("restarted", new GatedRegistry(topics.registry()))) {
            view.start();
            awaitOnly(view, "old", 5);
        }
        assertThat(early).doesNotExist();
        List<Path> before = children(folder);
        assertThat(before).hasSize(1);
        topics.recreate(topics.names().jobStatus());
        topics.send(jobs("new", 30));

        try (StreamsView view = view("restarted", new GatedRegistry(topics.registry()))) {
            view.start();
            awaitOnly(view, "new", 30);
        }

        assertThat(children(folder)).hasSize(1).doesNotContainAnyElementsOf(before);
        assertThat(other).exists();
        topics.recreate(topics.names().jobStatus());
    }

    /** The view waits for a schema meanwhile, and so does not notice that its offsets were beyond the end. */
    @Test
    void shouldShowNothingOfATopicThatWasMadeAnewWhileItRuns() throws Exception {
        GatedRegistry registry = new GatedRegistry(topics.registry());
        topics.send(jobs("old", 5));
        try (StreamsView view = view("running", registry)) {
            view.start();
            awaitOnly(view, "old", 5);
            registry.shut();
            topics.send(List.of(topics.record(topics.names().sourceStatus(), "s", source("s").build())));
            await().atMost(SOON).until(() -> registry.waiting() == 1);
            topics.recreate(topics.names().jobStatus());
            topics.send(jobs("new", 30));
            registry.open();

            awaitOnly(view, "new", 30);
        }
        topics.recreate(topics.names().jobStatus());
    }

    private static StreamsView view(String dataDir, GatedRegistry registry) {
        return new StreamsView(topics.kafkaProps(), topics.names(), registry, dir.resolve(dataDir), "jobwatch", "test", false,
                Clock.systemUTC(), new SimpleMeterRegistry());
    }

    /** Waits until the view is known to have everything, and to have those jobs and no others. */
    private static void awaitOnly(View view, String name, int count) {
        long calledAt = System.nanoTime();
        await().atMost(SOON).ignoreException(ViewUnavailableException.class).untilAsserted(() -> {
            assertThat(view.lag()).isLessThan(Duration.ofNanos(System.nanoTime() - calledAt));
            assertThat(view.jobs(JobQuery.all(100)).items()).extracting(JobStatus::getJobId)
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, count).mapToObj(i -> name + "-" + i).toList());
        });
    }

    private static List<ProducerRecord<byte[], byte[]>> jobs(String name, int count) {
        return IntStream.range(0, count).mapToObj(i -> topics.record(topics.names().jobStatus(), "s/" + name + "-" + i,
                status("s", name + "-" + i, JobState.QUEUED, NOON).build())).toList();
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
