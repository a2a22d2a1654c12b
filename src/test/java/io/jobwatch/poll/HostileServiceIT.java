package io.jobwatch.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jobwatch.event.SourceStatus;
import io.jobwatch.source.JobSources;
import io.jobwatch.topic.TestTopics;
import io.micrometer.core.instrument.Counter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Services that misbehave, over real sockets, from the request to the topics. */
class HostileServiceIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Map<String, List<String>> UNCHANGED = jobs(List.of("v1"));
    private static final Map<String, List<String>> CHANGED_ONCE = jobs(List.of("v1", "v2"));

    @TempDir
    private static Path brokerDir;
    private static TestTopics topics;
    private static HostileStory story;

    @BeforeAll
    static void playTheStory() throws Exception {
        topics = new TestTopics(brokerDir);
        story = new HostileStory(topics);
        story.play();
    }

    @AfterAll
    static void stop() throws Exception {
        story.close();
        topics.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldPublishNothingOfAPollThatFailedAndLeaveTheCursorWhereItWas(Hostility kind) {
        String source = HostileStory.name(kind);

        assertThat(story.before().names().get(source)).isEqualTo(UNCHANGED);
        assertThat(story.hostile().names().get(source)).as("though the first page of each poll held news").isEqualTo(UNCHANGED);
        assertThat(story.hostile().cursors().get(source)).isEqualTo(story.before().cursors().get(source));
    }

    @ParameterizedTest
    @EnumSource
    void shouldCatchUpExactlyOnceWhenTheServiceIsWellAgain(Hostility kind) {
        String source = HostileStory.name(kind);

        assertThat(story.after().names().get(source)).isEqualTo(CHANGED_ONCE);
        assertThat(story.after().statuses().get(source)).satisfies(status -> {
            assertThat(status.getFailuresInRow()).isZero();
            assertThat(status.getFailure()).isNull();
            assertThat(status.getLastSuccessAt()).isAfter(story.hostile().statuses().get(source).getLastSuccessAt());
        });
    }

    @ParameterizedTest
    @EnumSource
    void shouldSayWhatIsWrongWithoutTheToken(Hostility kind) {
        SourceStatus status = story.hostile().statuses().get(HostileStory.name(kind));

        assertThat(status.getFailure()).containsPattern(kind.reason()).doesNotContain(HostileService.TOKEN);
        assertThat(status.getLastSuccessAt()).isEqualTo(story.before().statuses().get(HostileStory.name(kind)).getLastSuccessAt());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "REFUSED")
    void shouldAskOnceAPollAndEverMoreSeldom(Hostility kind) {
        String source = HostileStory.name(kind);
        int failures = story.hostile().statuses().get(source).getFailuresInRow();

        assertThat(story.hostile().strikes().get(source)).isBetween(failures, failures + 1);
        assertThat(story.hostile().told(kind)).filteredOn(status -> status.getFailuresInRow() > 0).allSatisfy(status -> {
            long full = Hostility.ASKING.contains(kind) ? Hostility.ASKED.toMillis()
                    : Math.min(60_000, 800L << (status.getFailuresInRow() - 1));
            long least = Hostility.ASKING.contains(kind) ? full : full / 2;
            assertThat(Duration.between(status.getLastPollAt(), status.getNextPollAt()).toMillis()).isGreaterThanOrEqualTo(least);
        });
    }

    /** The clock of a service that tells the time of its return as a date may be years off. */
    @ParameterizedTest
    @EnumSource(names = {"TOO_MANY_REQUESTS", "TOO_MANY_REQUESTS_DATE", "UNAVAILABLE", "UNAVAILABLE_DATE"})
    void shouldLeaveAServiceAloneForJustAsLongAsItAsks(Hostility kind) {
        SourceStatus status = story.hostile().statuses().get(HostileStory.name(kind));

        assertThat(status.getFailuresInRow()).isEqualTo(1);
        assertThat(story.hostile().strikes().get(HostileStory.name(kind))).as("requests until a second before").isEqualTo(1);
        assertThat(status.getNextPollAt()).isEqualTo(status.getLastPollAt().plus(Hostility.ASKED));
    }

    @Test
    void shouldAskAServiceThatAnswers500ForMinutesEverMoreSeldomUpToAMinute() {
        Map<Integer, Long> pauses = story.hostile().told(Hostility.ERRORS).stream().filter(status -> status.getFailuresInRow() > 0)
                .collect(Collectors.toMap(SourceStatus::getFailuresInRow,
                        status -> Duration.between(status.getLastPollAt(), status.getNextPollAt()).toMillis(), (one, same) -> one));

        assertThat(pauses).hasSizeGreaterThanOrEqualTo(8).hasSizeLessThan(14);
        pauses.forEach((failures, pause) -> {
            long full = Math.min(60_000, 800L << (failures - 1));
            assertThat(pause).as("after failure " + failures).isBetween(full / 2, full);
        });
    }

    @Test
    void shouldNotFollowARedirectToAnotherHost() {
        assertThat(story.service(Hostility.REDIRECT).strikes()).isPositive();
        assertThat(story.service(Hostility.REDIRECT).requestsElsewhere()).isEmpty();
    }

    @Test
    void shouldPublishTheGoodItemsOfAPageAndTheBadOneOnceAsADeadLetter() {
        String source = HostileStory.BAD_ITEM_SOURCE;

        assertThat(story.hostile().names().get(source)).isEqualTo(CHANGED_ONCE);
        assertThat(story.after().names().get(source)).isEqualTo(CHANGED_ONCE);
        assertThat(story.after().statuses().get(source)).satisfies(status -> {
            assertThat(status.getFailuresInRow()).isZero();
            assertThat(status.getBadItems()).isEqualTo(1);
        });
        assertThat(topics.read(topics.names().deadLetters()))
                .filteredOn(letter -> new String(letter.key(), StandardCharsets.UTF_8).equals(source))
                .singleElement().satisfies(letter -> assertThat(letter.value()).asString().isEqualTo(HostileService.BAD_ITEM));
    }

    @Test
    void shouldTakeTwentyThousandJobsAndOnlyTheirChangesAfterwards() throws Exception {
        try (CrowdedService service = new CrowdedService(20_000)) {
            PollerFixture fixture = new PollerFixture(topics, "crowded");
            fixture.source(service.source("crowded", Duration.ofMillis(500)), config -> JobSources.create(config, Clock.systemUTC()));
            try (Poller poller = fixture.poller("one")) {
                poller.start();
                await("all jobs").atMost(SOON).until(() -> published(fixture) == 20_000);
                service.failsOnTheLastPage(true);
                service.renamesEachHundredth("v2");
                int listings = service.listings();
                await("failed polls").atMost(SOON).until(() -> service.listings() >= listings + 3);
                assertThat(published(fixture)).as("published of polls whose last page failed").isEqualTo(20_000);
                service.failsOnTheLastPage(false);
                await("the changes").atMost(SOON).until(() -> published(fixture) >= 20_200);
                int later = service.listings();
                await("more polls").atMost(SOON).until(() -> service.listings() >= later + 3);
            }

            Map<String, List<String>> names = fixture.names("crowded");
            assertThat(names).hasSize(20_000);
            assertThat(names.entrySet()).allMatch(job -> job.getValue()
                    .equals(service.isRenamed(job.getKey()) ? List.of("v1", "v2") : List.of("v1")));
        }
    }

    @Test
    void shouldLeaveTheSchedulesOfFortyNineSourcesAsTheyWereBesideABrokenOne() throws Exception {
        try (Neighbours neighbours = new Neighbours(new PollerFixture(topics, "neighbours"))) {
            List<Neighbours.Punctuality> measured = neighbours.measure();

            measured.forEach(System.out::println);
            assertThat(measured).allSatisfy(punctuality -> {
                assertThat(punctuality.planned()).isGreaterThanOrEqualTo(Neighbours.WELL);
                assertThat(punctuality.missed()).as(punctuality.toString()).isEqualTo(Set.of());
            });
        }
    }

    private static double published(PollerFixture fixture) {
        return fixture.meters.find("jobwatch.poll.events").tag("source", "crowded").counters().stream()
                .mapToDouble(Counter::count).sum();
    }

    private static Map<String, List<String>> jobs(List<String> names) {
        return IntStream.rangeClosed('a', 'd').mapToObj(Character::toString).collect(Collectors.toMap(id -> id, id -> names));
    }
}
