package io.jobwatch.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.JobTransition;
import io.jobwatch.event.StateChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class StateMachinePropertyTest {
    private static final long START = 1_700_000_000_000L;
    /** Longer than the clocks of the happenings differ by: every first sighting counts. */
    private static final Duration LONG = Duration.ofDays(7);
    /** Shorter than that: some first sightings are of jobs that ended long ago. */
    private static final Duration SHORT = Duration.ofSeconds(3);

    private final StateMachine machine = new StateMachine(LONG);

    /**
     * One thing that reaches the machine.
     *
     * @param again   0: a new look; else a record sent before, so many back, comes again
     * @param skew    milliseconds between the service's clock and ours
     * @param details whether the tasks were read
     */
    record Happening(int again, int restarts, JobState state, String word, boolean gone, boolean timed, int skew, boolean details) {
    }

    @Provide
    Arbitrary<List<Happening>> happenings() {
        return happenings(16).list().ofMaxSize(80);
    }

    /** Jobs that run again and again: they have more transitions than a history keeps. */
    @Provide
    Arbitrary<List<Happening>> manyRestarts() {
        return happenings(1).list().ofMinSize(60).ofMaxSize(90);
    }

    /**
     * No record comes again: one that was ignored, as its job had ended long ago, would be news, older than what is known, once a later
     * look had begun the job.
     */
    @Provide
    Arbitrary<List<Happening>> looks() {
        return happenings(16).map(h -> new Happening(0, h.restarts(), h.state(), h.word(), h.gone(), h.timed(), h.skew(), h.details()))
                .list().ofMaxSize(40);
    }

    private static Arbitrary<Happening> happenings(int seldomRestarted) {
        Arbitrary<Integer> again = Arbitraries.frequency(Tuple.of(4, 0), Tuple.of(1, 1),
                Tuple.of(1, 3));
        Arbitrary<Integer> restarts = Arbitraries.frequency(Tuple.of(seldomRestarted, 0), Tuple.of(1, 1),
                Tuple.of(1, 2), Tuple.of(seldomRestarted > 1 ? 2 : 1, -1));
        Arbitrary<Boolean> seldom = Arbitraries.frequency(Tuple.of(9, false), Tuple.of(1, true));
        return Combinators.combine(again, restarts, Arbitraries.of(JobState.class), Arbitraries.of("a", "b"), seldom,
                Arbitraries.of(true, false), Arbitraries.integers().between(-5_000, 5_000), Arbitraries.of(true, false))
                .as(Happening::new);
    }

    @Provide
    Arbitrary<String> types() {
        return Arbitraries.of("ams-v2", "ams-v3", "slurm", "kubernetes", "mediaconvert", "http-json");
    }

    @Property
    void shouldDecideAndKeepOfEveryLookWhatTheDesignSays(@ForAll("happenings") List<Happening> happenings, @ForAll("types") String type) {
        assertAgreesWithTheReference(LONG, events(happenings, type));
    }

    @Property(tries = 200)
    void shouldDecideWhatTheDesignSaysOfAJobThatRunsAgainAndAgain(@ForAll("manyRestarts") List<Happening> happenings,
                                                                  @ForAll("types") String type) {
        assertAgreesWithTheReference(LONG, events(happenings, type));
    }

    @Property(tries = 300)
    void shouldIgnoreTheFirstSightingsThatTheDesignSays(@ForAll("looks") List<Happening> happenings, @ForAll("types") String type) {
        assertAgreesWithTheReference(SHORT, events(happenings, type));
    }

    private static void assertAgreesWithTheReference(Duration retained, List<JobStateEvent> events) {
        StateMachine machine = new StateMachine(retained);
        ReferenceMachine reference = new ReferenceMachine(retained);
        JobStatus status = null;
        for (JobStateEvent seen : events) {
            String expected = reference.look(seen);
            Outcome outcome = machine.apply(status, seen);

            assertThat(verdict(outcome)).isEqualTo(expected);
            if (outcome instanceof Outcome.Changed changed) {
                assertThat(changed.transition()).isEqualTo(reference.transition());
            }
            status = statusAfter(outcome).orElse(status);
            assertThat(status).isEqualTo(reference.knowsTheJob() ? reference.status() : null);
        }
    }

    @Property
    void shouldKeepTransitionsAChain(@ForAll("happenings") List<Happening> happenings, @ForAll("types") String type) {
        assertChain(run(machine, events(happenings, type)).transitions());
    }

    /** Nothing of this rests on what the poller promises: events of any other origin, in any order of their times. */
    @Property
    void shouldKeepTransitionsAChainWhereTimesGoBackward(@ForAll("happenings") List<Happening> happenings, @ForAll("types") String type) {
        List<JobStateEvent> events = events(happenings, type);
        events.forEach(event -> event.setObservedAt(event.getCreatedAt() == null ? event.getObservedAt()
                : event.getCreatedAt().minusMillis(event.getCreatedAt().toEpochMilli() % 3 * 10_000)));
        JobStatus before = null;
        List<JobTransition> transitions = new ArrayList<>();
        for (JobStateEvent event : events) {
            Outcome outcome = machine.apply(before, event);
            if (outcome instanceof Outcome.Changed changed) {
                transitions.add(changed.transition());
            }
            JobStatus status = statusAfter(outcome).orElse(before);
            if (before != null) {
                assertThat(status.getChangedAt()).isAfterOrEqualTo(before.getChangedAt());
            }
            before = status;
        }
        assertChain(transitions);
    }

    private static void assertChain(List<JobTransition> transitions) {
        for (int i = 0; i < transitions.size(); i++) {
            JobTransition transition = transitions.get(i);
            assertThat(transition.getSequence()).isEqualTo(i + 1);
            assertThat(transition.getPreviousState()).isEqualTo(i == 0 ? null : transitions.get(i - 1).getCurrentState());
            if (i == 0) {
                assertThat(transition.getPreviousStateMillis()).isNull();
            } else {
                assertThat(transition.getPreviousStateMillis()).isNotNegative();
                assertThat(transition.getAttempt()).isGreaterThanOrEqualTo(transitions.get(i - 1).getAttempt());
                assertThat(ended(transitions.get(i - 1)) && transition.getAttempt() == transitions.get(i - 1).getAttempt())
                        .as("left a terminal state").isFalse();
            }
        }
        assertThat(transitions.stream().filter(t -> JobStates.isStopped(t.getCurrentState()))
                .collect(Collectors.groupingBy(JobTransition::getAttempt, Collectors.counting())).values()).allMatch(count -> count == 1);
    }

    @Property
    void shouldKeepTheStatusInStepWithTheTransitions(@ForAll("happenings") List<Happening> happenings, @ForAll("types") String type) {
        JobStatus before = null;
        List<JobTransition> transitions = new ArrayList<>();
        List<StateChange> entered = new ArrayList<>();
        for (JobStateEvent seen : events(happenings, type)) {
            Outcome outcome = machine.apply(before, seen);
            if (outcome instanceof Outcome.Changed changed) {
                JobTransition last = changed.transition();
                transitions.add(last);
                entered.add(new StateChange(last.getCurrentState(), last.getOccurredAt(), last.getAttempt()));
            }
            JobStatus status = statusAfter(outcome).orElse(before);
            JobTransition last = transitions.get(transitions.size() - 1);
            assertThat(status.getState()).isEqualTo(last.getCurrentState());
            assertThat(status.getPreviousState()).isEqualTo(last.getPreviousState());
            assertThat(status.getAttempt()).isEqualTo(last.getAttempt());
            assertThat(status.getSequence()).isEqualTo(last.getSequence());
            assertThat(status.getStateSince()).isEqualTo(last.getOccurredAt());
            assertThat(status.getChangedAt()).isEqualTo(last.getObservedAt());
            assertThat(status.getFirstSeenAt()).isEqualTo(transitions.get(0).getObservedAt());
            assertThat(status.getHistory())
                    .isEqualTo(entered.subList(Math.max(0, entered.size() - 20), entered.size()));
            assertThat(status.getLostAt() != null).isEqualTo(status.getGone() && !JobStates.isTerminal(status.getState()));
            if (before != null) {
                assertThat(status.getChangedAt()).isAfterOrEqualTo(before.getChangedAt());
                assertThat(status.getObservedAt()).isAfterOrEqualTo(before.getObservedAt());
            }
            before = status;
        }
    }

    @Property
    void shouldChangeNothingWhenEverythingIsSeenAgain(@ForAll("happenings") List<Happening> happenings, @ForAll("types") String type) {
        List<JobStateEvent> seen = events(happenings, type);
        JobStatus first = run(machine, seen).status();

        JobStatus status = first;
        for (JobStateEvent event : seen) {
            Outcome outcome = machine.apply(status, event);
            assertThat(outcome).isInstanceOf(Outcome.Dropped.class);
            status = statusAfter(outcome).orElse(status);
        }

        assertThat(status).isEqualTo(first);
    }

    @Property
    void shouldDecideTheSameForTheSameArguments(@ForAll("happenings") List<Happening> happenings, @ForAll("types") String type) {
        JobStatus status = null;
        for (JobStateEvent seen : events(happenings, type)) {
            JobStatus before = status == null ? null : Statuses.copyOf(status);
            Outcome outcome = machine.apply(status, seen);
            assertThat(status).as("an argument was modified").isEqualTo(before);
            assertThat(machine.apply(status, seen)).isEqualTo(outcome);
            status = statusAfter(outcome).orElse(status);
        }
    }

    private record Run(JobStatus status, List<JobTransition> transitions) {
    }

    private static Run run(StateMachine machine, List<JobStateEvent> events) {
        JobStatus status = null;
        List<JobTransition> transitions = new ArrayList<>();
        for (JobStateEvent event : events) {
            Outcome outcome = machine.apply(status, event);
            if (outcome instanceof Outcome.Changed changed) {
                transitions.add(changed.transition());
            }
            status = statusAfter(outcome).orElse(status);
        }
        return new Run(status, transitions);
    }

    private static String verdict(Outcome outcome) {
        if (outcome instanceof Outcome.Changed changed) {
            return changed.transition().getKind().name();
        }
        return outcome instanceof Outcome.Dropped dropped ? dropped.reason().name() : ReferenceMachine.REFRESHED;
    }

    private static Optional<JobStatus> statusAfter(Outcome outcome) {
        if (outcome instanceof Outcome.Changed changed) {
            return Optional.of(changed.status());
        }
        if (outcome instanceof Outcome.Refreshed refreshed) {
            return Optional.of(refreshed.status());
        }
        return ((Outcome.Dropped) outcome).status();
    }

    private static boolean ended(JobTransition transition) {
        return JobStates.isTerminal(transition.getCurrentState());
    }

    /**
     * What the poller promises: observedAt rises with each new look. Nothing is promised of states, attempts and the service's clock. No
     * two looks agree in what else they say, so that a fact taken from the wrong one shows.
     */
    private static List<JobStateEvent> events(List<Happening> happenings, String type) {
        List<JobStateEvent> events = new ArrayList<>();
        int attempt = 3;
        long now = START;
        for (Happening happening : happenings) {
            if (happening.again() > 0 && happening.again() <= events.size()) {
                events.add(events.get(events.size() - happening.again()));
                continue;
            }
            attempt = Math.max(1, attempt + happening.restarts());
            String look = "look " + events.size();
            now += 1_000;
            JobStateEvent event = JobEvents.event("7", happening.state(), now);
            event.setSourceType(type);
            event.setAttempt(attempt);
            event.setNativeState(happening.word());
            event.setGone(happening.gone());
            event.setJobName("name, " + look);
            event.setAccount("account, " + look);
            event.setLocation("location, " + look);
            event.setNativeReason("reason, " + look);
            event.setProgress(events.size());
            event.setNotBefore(Instant.ofEpochMilli(now - 900));
            event.setAttributes(Map.of("said", look));
            event.setDetailsAvailable(happening.details());
            event.setTasks(List.of(JobEvents.task("task, " + look, "E")));
            if (happening.timed()) {
                Instant told = Instant.ofEpochMilli(now + happening.skew());
                event.setCreatedAt(told);
                event.setStartedAt(told.plusMillis(1));
                event.setEndedAt(told.plusMillis(2));
            }
            events.add(event);
        }
        return events;
    }
}
