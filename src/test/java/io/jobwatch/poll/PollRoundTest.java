package io.jobwatch.poll;

import static io.jobwatch.poll.JobBuilder.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jobwatch.config.SourceConfig;
import io.jobwatch.config.StartFrom;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.source.SourceException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PollRoundTest {
    private static final Instant TIME = Instant.parse("2026-11-22T10:00:00Z");
    private static final Duration DETAILS_TIMEOUT = Duration.ofSeconds(60);

    private final ScriptedSource service = new ScriptedSource();
    private final SettableClock clock = new SettableClock(TIME);
    private final SourceConfig config = Sources.source("encoder", new StartFrom.Now(), Duration.ofSeconds(1), DETAILS_TIMEOUT);
    private final ChangeDetector detector = new ChangeDetector(config);
    private final SourceMemory memory = new SourceMemory();
    private final PollRound round = new PollRound("encoder", service, detector, DETAILS_TIMEOUT, clock);

    @Test
    void shouldLookUpAJobThatIsNoLongerListed() throws Exception {
        service.shows(job("hidden", JobState.PROCESSING)).shows(job("purged", JobState.PROCESSING)).shows(job("listed", JobState.QUEUED));
        poll();
        service.shows(job("hidden", JobState.FINISHED)).hides("hidden").forgets("purged");

        List<JobStateEvent> events = poll();

        assertThat(service.calls()).containsExactlyInAnyOrder("lookup hidden", "lookup purged");
        assertThat(texts(events)).containsExactlyInAnyOrder("hidden FINISHED", "purged PROCESSING gone");
    }

    @Test
    void shouldNotLookUpAJobThatIsGone() throws Exception {
        service.shows(job("1", JobState.PROCESSING));
        poll();
        service.forgets("1");
        poll();
        service.calls();

        assertThat(poll()).isEmpty();
        assertThat(service.calls()).isEmpty();
    }

    @Test
    void shouldLeaveOnlyTheJobWhoseLookUpFailedForTheNextPoll() throws Exception {
        service.shows(job("a", JobState.PROCESSING)).shows(job("b", JobState.PROCESSING)).shows(job("c", JobState.QUEUED));
        poll();
        service.forgets("a").forgets("b").shows(job("c", JobState.SCHEDULED)).failsLookup("a", true);

        assertThat(texts(poll())).containsExactlyInAnyOrder("b PROCESSING gone", "c SCHEDULED");
        assertThat(poll()).isEmpty();
        service.failsLookup("a", false);
        assertThat(texts(poll())).containsExactly("a PROCESSING gone");
    }

    @Test
    void shouldNotLetLookUpsThatAlwaysFailKeepOthersFromTheirTurn() throws Exception {
        for (int i = 0; i < 20; i++) {
            service.shows(job("poisoned-" + i, JobState.PROCESSING)).failsLookup("poisoned-" + i, true);
        }
        service.shows(job("fine", JobState.PROCESSING));
        poll();
        for (int i = 0; i < 20; i++) {
            service.forgets("poisoned-" + i);
        }
        service.forgets("fine");
        List<JobStateEvent> events = new ArrayList<>();

        for (int i = 0; i < 8; i++) {
            events.addAll(poll());
        }

        assertThat(texts(events)).containsExactly("fine PROCESSING gone");
    }

    @Test
    void shouldKeepAPollShortHoweverManyJobsAreMissing() throws Exception {
        for (int i = 0; i < 450; i++) {
            service.shows(job("job-" + i, JobState.PROCESSING));
        }
        poll();
        for (int i = 0; i < 450; i++) {
            service.forgets("job-" + i);
        }

        assertThat(poll()).hasSize(200);
        assertThat(poll()).hasSize(200);
        assertThat(poll()).hasSize(50);
    }

    @Test
    void shouldLeaveAFailingServiceAloneAfterThreeFailedLookUps() throws Exception {
        for (int i = 0; i < 10; i++) {
            service.shows(job("job-" + i, JobState.PROCESSING)).failsLookup("job-" + i, true);
        }
        poll();
        for (int i = 0; i < 10; i++) {
            service.forgets("job-" + i);
        }

        assertThat(poll()).isEmpty();
        assertThat(service.calls()).hasSize(3);
    }

    @Test
    void shouldLookUpLiveJobsBeforeEndedOnesAndOfThoseAFewInTurn() throws Exception {
        poll();
        for (int i = 0; i < 60; i++) {
            service.shows(job("ended-" + i, JobState.FINISHED));
        }
        service.shows(job("live", JobState.PROCESSING));
        poll();
        for (int i = 0; i < 60; i++) {
            service.hides("ended-" + i);
        }
        service.hides("live");
        Set<String> asked = new HashSet<>();

        for (int i = 0; i < 3; i++) {
            poll();
            List<String> calls = service.calls();
            assertThat(calls).hasSize(21).first().isEqualTo("lookup live");
            asked.addAll(calls);
        }

        assertThat(asked).hasSize(61);
    }

    @Test
    void shouldReadTheDetailsOfAStopOnce() throws Exception {
        poll();
        service.shows(job("1", JobState.ERROR).withoutDetails()).shows(job("2", JobState.FINISHED).withoutDetails())
                .shows(job("3", JobState.CANCELED));

        assertThat(poll()).hasSize(3).filteredOn(event -> event.getJobId().equals("1")).singleElement().satisfies(event -> {
            assertThat(event.getDetailsAvailable()).isTrue();
            assertThat(event.getTasks()).hasSize(1);
        });
        assertThat(service.calls()).containsExactly("details 1");
        assertThat(poll()).isEmpty();
        assertThat(service.calls()).isEmpty();
    }

    @Test
    void shouldNotReadTheDetailsOfJobsThatAreOnlyMarked() throws Exception {
        service.shows(job("1", JobState.ERROR).withoutDetails());

        assertThat(poll()).isEmpty();
        assertThat(service.calls()).isEmpty();
        assertThat(memory.present()).containsExactly("1");
    }

    @Test
    void shouldHoldAStopUntilItsDetailsAreRead() throws Exception {
        service.shows(job("1", JobState.PROCESSING)).shows(job("2", JobState.QUEUED));
        poll();
        service.shows(job("1", JobState.ERROR).withoutDetails()).shows(job("2", JobState.SCHEDULED)).failsDetails("1", true);
        assertThat(texts(poll())).containsExactly("2 SCHEDULED");
        clock.advance(DETAILS_TIMEOUT.minusSeconds(1));
        service.failsDetails("1", false);

        assertThat(poll()).singleElement().satisfies(event -> assertThat(event.getDetailsAvailable()).isTrue());
    }

    @Test
    void shouldPublishAStopWithoutDetailsAfterTheTimeout() throws Exception {
        poll();
        service.shows(job("1", JobState.ERROR).withoutDetails()).failsDetails("1", true);
        assertThat(poll()).isEmpty();
        clock.advance(DETAILS_TIMEOUT.minusSeconds(1));
        assertThat(poll()).isEmpty();
        clock.advance(Duration.ofSeconds(1));

        assertThat(poll()).singleElement().satisfies(event -> {
            assertThat(event.getState()).isEqualTo(JobState.ERROR);
            assertThat(event.getDetailsAvailable()).isFalse();
            assertThat(event.getTasks()).isEmpty();
        });
        service.failsDetails("1", false);
        assertThat(poll()).isEmpty();
    }

    @Test
    void shouldNotStartTheTimeoutAnewWhenTheResultCouldNotBePublished() throws Exception {
        poll();
        service.shows(job("1", JobState.ERROR).withoutDetails()).failsDetails("1", true);
        poll();
        clock.advance(DETAILS_TIMEOUT);
        round.observe(memory);

        assertThat(poll()).hasSize(1);
    }

    @Test
    void shouldPublishEveryStopAfterTheTimeoutThoughOnlyAFewCallsMayFailInAPoll() throws Exception {
        poll();
        for (int i = 0; i < 10; i++) {
            service.shows(job("job-" + i, JobState.ERROR).withoutDetails()).failsDetails("job-" + i, true);
        }
        assertThat(poll()).isEmpty();
        clock.advance(DETAILS_TIMEOUT);

        assertThat(poll()).hasSize(10);
    }

    @Test
    void shouldReadTheDetailsOfOtherStopsWhileSomeAlwaysFail() throws Exception {
        poll();
        for (int i = 0; i < 5; i++) {
            service.shows(job("poisoned-" + i, JobState.ERROR).withoutDetails()).failsDetails("poisoned-" + i, true);
        }
        poll();
        service.shows(job("new", JobState.ERROR).withoutDetails());

        assertThat(texts(poll())).containsExactly("new ERROR");
    }

    @Test
    void shouldReadDetailsThoughLookUpsFail() throws Exception {
        for (int i = 0; i < 5; i++) {
            service.shows(job("job-" + i, JobState.PROCESSING)).failsLookup("job-" + i, true);
        }
        poll();
        for (int i = 0; i < 5; i++) {
            service.forgets("job-" + i);
        }
        service.shows(job("stopped", JobState.ERROR).withoutDetails());

        assertThat(texts(poll())).containsExactly("stopped ERROR");
    }

    @Test
    void shouldWaitForDetailsThatThereWasNoRoomToRead() throws Exception {
        poll();
        for (int i = 0; i < 450; i++) {
            service.shows(job("job-" + i, JobState.ERROR).withoutDetails());
        }
        List<JobStateEvent> events = new ArrayList<>();

        for (int i = 0; i < 3; i++) {
            events.addAll(poll());
            clock.advance(DETAILS_TIMEOUT);
        }

        assertThat(events).hasSize(450).allMatch(JobStateEvent::getDetailsAvailable);
    }

    @Test
    void shouldPublishAStopThatWasHeldBackAndIsGoneNow() throws Exception {
        service.shows(job("1", JobState.PROCESSING));
        poll();
        service.shows(job("1", JobState.ERROR).withoutDetails()).failsDetails("1", true);
        assertThat(poll()).isEmpty();
        service.forgets("1");

        List<JobStateEvent> events = new ArrayList<>(poll());
        events.addAll(poll());

        assertThat(texts(events)).containsExactly("1 ERROR", "1 ERROR gone");
        assertThat(events.get(0).getDetailsAvailable()).isFalse();
    }

    @Test
    void shouldLeaveAnUnchangedListingAlone() throws Exception {
        service.shows(job("1", JobState.PROCESSING)).token("v1");
        poll();
        service.forgets("1");

        assertThat(round.observe(memory)).isEmpty();
        assertThat(service.calls()).isEmpty();
    }

    @Test
    void shouldInsistOnAFullListingWhileJobsAreHeld() throws Exception {
        service.shows(job("1", JobState.PROCESSING)).token("v1");
        poll();
        service.shows(job("1", JobState.ERROR).withoutDetails()).token("v2").failsDetails("1", true);
        assertThat(poll()).isEmpty();
        service.failsDetails("1", false);

        assertThat(texts(poll())).containsExactly("1 ERROR");
        assertThat(round.observe(memory)).isEmpty();
    }

    @Test
    void shouldInsistOnAFullListingWhileJobsAreHeldEvenAfterARestart() throws Exception {
        service.shows(job("1", JobState.PROCESSING)).shows(job("2", JobState.QUEUED)).token("v1");
        poll();
        service.shows(job("1", JobState.ERROR).withoutDetails()).shows(job("2", JobState.SCHEDULED)).token("v2").failsDetails("1", true);
        assertThat(texts(poll())).containsExactly("2 SCHEDULED");

        assertThat(new PollRound("encoder", service, detector, DETAILS_TIMEOUT, clock).observe(memory)).isPresent();
    }

    @Test
    void shouldSayOfAStopThatWasHeldBackThatItHappenedBefore() throws Exception {
        service.shows(job("1", JobState.PROCESSING));
        poll();
        clock.advance(Duration.ofSeconds(10));
        service.shows(job("1", JobState.ERROR).withoutDetails()).failsDetails("1", true);
        poll();
        clock.advance(Duration.ofSeconds(10));
        service.failsDetails("1", false);

        assertThat(poll()).singleElement().satisfies(event -> {
            assertThat(event.getNotBefore()).isEqualTo(TIME);
            assertThat(event.getObservedAt()).isEqualTo(TIME.plusSeconds(20));
        });
    }

    /** Its list of what was created since would have grown for ever. */
    @Test
    void shouldGoOnWithAnActiveSetThoughTheLookUpsOfALiveJobNeverSucceed() throws Exception {
        service.shows(job("1", JobState.PROCESSING)).failsLookup("1", true);
        poll();
        service.forgets("1").activeSet("later");

        Observations seen = round.observe(memory).orElseThrow();

        assertThat(seen.held()).containsExactly("1");
        assertThat(seen.token()).contains("later");
    }

    @Test
    void shouldNotGoOnWithAnActiveSetWhileANewStopWaitsForItsTasks() throws Exception {
        service.activeSet("first");
        poll();
        service.shows(job("1", JobState.ERROR).withoutDetails()).failsDetails("1", true).activeSet("later");

        Observations seen = round.observe(memory).orElseThrow();

        assertThat(seen.held()).containsExactly("1");
        assertThat(seen.token()).isEqualTo(memory.token()).contains("first");
    }

    @Test
    void shouldRefuseAnUnchangedListingThatWasNotAskedFor() {
        PollRound first = new PollRound("encoder", new UnchangedSource(), detector, DETAILS_TIMEOUT, clock);

        assertThatThrownBy(() -> first.observe(memory)).isInstanceOf(SourceException.class).hasMessageContaining("unchanged");
    }

    @Test
    void shouldFailWithTheListing() {
        service.shows(job("1", JobState.PROCESSING)).failsToList(new SourceException("HTTP 500"));

        assertThatThrownBy(() -> round.observe(memory)).isInstanceOf(SourceException.class).hasMessage("HTTP 500");
    }

    /** Polls and takes the result over, as the poller does once it is committed. */
    private List<JobStateEvent> poll() throws Exception {
        Optional<Observations> seen = round.observe(memory);
        Changes changes = detector.detect(memory, seen.orElseThrow());
        memory.succeeded(seen.get().startedAt(), seen.get().token(), changes.badItems(), changes.memory());
        return changes.events();
    }

    private static List<String> texts(List<JobStateEvent> events) {
        return events.stream().map(event -> event.getJobId() + " " + event.getState() + (event.getGone() ? " gone" : "")).toList();
    }
}
