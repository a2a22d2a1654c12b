package io.jobwatch.poll;

import static io.jobwatch.poll.JobBuilder.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jobwatch.config.AuthConfig;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.config.SourceOptions;
import io.jobwatch.config.StartFrom;
import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.PollCursor;
import io.jobwatch.event.SourceStatus;
import io.jobwatch.source.SourceException;
import io.jobwatch.topic.TestTopics;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class PollerIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final Duration CLOSING = Duration.ofSeconds(20);

    @TempDir
    private static Path brokerDir;
    private static TestTopics topics;

    private String application;
    private String source;
    private PollerFixture fixture;

    @BeforeAll
    static void startBroker() {
        topics = new TestTopics(brokerDir);
    }

    @AfterAll
    static void stopBroker() {
        topics.close();
    }

    /** The broker is shared, so each test has an application and sources of its own. */
    @BeforeEach
    void nameApplication(TestInfo test) {
        application = test.getTestMethod().orElseThrow().getName();
        source = "s" + Integer.toHexString(application.hashCode());
        fixture = new PollerFixture(topics, application);
    }

    @Test
    void shouldPublishWhatItSawAndRememberIt() throws Exception {
        fixture.source(source).shows(job("1", JobState.QUEUED).named("v1"));
        try (Poller poller = fixture.poller("one")) {
            poller.start();
            await().atMost(SOON).until(() -> fixture.events(source).size() == 1 && fixture.status(source).isPresent());
        }

        assertThat(fixture.cursors(source)).extracting(PollCursor::getJobId).containsExactlyInAnyOrder("1", null);
        assertThat(fixture.status(source).orElseThrow()).satisfies(status -> {
            assertThat(status.getOwner()).isEqualTo("one");
            assertThat(status.getJobsSeen()).isEqualTo(1);
            assertThat(status.getJobsActive()).isEqualTo(1);
            assertThat(status.getLastSuccessAt()).isNotNull();
            assertThat(status.getFailure()).isNull();
        });
        Map<TopicPartition, OffsetAndMetadata> proof = topics.admin().listConsumerGroupOffsets(application + "-poll")
                .partitionsToOffsetAndMetadata().get();
        assertThat(proof).containsKey(new TopicPartition(topics.names().pollCursors(), Lanes.of(source)));
        await().atMost(SOON).until(() -> !fixture.threadsLeft());
    }

    @Test
    void shouldRepeatNothingAfterARestart() {
        ScriptedSource service = fixture.source(source).shows(job("1", JobState.QUEUED).named("v1"))
                .shows(job("2", JobState.ERROR).named("v1"));
        try (Poller poller = fixture.poller("one")) {
            poller.start();
            await().atMost(SOON).until(() -> fixture.events(source).size() == 2);
        }
        service.shows(job("1", JobState.PROCESSING).named("v2")).forgets("2");
        try (Poller poller = fixture.poller("two")) {
            poller.start();
            await().atMost(SOON).until(() -> fixture.events(source).size() >= 4);
            int lists = service.lists();
            await().atMost(SOON).until(() -> service.lists() > lists + 3);
        }

        assertThat(fixture.names(source)).isEqualTo(Map.of("1", List.of("v1", "v2"), "2", List.of("v1", "v1")));
        assertThat(fixture.events(source)).filteredOn(event -> event.getJobId().equals("2")).extracting(JobStateEvent::getGone)
                .containsExactly(false, true);
    }

    @Test
    void shouldKeepABadItemOnceAsADeadLetterOverARestart() {
        byte[] item = "{\"Id\": null}".getBytes(StandardCharsets.UTF_8);
        ScriptedSource service = fixture.source(source).shows(job("1", JobState.QUEUED).named("v1")).showsBad(item);
        for (String owner : List.of("one", "two")) {
            int lists = service.lists();
            try (Poller poller = fixture.poller(owner)) {
                poller.start();
                await().atMost(SOON).until(() -> service.lists() > lists + 2);
            }
        }

        assertThat(topics.read(topics.names().deadLetters()))
                .filteredOn(letter -> new String(letter.key(), StandardCharsets.UTF_8).equals(source)).singleElement()
                .satisfies(letter -> {
                    assertThat(letter.value()).isEqualTo(item);
                    assertThat(letter.headers().lastHeader("jobwatch.origin").value()).asString().isEqualTo("poll");
                    assertThat(letter.headers().lastHeader("jobwatch.source").value()).asString().isEqualTo(source);
                    assertThat(letter.headers().lastHeader("__streams.errors.message").value()).asString().isEqualTo("not a job");
                });
        assertThat(fixture.meters.counter("jobwatch.dead.letters", "origin", "poll", "reason", "BAD_ITEM").count()).isEqualTo(1);
        assertThat(fixture.names(source)).as("the good item of the same page").containsOnlyKeys("1");
    }

    @Test
    void shouldPublishEachChangeOnceWhileInstancesComeAndGo() {
        List<String> names = IntStream.range(0, 8).mapToObj(i -> source + "-" + i).toList();
        names.forEach(fixture::source);
        int version = 0;
        Poller one = fixture.poller("one");
        one.start();
        version = change(names, version, 5);
        Poller two = fixture.poller("two");
        two.start();
        await().atMost(SOON).until(() -> Set.copyOf(fixture.owners(source).values()).equals(Set.of("one", "two")));
        version = change(names, version, 5);
        one.close();
        version = change(names, version, 5);
        await().atMost(SOON).until(() -> Set.copyOf(fixture.owners(source).values()).equals(Set.of("two")));
        two.close();

        List<String> all = IntStream.rangeClosed(1, version).mapToObj(v -> "v" + v).toList();
        assertThat(names).allSatisfy(name -> assertThat(fixture.names(name)).isEqualTo(Map.of("1", all)));
        await().atMost(SOON).until(() -> !fixture.threadsLeft());
    }

    /** Whatever a service says is cut to what fits, but a topic may have been given a lower limit. */
    @Test
    void shouldPublishAtTheNextPollWhatCouldNotBePublished() throws Exception {
        byte[] noise = new byte[4_000];
        new Random(1).nextBytes(noise);
        String tooLong = HexFormat.of().formatHex(noise);   // compresses badly
        ScriptedSource service = fixture.source(source).shows(job("1", JobState.QUEUED).reason("v1"))
                .shows(job("2", JobState.QUEUED).reason("v1"));
        limitEvents(AlterConfigOp.OpType.SET, "3000");
        try (Poller poller = fixture.poller("one")) {
            poller.start();
            await().atMost(SOON).until(() -> fixture.events(source).size() == 2);
            service.shows(job("1", JobState.SCHEDULED).reason("v2"), job("2", JobState.SCHEDULED).reason("v2")
                    .task("1", JobState.ERROR, new ErrorDetail("E", tooLong)));
            await().atMost(SOON).until(() -> fixture.status(source).map(SourceStatus::getFailuresInRow).orElse(0) >= 2);
            assertThat(fixture.status(source).orElseThrow().getFailure()).contains("could not be published");
            assertThat(fixture.events(source)).hasSize(2);
            service.shows(job("2", JobState.SCHEDULED).reason("v2"));
            await().atMost(SOON).until(() -> fixture.events(source).size() == 4);
        } finally {
            limitEvents(AlterConfigOp.OpType.DELETE, "");
        }

        assertThat(fixture.events(source)).extracting(JobStateEvent::getNativeReason).containsExactlyInAnyOrder("v1", "v1", "v2", "v2");
    }

    private static void limitEvents(AlterConfigOp.OpType operation, String bytes) throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, topics.names().jobStateEvents());
        topics.admin().incrementalAlterConfigs(Map.of(topic, List.of(new AlterConfigOp(
                new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, bytes), operation)))).all().get();
    }

    @Test
    void shouldTellTheStatusOfASourceThatIsPolledSeldomEveryThirtySeconds() {
        SettableClock clock = new SettableClock(Instant.parse("2026-11-22T10:00:00Z"));
        fixture.source(source, Duration.ofHours(1));
        try (Poller poller = fixture.poller("one", clock)) {
            poller.start();
            await().atMost(SOON).until(() -> fixture.statuses(source).size() == 1);
            clock.advance(Duration.ofSeconds(29));
            await().during(Duration.ofSeconds(3)).atMost(SOON).until(() -> fixture.statuses(source).size() == 1);
            clock.advance(Duration.ofSeconds(1));
            await().atMost(SOON).until(() -> fixture.statuses(source).size() == 2);
        }

        assertThat(fixture.statuses(source)).extracting(SourceStatus::getUpdatedAt)
                .containsExactly(Instant.parse("2026-11-22T10:00:00Z"), Instant.parse("2026-11-22T10:00:30Z"));
        assertThat(fixture.statuses(source).get(1).getLastPollAt()).isEqualTo(Instant.parse("2026-11-22T10:00:00Z"));
    }

    @Test
    void shouldTellWhenASourceFailsAndWhenItAnswersAgain() {
        ScriptedSource service = fixture.source(source).failsToList(new SourceException("HTTP 503"));
        try (Poller poller = fixture.poller("one")) {
            poller.start();
            await().atMost(SOON).until(() -> fixture.status(source).map(SourceStatus::getFailuresInRow).orElse(0) >= 2);
            assertThat(fixture.status(source).orElseThrow().getFailure()).isEqualTo("HTTP 503");
            assertThat(fixture.status(source).orElseThrow().getLastSuccessAt()).isNull();
            service.failsToList(null);
            await().atMost(SOON).until(() -> fixture.status(source).orElseThrow().getFailuresInRow() == 0);
        }

        assertThat(fixture.status(source).orElseThrow().getFailure()).isNull();
        assertThat(fixture.status(source).orElseThrow().getLastSuccessAt()).isNotNull();
    }

    @Test
    void shouldNotLetASourceThatHangsDelayAnotherOfItsLane() {
        String neighbour = neighbour();
        CountDownLatch stopped = new CountDownLatch(1);
        ScriptedSource hanging = fixture.source(source).blocks(stopped, true);
        ScriptedSource fine = fixture.source(neighbour).shows(job("1", JobState.QUEUED).named("v1"));
        Poller poller = fixture.poller("one");
        poller.start();
        await().atMost(SOON).until(() -> hanging.lists() == 1 && fixture.events(neighbour).size() == 1);
        fine.shows(job("1", JobState.SCHEDULED).named("v2"));
        await().atMost(SOON).until(() -> fixture.events(neighbour).size() == 2);

        Assertions.assertTimeoutPreemptively(CLOSING, poller::close);

        stopped.countDown();
        await().atMost(SOON).until(() -> !fixture.threadsLeft());
        assertThat(hanging.closed()).isEqualTo(1);
    }

    @Test
    void shouldNotLetABugInOneSourceStopAnotherOfItsLane() {
        String neighbour = neighbour();
        fixture.source(source).hasBug(new IllegalStateException("nobody thought of that"));
        ScriptedSource fine = fixture.source(neighbour).shows(job("1", JobState.QUEUED).named("v1"));
        try (Poller poller = fixture.poller("one")) {
            poller.start();
            await().atMost(SOON).until(() -> fixture.status(source).map(SourceStatus::getFailuresInRow).orElse(0) >= 3);
            fine.shows(job("1", JobState.SCHEDULED).named("v2"));
            await().atMost(SOON).until(() -> fixture.events(neighbour).size() == 2);
        }

        assertThat(fixture.status(source).orElseThrow().getFailure()).contains("nobody thought of that");
        assertThat(fine.closed()).as("how often its lane was opened").isEqualTo(1);
    }

    /** The poller does not remember it yet, so it seemed idle, and the service might have forgotten the job by the next poll. */
    @Test
    void shouldNotLetANewStopThatWaitsForItsTasksWaitForAnIdleInterval() {
        SourceConfig config = new SourceConfig(source, "ams-v2", URI.create("http://127.0.0.1:1"), "contoso", Optional.empty(),
                Duration.ofMillis(50), Duration.ofSeconds(5), Duration.ofSeconds(60), new StartFrom.All(), new AuthConfig.None(),
                Duration.ofHours(1), Optional.empty(), Optional.empty(), new SourceOptions.None());
        ScriptedSource service = new ScriptedSource().shows(job("1", JobState.ERROR).withoutDetails()).failsDetails("1", true);
        fixture.source(config, same -> service);
        try (Poller poller = fixture.poller("one")) {
            poller.start();
            await().atMost(SOON).until(() -> service.lists() > 20);
        }
    }

    @Test
    void shouldCloseThoughItWasNeverStarted() {
        fixture.source(source);
        Poller poller = fixture.poller("one");

        Assertions.assertTimeoutPreemptively(CLOSING, poller::close);

        assertThat(fixture.threadsLeft()).isFalse();
    }

    /** Changes every job several times, each time when the last change of all is published. */
    private int change(List<String> names, int from, int times) {
        int version = from;
        for (int i = 0; i < times; i++) {
            version++;
            JobBuilder job = job("1", JobState.PROCESSING).named("v" + version);
            names.forEach(name -> fixture.source(name).shows(job));
            String last = "v" + version;
            await().atMost(SOON).until(() -> {
                Map<String, String> published = fixture.lastNames(source);
                return published.size() == names.size() && Set.copyOf(published.values()).equals(Set.of(last));
            });
        }
        return version;
    }

    /** {@return the name of another source on the same lane} */
    private String neighbour() {
        return IntStream.range(0, 10_000).mapToObj(i -> source + "-" + i).filter(name -> Lanes.of(name) == Lanes.of(source))
                .findFirst().orElseThrow();
    }
}
