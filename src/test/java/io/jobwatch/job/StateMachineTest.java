package io.jobwatch.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.JobTransition;
import io.jobwatch.event.TransitionKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StateMachineTest {
    private static final Duration RETAINED = Duration.ofDays(7);
    private static final Instant CREATED = Instant.ofEpochMilli(1_000);
    private static final Instant STARTED = Instant.ofEpochMilli(2_000);
    private static final Instant ENDED = Instant.ofEpochMilli(3_000);

    private final StateMachine machine = new StateMachine(RETAINED);

    @Test
    void shouldTakeTheServicesOwnTimeOfAChange() {
        assertThat(discovered(timed(JobState.QUEUED)).getOccurredAt()).isEqualTo(CREATED);
        assertThat(discovered(timed(JobState.PROCESSING)).getOccurredAt()).isEqualTo(STARTED);
        assertThat(discovered(timed(JobState.FINISHED)).getOccurredAt()).isEqualTo(ENDED);
        assertThat(discovered(timed(JobState.ERROR)).getOccurredAt()).isEqualTo(ENDED);
        assertThat(discovered(timed(JobState.CANCELED)).getOccurredAt()).isEqualTo(ENDED);
    }

    @Test
    void shouldTakeTheTimeOfTheLookWhereTheServiceTellsNone() {
        for (JobState state : List.of(JobState.SCHEDULED, JobState.CANCELING, JobState.UNKNOWN)) {
            assertThat(discovered(timed(state)).getOccurredAt()).as("%s", state).isEqualTo(Instant.ofEpochMilli(10_000));
        }
        for (JobState state : JobState.values()) {
            assertThat(discovered(JobEvents.event("7", state, 10_000)).getOccurredAt()).as("%s", state)
                    .isEqualTo(Instant.ofEpochMilli(10_000));
        }
    }

    @Test
    void shouldNotTakeTheCreationOfAJobForTheTimeOfItsRestart() {
        JobStatus failed = status(null, timed(JobState.ERROR));
        JobStateEvent again = at(timed(JobState.QUEUED), 20_000);
        again.setAttempt(2);

        JobTransition transition = changed(failed, again).transition();

        assertThat(transition.getKind()).isEqualTo(TransitionKind.RESTARTED);
        assertThat(transition.getOccurredAt()).isEqualTo(Instant.ofEpochMilli(20_000));
        assertThat(transition.getPreviousStateMillis()).isEqualTo(17_000);
    }

    @Test
    void shouldTellHowLongTheStateBeforeLasted() {
        JobStatus queued = status(null, timed(JobState.QUEUED));

        assertThat(changed(queued, at(timed(JobState.PROCESSING), 20_000)).transition().getPreviousStateMillis()).isEqualTo(1_000);
    }

    @Test
    void shouldNotTellANegativeTimeWhereTheServicesTimesContradict() {
        JobStatus processing = status(null, timed(JobState.PROCESSING));
        JobStateEvent finished = at(timed(JobState.FINISHED), 20_000);
        finished.setEndedAt(CREATED);

        assertThat(changed(processing, finished).transition().getPreviousStateMillis()).isZero();
    }

    @Test
    void shouldSurviveTheLongestTimeThatARecordCanHold() {
        JobStateEvent queued = timed(JobState.QUEUED);
        queued.setCreatedAt(Instant.ofEpochMilli(Long.MIN_VALUE));
        JobStateEvent processing = at(timed(JobState.PROCESSING), 20_000);
        processing.setStartedAt(Instant.ofEpochMilli(Long.MAX_VALUE));

        assertThat(changed(status(null, queued), processing).transition().getPreviousStateMillis()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldCountAJobAsLostWhileTheServiceDoesNotKnowItBeforeItsEnd() {
        JobStatus processing = status(null, timed(JobState.PROCESSING));
        JobStateEvent absent = at(timed(JobState.PROCESSING), 20_000);
        absent.setGone(true);
        JobStatus lost = status(processing, absent);
        JobStatus stillLost = status(lost, at(absent, 30_000));
        JobStatus found = status(stillLost, at(timed(JobState.PROCESSING), 40_000));

        assertThat(processing.getLostAt()).isNull();
        assertThat(lost.getLostAt()).isEqualTo(Instant.ofEpochMilli(20_000));
        assertThat(stillLost.getLostAt()).isEqualTo(Instant.ofEpochMilli(20_000));
        assertThat(found.getLostAt()).isNull();
    }

    @Test
    void shouldNotCountALostJobAsLostOnceItsEndIsSeen() {
        JobStateEvent absent = timed(JobState.PROCESSING);
        absent.setGone(true);

        assertThat(status(status(null, absent), at(timed(JobState.FINISHED), 20_000)).getLostAt()).isNull();
    }

    @Test
    void shouldNotCountAnEndedJobAsLost() {
        JobStateEvent absent = at(timed(JobState.FINISHED), 20_000);
        absent.setGone(true);
        JobStatus status = status(status(null, timed(JobState.FINISHED)), absent);

        assertThat(status.getGone()).isTrue();
        assertThat(status.getLostAt()).isNull();
    }

    /**
     * The poller tells that a job is gone with what it last published, and that may have been a stale read or a state without a mapping.
     */
    @Test
    void shouldNoticeThatAJobIsGoneAlsoWhenTheLastLookAtItWasStale() {
        JobStatus processing = status(null, timed(JobState.PROCESSING));
        for (JobState lastSeen : List.of(JobState.QUEUED, JobState.UNKNOWN)) {
            JobStateEvent absent = at(timed(lastSeen), 20_000);
            absent.setGone(true);

            JobStatus lost = keptOf(machine.apply(processing, absent)).orElseThrow();

            assertThat(lost.getState()).isEqualTo(JobState.PROCESSING);
            assertThat(lost.getGone()).isTrue();
            assertThat(lost.getLostAt()).isEqualTo(Instant.ofEpochMilli(20_000));
            assertThat(keptOf(machine.apply(lost, absent))).as("the same record again").isEmpty();
            assertThat(keptOf(machine.apply(lost, at(timed(lastSeen), 30_000))).orElseThrow().getLostAt()).as("found again").isNull();
        }
    }

    @Test
    void shouldNoticeThatAnEndedJobIsGoneAlsoWhenTheLastLookAtItWasStale() {
        JobStatus finished = status(null, timed(JobState.FINISHED));
        JobStateEvent absent = at(timed(JobState.PROCESSING), 20_000);
        absent.setGone(true);

        Outcome outcome = machine.apply(finished, absent);

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Dropped.class,
                dropped -> assertThat(dropped.reason()).isEqualTo(DropReason.AFTER_TERMINAL));
        assertThat(keptOf(outcome)).hasValueSatisfying(status -> {
            assertThat(status.getGone()).isTrue();
            assertThat(status.getNativeState()).isEqualTo("finished");
            assertThat(status.getLostAt()).isNull();
        });
    }

    @Test
    void shouldKeepTheNativeStateOfAStaleReadWhileTheJobLives() {
        JobStatus processing = status(null, timed(JobState.PROCESSING));
        JobStateEvent stale = at(timed(JobState.QUEUED), 20_000);

        assertThat(keptOf(machine.apply(processing, stale))).hasValueSatisfying(status -> {
            assertThat(status.getNativeState()).isEqualTo("queued");
            assertThat(status.getState()).isEqualTo(JobState.PROCESSING);
            assertThat(status.getChangedAt()).isEqualTo(processing.getChangedAt());
        });
        assertThat(keptOf(machine.apply(status(null, timed(JobState.FINISHED)), stale))).isEmpty();
    }

    @Test
    void shouldSayWhyAnObservationRaisedNothing() {
        JobStateEvent second = timed(JobState.PROCESSING);
        second.setAttempt(2);
        JobStatus processing = status(null, second);

        assertThat(reason(processing, at(timed(JobState.FINISHED), 20_000))).isEqualTo(DropReason.STALE_ATTEMPT);
        assertThat(reason(processing, attempt(2, at(timed(JobState.SCHEDULED), 20_000)))).isEqualTo(DropReason.BACKWARD);
        assertThat(reason(processing, attempt(2, at(timed(JobState.UNKNOWN), 20_000)))).isEqualTo(DropReason.UNMAPPED_STATE);
        assertThat(reason(processing, attempt(3, at(timed(JobState.UNKNOWN), 20_000)))).isEqualTo(DropReason.UNMAPPED_STATE);
        assertThat(reason(processing, second)).isEqualTo(DropReason.REPEATED);
        assertThat(reason(status(null, timed(JobState.FINISHED)), at(timed(JobState.ERROR), 20_000))).isEqualTo(DropReason.AFTER_TERMINAL);
    }

    @Test
    void shouldKeepTheTasksOfAnEndedJobWhenALaterLookHasNone() {
        JobStateEvent failed = timed(JobState.ERROR);
        failed.setDetailsAvailable(true);
        failed.setTasks(List.of(JobEvents.task("t", "E1")));
        JobStateEvent later = at(timed(JobState.ERROR), 20_000);
        later.setJobName("renamed");

        JobStatus status = status(status(null, failed), later);

        assertThat(status.getTasks()).isEqualTo(failed.getTasks());
        assertThat(status.getDetailsAvailable()).isTrue();
        assertThat(status.getJobName()).isEqualTo("renamed");
    }

    @Test
    void shouldTakeTheTasksOfAnEndedJobWhenTheyAreReadLate() {
        JobStateEvent later = at(timed(JobState.ERROR), 20_000);
        later.setDetailsAvailable(true);
        later.setTasks(List.of(JobEvents.task("t", "E1")));

        assertThat(status(status(null, timed(JobState.ERROR)), later).getTasks()).isEqualTo(later.getTasks());
    }

    @Test
    void shouldNotKeepTheTasksOfTheAttemptBefore() {
        JobStateEvent failed = timed(JobState.ERROR);
        failed.setDetailsAvailable(true);
        failed.setTasks(List.of(JobEvents.task("t", "E1")));

        assertThat(status(status(null, failed), attempt(2, at(timed(JobState.ERROR), 20_000))).getTasks()).isEmpty();
    }

    @Test
    void shouldIgnoreTheFirstSightingOfAJobThatEndedLongAgo() {
        Instant end = Instant.ofEpochMilli(50_000);
        JobStateEvent justRetained = at(timed(JobState.ERROR), end.plus(RETAINED).toEpochMilli());
        justRetained.setEndedAt(end);
        JobStateEvent old = at(justRetained, end.plus(RETAINED).toEpochMilli() + 1);

        assertThat(reason(null, old)).isEqualTo(DropReason.ENDED_LONG_AGO);
        assertThat(discovered(justRetained).getCurrentState()).isEqualTo(JobState.ERROR);
        assertThat(changed(status(null, timed(JobState.QUEUED)), old).transition().getCurrentState()).as("a known job")
                .isEqualTo(JobState.ERROR);
    }

    @Test
    void shouldNotIgnoreALiveJobHoweverOldItIs() {
        JobStateEvent old = at(timed(JobState.PROCESSING), RETAINED.multipliedBy(9).toMillis());

        assertThat(discovered(old).getCurrentState()).isEqualTo(JobState.PROCESSING);
    }

    @Test
    void shouldForgetTheAlertOfAStayThatIsOver() {
        JobStatus stuck = status(null, timed(JobState.QUEUED));
        stuck.setStuckAlertedAt(Instant.ofEpochMilli(15_000));

        assertThat(status(stuck, at(timed(JobState.QUEUED), 20_000)).getStuckAlertedAt()).isEqualTo(Instant.ofEpochMilli(15_000));
        assertThat(status(stuck, at(timed(JobState.SCHEDULED), 20_000)).getStuckAlertedAt()).isNull();
    }

    /** {@return an observation at 10 s with all the times that a service can tell} */
    private static JobStateEvent timed(JobState state) {
        JobStateEvent event = JobEvents.event("7", state, 10_000);
        event.setCreatedAt(CREATED);
        event.setStartedAt(STARTED);
        event.setEndedAt(ENDED);
        return event;
    }

    private static JobStateEvent at(JobStateEvent event, long observedAtMillis) {
        JobStateEvent copy = JobStateEvent.newBuilder(event).build();
        copy.setObservedAt(Instant.ofEpochMilli(observedAtMillis));
        return copy;
    }

    private static JobStateEvent attempt(int attempt, JobStateEvent event) {
        event.setAttempt(attempt);
        return event;
    }

    private JobTransition discovered(JobStateEvent event) {
        return changed(null, event).transition();
    }

    private Outcome.Changed changed(JobStatus known, JobStateEvent seen) {
        return (Outcome.Changed) machine.apply(known, seen);
    }

    private JobStatus status(JobStatus known, JobStateEvent seen) {
        return keptOf(machine.apply(known, seen)).orElseThrow();
    }

    private DropReason reason(JobStatus known, JobStateEvent seen) {
        return ((Outcome.Dropped) machine.apply(known, seen)).reason();
    }

    private static Optional<JobStatus> keptOf(Outcome outcome) {
        if (outcome instanceof Outcome.Changed changed) {
            return Optional.of(changed.status());
        }
        return outcome instanceof Outcome.Refreshed refreshed ? Optional.of(refreshed.status()) : ((Outcome.Dropped) outcome).status();
    }
}
