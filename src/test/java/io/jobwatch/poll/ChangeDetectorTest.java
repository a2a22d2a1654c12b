package io.jobwatch.poll;

import static io.jobwatch.poll.JobBuilder.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.config.StartFrom;
import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.Task;
import io.jobwatch.source.BadItem;
import io.jobwatch.source.Bounds;
import io.jobwatch.source.ObservedJob;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChangeDetectorTest {
    private static final Instant TIME = Instant.parse("2026-11-22T10:00:00Z");

    private final SourceMemory memory = new SourceMemory();
    private ChangeDetector detector = detector(new StartFrom.Now());
    private Instant now = TIME;

    @Test
    void shouldPublishLiveJobsOfTheFirstPollAndMarkEndedOnes() {
        Changes changes = poll(job("live", JobState.PROCESSING), job("odd", JobState.UNKNOWN), job("ended", JobState.FINISHED),
                job("failed", JobState.ERROR));

        assertThat(ids(changes)).containsExactly("live", "odd");
        assertThat(changes.memory().keySet()).containsExactly("live", "odd", "ended", "failed");
        assertThat(poll(job("live", JobState.PROCESSING), job("odd", JobState.UNKNOWN), job("ended", JobState.FINISHED),
                job("failed", JobState.ERROR)).isEmpty()).isTrue();
    }

    @Test
    void shouldPublishEndedJobsOfTheFirstPollWhenToldToStartFromAll() {
        detector = detector(new StartFrom.All());

        assertThat(ids(poll(job("live", JobState.QUEUED), job("ended", JobState.CANCELED)))).containsExactly("live", "ended");
    }

    @Test
    void shouldStartFromADurationByTheEndElseTheCreationOfAJob() {
        detector = detector(new StartFrom.Since(Duration.ofHours(1)));
        Instant old = TIME.minus(Duration.ofHours(1)).minusMillis(1);
        Instant recent = TIME.minus(Duration.ofHours(1));

        assertThat(ids(poll(job("old", JobState.ERROR).created(recent).ended(old), job("recent", JobState.ERROR).created(old).ended(recent),
                job("created-long-ago", JobState.ERROR).created(old), job("created-recently", JobState.ERROR).created(recent),
                job("no-time", JobState.ERROR), job("live", JobState.QUEUED).created(old))))
                .containsExactly("recent", "created-recently", "no-time", "live");
    }

    @Test
    void shouldPublishJobsThatEndedUnseenAfterTheFirstPoll() {
        poll();

        assertThat(ids(poll(job("quick", JobState.FINISHED).ended(TIME.minus(Duration.ofDays(1)))))).containsExactly("quick");
    }

    @Test
    void shouldPublishAMarkedJobOnceItChanges() {
        poll(job("1", JobState.ERROR));

        Changes changes = poll(job("1", JobState.QUEUED).attempt(2));

        assertThat(changes.events()).singleElement().satisfies(event -> {
            assertThat(event.getAttempt()).isEqualTo(2);
            assertThat(event.getState()).isEqualTo(JobState.QUEUED);
        });
    }

    @Test
    void shouldForgetAMarkedJobThatIsGoneWithoutAnEvent() {
        poll(job("1", JobState.ERROR));

        Changes changes = gone("1");

        assertThat(changes.events()).isEmpty();
        assertThat(changes.memory()).containsExactly(Map.entry("1", Optional.empty()));
    }

    @Test
    void shouldTellOnceThatALiveJobIsGoneWithWhatWasLastSeenOfIt() {
        poll(job("1", JobState.PROCESSING).named("movie").task("t", JobState.PROCESSING));

        assertThat(gone("1").events()).singleElement().satisfies(event -> {
            assertThat(event.getGone()).isTrue();
            assertThat(event.getState()).isEqualTo(JobState.PROCESSING);
            assertThat(event.getJobName()).isEqualTo("movie");
            assertThat(event.getTasks()).hasSize(1);
            assertThat(event.getNotBefore()).isEqualTo(TIME);
            assertThat(event.getObservedAt()).isAfter(TIME);
        });
        assertThat(memory.present()).isEmpty();
        assertThat(memory.liveJobs()).isZero();
    }

    @Test
    void shouldTellThatAnEndedJobIsGone() {
        poll(job("1", JobState.PROCESSING));
        poll(job("1", JobState.ERROR).task("t", JobState.ERROR));

        assertThat(gone("1").events()).singleElement().satisfies(event -> {
            assertThat(event.getGone()).isTrue();
            assertThat(event.getState()).isEqualTo(JobState.ERROR);
            // The tasks of an ended job are not remembered, and that is said.
            assertThat(event.getTasks()).isEmpty();
            assertThat(event.getDetailsAvailable()).isFalse();
        });
    }

    @Test
    void shouldPublishAJobThatComesBackAsTheSameAttempt() {
        poll(job("1", JobState.PROCESSING).created(TIME));
        gone("1");

        assertThat(poll(job("1", JobState.PROCESSING).created(TIME)).events()).singleElement().satisfies(event -> {
            assertThat(event.getGone()).isFalse();
            assertThat(event.getAttempt()).isEqualTo(1);
        });
    }

    @Test
    void shouldRaiseTheAttemptWhenAnIdIsUsedAgain() {
        poll(job("1", JobState.PROCESSING).created(TIME));
        poll(job("1", JobState.FINISHED).created(TIME));

        assertThat(attempts(poll(job("1", JobState.QUEUED).created(TIME.plusMillis(1001))))).containsExactly(2);
        assertThat(attempts(poll(job("1", JobState.FINISHED).created(TIME.plusMillis(1001))))).containsExactly(2);
        assertThat(attempts(poll(job("1", JobState.FINISHED).created(TIME.plusMillis(5000))))).containsExactly(3);
    }

    @Test
    void shouldRaiseTheAttemptWhenAnIdIsUsedAgainAfterItsJobWasGone() {
        poll(job("1", JobState.PROCESSING).created(TIME).attempt(2));
        gone("1");

        assertThat(attempts(poll(job("1", JobState.QUEUED).created(TIME.plusSeconds(60)).attempt(1)))).containsExactly(3);
        assertThat(attempts(poll(job("1", JobState.QUEUED).created(TIME.plusSeconds(60)).attempt(2)))).containsExactly(4);
    }

    @Test
    void shouldRaiseTheAttemptWhenAnIdIsUsedAgainThoughTheCreationWasNotAlwaysTold() {
        poll(job("1", JobState.PROCESSING).created(TIME));
        poll(job("1", JobState.FINISHED));

        assertThat(attempts(poll(job("1", JobState.QUEUED).created(TIME.plusSeconds(60))))).containsExactly(2);
    }

    @Test
    void shouldNotTakeARoundingOfTheCreationForAnotherJob() {
        poll(job("1", JobState.QUEUED).created(TIME));

        assertThat(attempts(poll(job("1", JobState.PROCESSING).created(TIME.plusSeconds(1))))).containsExactly(1);
    }

    @Test
    void shouldLeaveTheAttemptToAServiceThatCounts() {
        poll(job("1", JobState.QUEUED).created(TIME));

        assertThat(attempts(poll(job("1", JobState.QUEUED).created(TIME.plusSeconds(60)).attempt(2)))).containsExactly(2);
    }

    @Test
    void shouldRememberGoneJobsForEightDays() {
        poll(job("1", JobState.QUEUED));
        gone("1");
        now = now.plus(Duration.ofDays(8)).minusSeconds(60);
        assertThat(poll().memory()).isEmpty();
        now = now.plusSeconds(120);

        assertThat(poll().memory()).containsExactly(Map.entry("1", Optional.empty()));
        assertThat(memory.job("1")).isEmpty();
    }

    @Test
    void shouldRaiseObservedAtWhateverTheClockDoes() {
        detector = detector(new StartFrom.All());
        Instant first = poll(job("1", JobState.QUEUED)).events().get(0).getObservedAt();
        now = first.minus(Duration.ofDays(1));
        Instant second = poll(job("1", JobState.SCHEDULED)).events().get(0).getObservedAt();
        now = first.minus(Duration.ofDays(2));
        Instant third = poll(job("1", JobState.PROCESSING)).events().get(0).getObservedAt();
        now = first.minus(Duration.ofDays(3));
        Instant fourth = gone("1").events().get(0).getObservedAt();
        now = first.minus(Duration.ofDays(4));
        Instant fifth = poll(job("1", JobState.PROCESSING)).events().get(0).getObservedAt();

        assertThat(List.of(second, third, fourth, fifth))
                .containsExactly(first.plusMillis(1), first.plusMillis(2), first.plusMillis(3), first.plusMillis(4));
    }

    @Test
    void shouldRaiseObservedAtWithinAMillisecond() {
        now = TIME.plusNanos(1000);
        poll(job("1", JobState.QUEUED));
        now = TIME.plusNanos(2000);

        assertThat(poll(job("1", JobState.SCHEDULED)).events().get(0).getObservedAt()).isEqualTo(TIME.plusMillis(1));
    }

    @Test
    void shouldPublishProgressByStepsOfTen() {
        poll(job("1", JobState.PROCESSING).progress(0));

        List<Integer> published = IntStream.rangeClosed(1, 100).boxed()
                .flatMap(percent -> poll(job("1", JobState.PROCESSING).progress(percent)).events().stream()).map(JobStateEvent::getProgress)
                .toList();

        assertThat(published).containsExactly(10, 20, 30, 40, 50, 60, 70, 80, 90, 100);
    }

    @Test
    void shouldCountTheStatesThatWereMissed() {
        poll(job("1", JobState.QUEUED), job("2", JobState.QUEUED));

        assertThat(poll(job("1", JobState.FINISHED), job("2", JobState.QUEUED).attempt(2)).statesMissed()).isEqualTo(2);
    }

    @Test
    void shouldSayNothingOfAJobThatIsHeld() {
        poll(job("1", JobState.PROCESSING));
        ObservedJob stopped = job("1", JobState.ERROR).build();

        Changes changes = apply(new Observations(now, now, Map.of("1", stopped), Map.of(), Set.of("1"), Set.of(), Map.of(), List.of(),
                Optional.empty()));

        assertThat(changes.isEmpty()).isTrue();
        assertThat(poll(job("1", JobState.ERROR)).events()).hasSize(1);
    }

    @Test
    void shouldPublishTheDetailsThatWereReadAndRecogniseTheJobWithoutThem() {
        poll(job("1", JobState.PROCESSING).withoutDetails());
        ObservedJob stopped = job("1", JobState.ERROR).withoutDetails().build();
        Task task = JobBuilder.task("t", JobState.ERROR, List.of(new ErrorDetail("c", "m")));

        Changes changes = apply(new Observations(now, now, Map.of("1", stopped), Map.of("1", stopped.withTasks(List.of(task))), Set.of(),
                Set.of(), Map.of(), List.of(), Optional.empty()));

        assertThat(changes.events()).singleElement().satisfies(event -> {
            assertThat(event.getTasks()).containsExactly(task);
            assertThat(event.getDetailsAvailable()).isTrue();
        });
        assertThat(poll(job("1", JobState.ERROR).withoutDetails()).isEmpty()).isTrue();
    }

    @Test
    void shouldDeadLetterABadItemOnceEvenIfItComesAndGoes() {
        assertThat(pollBad("a", "b", "a").deadLetters()).hasSize(2);
        assertThat(pollBad("a", "b").deadLetters()).isEmpty();
        assertThat(pollBad("b").deadLetters()).isEmpty();
        assertThat(pollBad().deadLetters()).isEmpty();
        assertThat(pollBad("c", "a").deadLetters()).singleElement().satisfies(item -> assertThat(item.raw()).asString().isEqualTo("c"));
    }

    @Test
    void shouldRememberABoundedNumberOfBadItems() {
        String[] many = IntStream.range(0, 5000).mapToObj(Integer::toString).toArray(String[]::new);

        Changes changes = pollBad(many);

        assertThat(changes.badItems()).hasSize(1000);
        assertThat(changes.deadLetters()).hasSize(1000);
        assertThat(pollBad(many).deadLetters()).isEmpty();
        assertThat(pollBad("new").badItems()).hasSize(1000);
    }

    @Test
    void shouldCutTasksThatAreTooLargeForARecordAndKeepThoseWithErrors() {
        JobBuilder large = job("1", JobState.ERROR);
        for (int i = 0; i < 300; i++) {
            large.task("task-" + i, JobState.FINISHED);
        }
        large.task("culprit", JobState.ERROR, new ErrorDetail("c", "x".repeat(3_000_000)));
        poll();

        assertThat(poll(large).events()).singleElement().satisfies(event -> {
            assertThat(event.getTasks()).hasSizeLessThan(300).anySatisfy(task -> {
                assertThat(task.getTaskId()).isEqualTo("culprit");
                assertThat(task.getErrors().get(0).getMessage()).hasSizeLessThanOrEqualTo(Bounds.MESSAGE_CHARS).contains("cut");
            });
            assertThat(event.getAttributes().get("jobwatch.cut")).contains("of 301 tasks were left out");
        });
    }

    @Test
    void shouldNotCutWhatTheSourceHasBoundedAlready() {
        JobBuilder job = job("1", JobState.ERROR);
        for (int i = 0; i < 60; i++) {
            job.task("task-" + i, JobState.ERROR, new ErrorDetail("c", "x".repeat(8000)));
        }
        poll();

        assertThat(poll(job).events()).singleElement().satisfies(event -> {
            assertThat(event.getTasks()).isEqualTo(job.build().tasks());
            assertThat(event.getAttributes()).isEmpty();
        });
    }

    private Changes poll(JobBuilder... jobs) {
        Map<String, ObservedJob> listed = new LinkedHashMap<>();
        Arrays.stream(jobs).map(JobBuilder::build).forEach(job -> listed.put(job.jobId(), job));
        return apply(new Observations(now, now, listed, Map.of(), Set.of(), Set.of(), Map.of(), List.of(), Optional.empty()));
    }

    private Changes gone(String jobId) {
        return apply(new Observations(now, now, Map.of(), Map.of(), Set.of(), Set.of(jobId), Map.of(), List.of(), Optional.empty()));
    }

    private Changes pollBad(String... raw) {
        List<BadItem> bad = Arrays.stream(raw).map(text -> new BadItem(text.getBytes(StandardCharsets.UTF_8), "not a job")).toList();
        return apply(new Observations(now, now, Map.of(), Map.of(), Set.of(), Set.of(), Map.of(), bad, Optional.empty()));
    }

    private Changes apply(Observations seen) {
        Changes changes = detector.detect(memory, seen);
        memory.succeeded(seen.startedAt(), seen.token(), changes.badItems(), changes.memory());
        now = now.plusSeconds(1);
        return changes;
    }

    private static ChangeDetector detector(StartFrom startFrom) {
        return new ChangeDetector(Sources.source("encoder", startFrom));
    }

    private static List<String> ids(Changes changes) {
        return changes.events().stream().map(JobStateEvent::getJobId).toList();
    }

    private static List<Integer> attempts(Changes changes) {
        return changes.events().stream().map(JobStateEvent::getAttempt).toList();
    }
}
