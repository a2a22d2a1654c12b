package io.jobwatch.query;

import static io.jobwatch.query.Records.NOON;
import static io.jobwatch.query.Records.report;
import static io.jobwatch.query.Records.source;
import static io.jobwatch.query.Records.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStatus;
import io.jobwatch.query.Summary.Failures;
import io.jobwatch.topic.JobKey;
import io.jobwatch.topic.TestTopics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamsViewIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);

    @TempDir
    private Path dir;
    private TestTopics topics;

    @BeforeEach
    void startBroker() {
        topics = new TestTopics(dir.resolve("broker"));
    }

    @AfterEach
    void stopBroker() {
        topics.close();
    }

    @Test
    void shouldShowWhatIsCommittedAndNothingElse() {
        topics.send(List.of(job("1", JobState.QUEUED, NOON)));
        topics.begin(List.of(job("1", JobState.FINISHED, NOON.plusSeconds(1)), job("2", JobState.QUEUED, NOON)));
        try (StreamsView view = view(topics.kafkaProps(), false)) {
            view.start();
            await().atMost(SOON).until(view::ready);
            // The view is known to be younger than its start, and still without what is not committed.
            awaitFresh(view);
            assertThat(state(view, "1")).isEqualTo(JobState.QUEUED);
            assertThat(view.job(new JobKey("s", "2"))).isEmpty();
            assertThat(view.summary().jobs()).isEqualTo(Map.of("s", Map.of(JobState.QUEUED, 1L)));

            topics.abort();
            topics.send(List.of(job("3", JobState.QUEUED, NOON)));

            await().atMost(SOON).until(() -> view.job(new JobKey("s", "3")).isPresent());
            assertThat(state(view, "1")).isEqualTo(JobState.QUEUED);
            assertThat(view.job(new JobKey("s", "2"))).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldAnswerTheSameAfterARestart(boolean inMemory) throws IOException {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            records.add(job(Integer.toString(i), i % 2 == 0 ? JobState.QUEUED : JobState.ERROR, NOON.plusSeconds(i)));
        }
        records.add(stop("1", 1, "X"));
        records.add(stop("1", 2, "Y"));
        records.add(topics.record(topics.names().sourceStatus(), "s", source("s").build()));
        topics.send(records);
        Summary summary;
        try (StreamsView view = view(topics.kafkaProps(), inMemory)) {
            view.start();
            // A transaction becomes visible partition by partition, some time after its commit has returned.
            await().atMost(SOON).until(() -> view.ready() && readAll(view).size() == 120 && view.summary().failures().size() == 2
                    && view.sources().size() == 1);
            assertThat(readAll(view)).startsWith("119", "118").doesNotHaveDuplicates();
            summary = view.summary();
            assertThat(summary.jobs()).isEqualTo(Map.of("s", Map.of(JobState.QUEUED, 60L, JobState.ERROR, 60L)));
            assertThat(summary.oldestQueued()).hasValueSatisfying(waiting -> assertThat(waiting.jobId()).isEqualTo("0"));
            assertThat(summary.failures()).containsExactly(new Failures("s", "X", 1), new Failures("s", "Y", 1));
        }
        // One job goes, one changes, one comes while the view is away.
        topics.send(List.of(tombstone("0"), job("1", JobState.QUEUED, NOON.plusSeconds(500)),
                job("new", JobState.QUEUED, NOON.plusSeconds(501))));

        try (StreamsView view = view(topics.kafkaProps(), inMemory)) {
            view.start();
            await().atMost(SOON).until(view::ready);

            await().atMost(SOON).untilAsserted(() -> assertThat(readAll(view)).hasSize(120).startsWith("new", "1", "119")
                    .doesNotContain("0").doesNotHaveDuplicates());
            assertThat(view.summary().jobs()).isEqualTo(Map.of("s", Map.of(JobState.QUEUED, 61L, JobState.ERROR, 59L)));
            assertThat(view.summary().failures()).isEqualTo(summary.failures());
            assertThat(view.report(new JobKey("s", "1"), OptionalInt.empty())).map(JobErrorReport::getAttempt).contains(2);
            assertThat(view.report(new JobKey("s", "1"), OptionalInt.of(1))).map(JobErrorReport::getAttempt).contains(1);
            assertThat(view.report(new JobKey("s", "1"), OptionalInt.of(3))).isEmpty();
            assertThat(view.report(new JobKey("s", "2"), OptionalInt.empty())).isEmpty();
            assertThat(view.sources()).extracting("source").containsExactly("s");
            assertThat(onDisk()).isEqualTo(!inMemory);
        }
    }

    /** With a limit of 500 and records as large as the topic takes, a page could be half a gigabyte. */
    @Test
    void shouldEndAPageOfLargeRecordsEarly() {
        topics.send(IntStream.range(0, 20).mapToObj(i -> stop(Integer.toString(i), 1, "x".repeat(900_000))).toList());
        try (StreamsView view = view(topics.kafkaProps(), true)) {
            view.start();
            await().atMost(SOON).until(() -> view.ready() && view.summary().failures().stream().mapToLong(Failures::count).sum() == 20);

            Page<JobErrorReport> first = view.failures(FailureQuery.all(500));
            Page<JobErrorReport> second = view.failures(FailureQuery.all(500).after(first.next().orElseThrow()));

            assertThat(List.of(first.items().size(), second.items().size())).containsExactly(10, 10);
            assertThat(second.next()).isEmpty();
        }
    }

    @Test
    void shouldTellWatchersOfChangesAndOfItsEnd() {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        StreamsView view = view(topics.kafkaProps(), true);
        try (view) {
            // Registered before the first generation of stores.
            view.watch(new JobKey("s", "1"), () -> seen.add(view.ready() ? state(view, "1").name() : "no answer"));
            view.start();
            await().atMost(SOON).until(view::ready);

            topics.send(List.of(job("1", JobState.QUEUED, NOON), job("2", JobState.QUEUED, NOON)));
            await().atMost(SOON).untilAsserted(() -> assertThat(seen).containsExactly("QUEUED"));
            topics.send(List.of(job("1", JobState.FINISHED, NOON)));
            await().atMost(SOON).untilAsserted(() -> assertThat(seen).containsExactly("QUEUED", "FINISHED"));
        }

        assertThat(seen).containsExactly("QUEUED", "FINISHED", "no answer");
    }

    @Test
    void shouldBeReadOnceItsFolderIsMended() throws Exception {
        Path blocked = Files.writeString(Files.createDirectories(dir.resolve("data")).resolve("query"), "a file, and no folder");
        try (StreamsView view = view(topics.kafkaProps(), false)) {
            view.start();
            await().during(Duration.ofSeconds(1)).until(() -> !view.ready());

            Files.delete(blocked);

            await().atMost(SOON).until(view::ready);
        }
    }

    @Test
    void shouldSayHowOldItIsAndAgeWithoutABroker() {
        try (StreamsView view = view(topics.kafkaProps(), true)) {
            view.start();
            await().atMost(SOON).until(view::ready);
            awaitFresh(view);
            topics.close();

            await().atMost(SOON).until(() -> view.lag().compareTo(Duration.ofSeconds(4)) > 0);

            // Old, but still there.
            assertThat(view.ready()).isTrue();
            assertThat(view.jobs(JobQuery.all(10)).items()).isEmpty();
        }
    }

    @Test
    void shouldWaitForABrokerThatIsNotThere() {
        try (StreamsView view = view(Map.of("bootstrap.servers", "127.0.0.1:1"), true)) {
            view.start();

            assertThat(view.ready()).isFalse();
            assertThatThrownBy(view::summary).isInstanceOf(ViewUnavailableException.class);
        }
        await().atMost(SOON).until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("jobwatch-view")));
    }

    private StreamsView view(Map<String, Object> kafkaProps, boolean inMemory) {
        return new StreamsView(kafkaProps, topics.names(), topics.registry(), dir.resolve("data"), "jobwatch", "test", inMemory, CLOCK,
                new SimpleMeterRegistry());
    }

    private boolean onDisk() throws IOException {
        try (Stream<Path> files = Files.walk(Files.createDirectories(dir.resolve("data")))) {
            return files.anyMatch(file -> file.endsWith("jobwatch-query-test/global/rocksdb"));
        }
    }

    private static void awaitFresh(StreamsView view) {
        await().atMost(SOON).until(() -> view.lag().compareTo(Duration.ofSeconds(2)) < 0);
    }

    private static JobState state(View view, String jobId) {
        return view.job(new JobKey("s", jobId)).map(JobStatus::getState).orElseThrow();
    }

    private static List<String> readAll(View view) {
        List<String> ids = new ArrayList<>();
        Page<JobStatus> page = view.jobs(JobQuery.all(50));
        page.items().forEach(job -> ids.add(job.getJobId()));
        while (page.next().isPresent()) {
            page = view.jobs(JobQuery.all(50).after(page.next().get()));
            page.items().forEach(job -> ids.add(job.getJobId()));
        }
        return ids;
    }

    private ProducerRecord<byte[], byte[]> job(String jobId, JobState state, Instant changedAt) {
        return topics.record(topics.names().jobStatus(), "s/" + jobId, status("s", jobId, state, changedAt).build());
    }

    private ProducerRecord<byte[], byte[]> stop(String jobId, int attempt, String code) {
        return topics.record(topics.names().jobErrorReports(), "s/" + jobId, report("s", jobId, NOON, code).setAttempt(attempt).build());
    }

    private ProducerRecord<byte[], byte[]> tombstone(String jobId) {
        return new ProducerRecord<>(topics.names().jobStatus(), ("s/" + jobId).getBytes(StandardCharsets.UTF_8), null);
    }
}
