package io.jobwatch.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.TransitionKind;
import io.jobwatch.job.DropReason;
import io.jobwatch.job.JobEvents;
import io.jobwatch.job.Outcome;
import io.jobwatch.job.StateMachine;
import io.jobwatch.topology.BadRecordException.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ReplayTest {
    private final Replays replays = new Replays();
    private long now = 10_000;

    @Test
    void shouldTellEachTransitionAsItWasTold() {
        replays.add(event(JobState.QUEUED)).add(event(JobState.FINISHED)).add(attempt(2, event(JobState.CANCELED)));

        assertThat(replays.explained()).extracting(ExplainedObservation::decision).containsExactly(
                new Decision.Changed(TransitionKind.DISCOVERED, Optional.empty(), JobState.QUEUED, List.of(), OptionalLong.of(1), at(10)),
                new Decision.Changed(TransitionKind.ADVANCED, Optional.of(JobState.QUEUED), JobState.FINISHED,
                        List.of(JobState.SCHEDULED, JobState.PROCESSING), OptionalLong.of(2), at(11)),
                new Decision.Changed(TransitionKind.RESTARTED, Optional.of(JobState.FINISHED), JobState.CANCELED, List.of(),
                        OptionalLong.of(3), at(12)));
        assertThat(replays.explained()).extracting(ExplainedObservation::why).containsExactly(
                "the first look at this job: it is Queued",
                "Finished after Queued: a step forward past Scheduled and Processing, which nobody saw",
                "attempt 2 after attempt 1, which was Finished: the job runs again and is Canceled; it is reported");
        assertThat(replays.explained()).allMatch(ExplainedObservation::certain);
    }

    @Test
    void shouldTellWhereEachObservationIsAndWhatItSays() {
        JobStateEvent queued = event(JobState.QUEUED);
        JobStateEvent finished = event(JobState.FINISHED);
        replays.add(queued).add(finished);

        assertThat(replays.explained()).extracting(ExplainedObservation::topic).containsOnly("jobwatch.job-state-events");
        assertThat(replays.explained()).extracting(ExplainedObservation::partition).containsOnly(2);
        assertThat(replays.explained()).extracting(ExplainedObservation::offset).containsExactly(0L, 1L);
        assertThat(replays.explained()).extracting(observation -> observation.writtenAt().orElseThrow()).containsExactly(at(10), at(11));
        assertThat(replays.explained()).extracting(observation -> observation.seen().orElseThrow()).containsExactly(queued, finished);
    }

    @Test
    void shouldSayWhyAnObservationRaisedNothing() {
        JobStateEvent first = attempt(2, event(JobState.PROCESSING));
        replays.add(first).add(event(JobState.FINISHED)).add(attempt(2, event(JobState.QUEUED))).add(attempt(2, event(JobState.UNKNOWN)))
                .add(attempt(3, event(JobState.UNKNOWN))).add(first).add(attempt(2, event(JobState.ERROR)))
                .add(attempt(2, event(JobState.PROCESSING)));

        assertDecisions(dropped(DropReason.STALE_ATTEMPT, true), dropped(DropReason.BACKWARD, true),
                dropped(DropReason.UNMAPPED_STATE, true),
                dropped(DropReason.UNMAPPED_STATE, false), dropped(DropReason.REPEATED, false), null,
                dropped(DropReason.AFTER_TERMINAL, false));
        assertWhy("says attempt 1 after attempt 2: a stale read; its native state is kept",
                "says Queued after Processing: a stale read, nothing moves backward; its native state is kept",
                "its native state \"unknown\" has no mapping: the job stays Processing; its native state is kept",
                "its native state \"unknown\" has no mapping: attempt 3 is told with the first state that has one",
                "seen at 1970-01-01T00:00:10Z, and what is known was seen at 1970-01-01T00:00:13Z: the same record again",
                "Error after Processing: a step forward; it is reported",
                "says Processing after Error: a stale read, an attempt that has ended stays as it is");
    }

    @Test
    void shouldSayThatAJobEndedTooLongAgo() {
        JobStateEvent old = event(JobState.ERROR);
        old.setObservedAt(Instant.parse("2026-11-22T10:00:00Z"));
        old.setEndedAt(Instant.parse("2026-11-12T10:00:00Z"));
        replays.add(old);

        assertThat(replays.explained()).singleElement().satisfies(observation -> {
            assertThat(observation.decision()).isEqualTo(new Decision.Dropped(DropReason.ENDED_LONG_AGO, false));
            assertThat(observation.why()).isEqualTo(
                    "ended at 2026-11-12T10:00:00Z, 10 days before the first look at it: longer ago than ended jobs are remembered");
        });
    }

    @Test
    void shouldSayThatTheServiceNoLongerKnowsAJobAndKnowsItAgain() {
        replays.add(event(JobState.PROCESSING)).add(gone(event(JobState.PROCESSING))).add(event(JobState.PROCESSING))
                .add(gone(event(JobState.QUEUED))).add(event(JobState.FINISHED)).add(gone(event(JobState.FINISHED)));

        assertWhy("still Processing, and newer than what was known; the service no longer knows the job, which had not ended: it is lost",
                "still Processing, and newer than what was known; the service knows the job again",
                "says Queued after Processing: a stale read, nothing moves backward; its native state is kept; the service no longer knows"
                        + " the job, which had not ended: it is lost",
                "Finished after Processing: a step forward",
                "still Finished, and newer than what was known; the service no longer knows the job");
    }

    @Test
    void shouldSayThatAStateHasNoMapping() {
        JobStateEvent strange = event(JobState.UNKNOWN);
        strange.setNativeState("RE\nVOKED<b>" + "x".repeat(1_000));
        replays.add(strange).add(event(JobState.UNKNOWN)).add(event(JobState.QUEUED));

        assertThat(replays.explained().get(0).why()).startsWith(
                "the first look at this job: it is in a state that has no mapping (\"RE\\nVOKED<b>xxx").hasSizeLessThan(300);
        assertWhy("still Unknown, and newer than what was known", "Queued after Unknown: a step forward");
    }

    @Test
    void shouldShowWhatBecameADeadLetterAndGoOnAsIfItHadNotCome() {
        byte[] key = DrivenTopology.key(JobEvents.event("7", JobState.QUEUED, 0));
        JobStateEvent huge = event(JobState.PROCESSING);
        huge.setNativeReason("x".repeat(999_900));
        replays.add(event(JobState.QUEUED)).add(key, null, now).add(key, "no Avro".getBytes(StandardCharsets.UTF_8), now)
                .add(key, replays.encoded(JobEvents.event("8", JobState.QUEUED, now)), now).add(huge).add(event(JobState.SCHEDULED));

        assertDecisions(new Decision.DeadLetter(Reason.NULL_VALUE), new Decision.DeadLetter(Reason.MALFORMED_VALUE),
                new Decision.DeadLetter(Reason.KEY_CONTRADICTS_VALUE), new Decision.DeadLetter(Reason.TOO_LARGE),
                new Decision.Changed(TransitionKind.ADVANCED, Optional.of(JobState.QUEUED), JobState.SCHEDULED, List.of(),
                        OptionalLong.of(2), at(12)));
        assertThat(replays.explained()).extracting(observation -> observation.seen().isPresent())
                .containsExactly(true, false, false, false, true, true);
        assertThat(replays.explained().get(1).why())
                .isEqualTo("NULL_VALUE: an event cannot be a tombstone; it is in the dead letters");
        assertThat(replays.explained().get(4).why()).startsWith("TOO_LARGE: an output of 1000");
    }

    /** It was put aside because it was ahead of its time, and is so still when it no longer is. */
    @Test
    void shouldJudgeAnEventFromTheFutureByWhenItWasWritten() {
        JobStateEvent event = event(JobState.QUEUED);
        event.setObservedAt(Instant.parse("2026-11-22T12:00:00Z"));
        byte[] key = DrivenTopology.key(event);
        replays.add(key, replays.encoded(event), Instant.parse("2026-11-22T10:59:59Z").toEpochMilli())
                .add(key, replays.encoded(event), Instant.parse("2026-11-22T11:00:00Z").toEpochMilli()).add(key, null, -1);

        assertThat(replays.explained().get(0).decision()).isEqualTo(new Decision.DeadLetter(Reason.MALFORMED_VALUE));
        assertThat(replays.explained().get(1).decision()).isInstanceOf(Decision.Changed.class);
        assertThat(replays.explained().get(2).writtenAt()).isEmpty();
    }

    @Test
    void shouldNotPretendToKnowWhatOlderObservationsSaid() {
        replays.from(100).add(event(JobState.PROCESSING)).add(event(JobState.QUEUED)).add(event(JobState.FINISHED));

        List<ExplainedObservation> explained = replays.explained();

        assertThat(explained).extracting(ExplainedObservation::decision).containsExactly(new Decision.Unknown(),
                new Decision.Dropped(DropReason.BACKWARD, true), new Decision.Changed(TransitionKind.ADVANCED,
                        Optional.of(JobState.PROCESSING), JobState.FINISHED, List.of(), OptionalLong.empty(), at(12)));
        assertThat(explained).noneMatch(ExplainedObservation::certain);
        assertThat(explained.get(0).why()).startsWith("says Processing; older observations are no longer in the topic");
        assertThat(replays.replay(Optional.empty()).complete()).isFalse();
    }

    /** What was seen first in the topic was a stale read: the status knows better. */
    @Test
    void shouldTakeFromTheStatusWhatWasKnownBeforeTheLastTransition() {
        List<JobStateEvent> all = List.of(event(JobState.QUEUED), event(JobState.PROCESSING), event(JobState.QUEUED),
                event(JobState.FINISHED), event(JobState.ERROR));
        replays.from(100);
        all.subList(2, 5).forEach(replays::add);

        List<ExplainedObservation> explained = replays.explained(statusAfter(all));

        assertThat(explained).extracting(ExplainedObservation::decision).containsExactly(new Decision.Unknown(),
                new Decision.Changed(TransitionKind.ADVANCED, Optional.of(JobState.PROCESSING), JobState.FINISHED, List.of(),
                        OptionalLong.of(3), at(13)), new Decision.Dropped(DropReason.AFTER_TERMINAL, false));
        assertThat(explained).extracting(ExplainedObservation::certain).containsExactly(false, true, true);
        assertThat(replays.replay(Optional.of(statusAfter(all))).complete()).isFalse();
    }

    /** A dead letter that was put back is older than what was seen meanwhile: the status' time of change is then not that of the letter. */
    @Test
    void shouldNotTakeTheLookBeforeAnOlderLetterForTheLastTransition() {
        JobStateEvent queued = event(JobState.QUEUED);
        JobStateEvent letter = event(JobState.FINISHED);
        List<JobStateEvent> all = List.of(queued, event(JobState.PROCESSING), letter);
        all.forEach(replays::add);

        Replay replay = replays.replay(Optional.of(statusAfter(all)));

        assertThat(sequences(replay)).containsExactly(1L, 2L, 3L);
        assertThat(replay.explained()).allMatch(ExplainedObservation::certain);
    }

    @Test
    void shouldNotPretendToKnowWhichLookRaisedTheLastTransitionWhenItWasAnOlderLetter() {
        JobStateEvent queued = event(JobState.QUEUED);
        JobStateEvent letter = event(JobState.FINISHED);
        List<JobStateEvent> all = List.of(queued, event(JobState.PROCESSING), event(JobState.PROCESSING), letter);
        replays.from(100);
        all.subList(1, 4).forEach(replays::add);

        List<ExplainedObservation> explained = replays.explained(statusAfter(all));

        assertThat(explained).extracting(ExplainedObservation::decision).containsExactly(new Decision.Unknown(), new Decision.Refreshed(),
                new Decision.Changed(TransitionKind.ADVANCED, Optional.of(JobState.PROCESSING), JobState.FINISHED, List.of(),
                        OptionalLong.empty(), at(11)));
        assertThat(explained).noneMatch(ExplainedObservation::certain);
    }

    @Test
    void shouldBeCertainOfEverythingSinceTheLastTransition() {
        List<JobStateEvent> all = List.of(event(JobState.QUEUED), event(JobState.PROCESSING), event(JobState.SCHEDULED),
                event(JobState.PROCESSING), event(JobState.FINISHED));
        replays.from(100);
        all.subList(2, 5).forEach(replays::add);

        List<ExplainedObservation> explained = replays.explained(statusAfter(all.subList(0, 4)));

        assertThat(explained).extracting(ExplainedObservation::decision).containsExactly(new Decision.Dropped(DropReason.BACKWARD, true),
                new Decision.Refreshed(), new Decision.Changed(TransitionKind.ADVANCED, Optional.of(JobState.PROCESSING),
                        JobState.FINISHED, List.of(), OptionalLong.of(3), at(14)));
        assertThat(explained).allMatch(ExplainedObservation::certain);
    }

    @Test
    void shouldNotTakeTheFirstInTheTopicForTheDiscoveryWhereTheStatusIsOlder() {
        List<JobStateEvent> all = List.of(event(JobState.QUEUED), event(JobState.SCHEDULED), event(JobState.PROCESSING));
        all.subList(1, 3).forEach(replays::add);   // of a topic that was made anew, as the records before show at offset 0

        Replay replay = replays.replay(Optional.of(statusAfter(all)));

        assertThat(replay.complete()).isFalse();
        assertThat(replay.explained().get(0).decision()).isEqualTo(new Decision.Unknown());
        assertThat(replay.explained().get(1).decision()).isEqualTo(new Decision.Changed(TransitionKind.ADVANCED,
                Optional.of(JobState.SCHEDULED), JobState.PROCESSING, List.of(), OptionalLong.of(3), at(12)));
    }

    @Test
    void shouldBeCertainFromTheDiscoveryOnWhatevertheTopicLostBefore() {
        List<JobStateEvent> all = List.of(event(JobState.QUEUED), event(JobState.PROCESSING), event(JobState.ERROR));
        all.forEach(replays.from(100)::add);

        Replay replay = replays.replay(Optional.of(statusAfter(all)));

        assertThat(replay.complete()).isTrue();
        assertThat(replay.explained()).allMatch(ExplainedObservation::certain);
        assertThat(sequences(replay)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void shouldBeginAnewWhereTheJobHadBeenForgotten() {
        List<JobStateEvent> all = List.of(event(JobState.QUEUED), event(JobState.ERROR), event(JobState.ERROR), event(JobState.ERROR));
        all.forEach(replays::add);
        JobStatus discoveredAnew = statusAfter(all.subList(3, 4));

        Replay replay = replays.replay(Optional.of(discoveredAnew));

        assertThat(sequences(replay)).containsExactly(1L, 2L, 1L);
        assertThat(replay.complete()).isTrue();
        assertThat(replay.explained()).allMatch(ExplainedObservation::certain);
        assertThat(replay.explained().get(3).why()).isEqualTo(
                "what had been known of the job was forgotten before: the first look at this job: it is Error; it is reported");
    }

    /** The topology discovered it anew, if it had forgotten it; a service that lists it again an hour later is all that is left. */
    @Test
    void shouldNotBeCertainOfAJobThatMayHaveBeenForgotten() {
        replays.retaining(Duration.ofHours(1)).add(event(JobState.PROCESSING)).add(event(JobState.FINISHED))
                .add(gone(event(JobState.FINISHED)));
        now += Duration.ofHours(1).toMillis();
        replays.add(event(JobState.FINISHED)).add(attempt(2, event(JobState.QUEUED)));

        List<ExplainedObservation> explained = replays.explained();

        assertThat(explained).extracting(ExplainedObservation::certain).containsExactly(true, true, true, false, false);
        assertThat(explained.get(3).why()).startsWith("the job was gone and may have been forgotten before").contains("still Finished");
        assertThat(((Decision.Changed) explained.get(4).decision()).sequence()).isEmpty();
    }

    @Test
    void shouldBeCertainOfAJobThatCannotHaveBeenForgotten() {
        replays.retaining(Duration.ofHours(1)).add(event(JobState.PROCESSING)).add(event(JobState.FINISHED));
        now += Duration.ofHours(1).toMillis();
        replays.add(gone(event(JobState.FINISHED)));   // listed until then

        assertThat(replays.explained()).allMatch(ExplainedObservation::certain);
    }

    /** The status is about the third life, and tells nothing of where the second began. */
    @Test
    void shouldNotBeCertainOfALifeBeforeThePresentOneThatMayHaveBegunInBetween() {
        replays.retaining(Duration.ofHours(1)).add(event(JobState.FINISHED)).add(gone(event(JobState.FINISHED)));
        now += Duration.ofHours(2).toMillis();
        replays.add(event(JobState.FINISHED)).add(gone(event(JobState.FINISHED)));
        now += Duration.ofHours(2).toMillis();
        JobStateEvent third = event(JobState.FINISHED);
        replays.add(third).add(gone(event(JobState.FINISHED)));

        List<ExplainedObservation> explained = replays.explained(statusAfter(List.of(third)));

        assertThat(explained).extracting(ExplainedObservation::certain).containsExactly(true, true, false, false, true, true);
    }

    @Test
    void shouldNotBeginAnewTwiceWhenTheSameRecordComesAgain() {
        JobStateEvent queued = event(JobState.QUEUED);
        replays.add(queued).add(queued);

        assertThat(replays.explained(statusAfter(List.of(queued)))).extracting(ExplainedObservation::decision).element(1)
                .isEqualTo(new Decision.Dropped(DropReason.REPEATED, false));
    }

    @Test
    void shouldListTheLatestOnlyButTakeAllIntoAccount() {
        replays.limited(2, 1_000_000).add(event(JobState.QUEUED)).add(event(JobState.SCHEDULED)).add(event(JobState.PROCESSING))
                .add(event(JobState.FINISHED));

        Replay replay = replays.replay(Optional.empty());

        assertThat(sequences(replay)).containsExactly(3L, 4L);
        assertThat(replay.leftOut()).isEqualTo(2);
        assertThat(replay.complete()).isTrue();
    }

    @Test
    void shouldBoundTheMemoryOfLargeObservations() {
        replays.limited(1_000, 250_000);
        for (int i = 0; i < 10; i++) {
            JobStateEvent large = event(JobState.PROCESSING);
            large.setNativeReason("x".repeat(100_000));
            replays.add(large);
        }

        assertThat(replays.replay(Optional.empty()).explained()).hasSize(2);
        assertThat(replays.limited(1_000, 10).replay(Optional.empty()).explained()).as("one is always shown").hasSize(1);
    }

    private void assertDecisions(Decision... afterTheFirst) {
        List<ExplainedObservation> explained = replays.explained();
        assertThat(explained).hasSize(afterTheFirst.length + 1);
        for (int i = 0; i < afterTheFirst.length; i++) {
            if (afterTheFirst[i] != null) {
                assertThat(explained.get(i + 1).decision()).as("at offset %s", i + 1).isEqualTo(afterTheFirst[i]);
            }
        }
    }

    private void assertWhy(String... afterTheFirst) {
        assertThat(replays.explained()).extracting(ExplainedObservation::why).endsWith(afterTheFirst).hasSize(afterTheFirst.length + 1);
    }

    private static List<Long> sequences(Replay replay) {
        return replay.explained().stream().map(ExplainedObservation::decision).filter(Decision.Changed.class::isInstance)
                .map(decision -> ((Decision.Changed) decision).sequence().orElseThrow()).toList();
    }

    private static Decision dropped(DropReason reason, boolean kept) {
        return new Decision.Dropped(reason, kept);
    }

    private static JobStatus statusAfter(List<JobStateEvent> events) {
        JobStatus status = null;
        for (JobStateEvent event : events) {
            Outcome outcome = new StateMachine(Duration.ofDays(7)).apply(status, event);
            if (outcome instanceof Outcome.Changed changed) {
                status = changed.status();
            } else if (outcome instanceof Outcome.Refreshed refreshed) {
                status = refreshed.status();
            } else {
                status = ((Outcome.Dropped) outcome).status().orElse(status);
            }
        }
        return status;
    }

    /** {@return a look at the next full second, from 10 on} */
    private JobStateEvent event(JobState state) {
        JobStateEvent event = JobEvents.event("7", state, now);
        now += 1_000;
        return event;
    }

    private static JobStateEvent attempt(int attempt, JobStateEvent event) {
        event.setAttempt(attempt);
        return event;
    }

    private static JobStateEvent gone(JobStateEvent event) {
        event.setGone(true);
        return event;
    }

    private static Instant at(int second) {
        return Instant.ofEpochSecond(second);
    }
}
