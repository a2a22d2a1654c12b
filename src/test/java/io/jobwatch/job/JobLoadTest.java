package io.jobwatch.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.JobTransition;
import io.jobwatch.event.TransitionKind;
import io.jobwatch.job.JobLoad.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The load of the long tests is what it is meant to be, and they start from a state machine that agrees with it. */
class JobLoadTest {
    private static final int EVENTS = 20_000;

    private final JobLoad load = JobLoad.of(7, EVENTS, Instant.parse("2026-11-22T10:00:00Z"));
    private final Map<DropReason, Integer> dropped = new EnumMap<>(DropReason.class);
    private final Map<String, List<Change>> changes = new TreeMap<>();

    @Test
    void shouldHoldEachKindOfHappeningManyTimes() {
        run();

        assertThat(load.events()).hasSize(EVENTS);
        List<Change> all = load.changes().values().stream().flatMap(List::stream).toList();
        assertThat(all).filteredOn(Change::isStop).hasSizeGreaterThan(1_000);
        assertThat(all).filteredOn(change -> change.kind() == TransitionKind.RESTARTED).hasSizeGreaterThan(1_000);
        assertThat(all).filteredOn(change -> !change.skipped().isEmpty()).hasSizeGreaterThan(1_000);
        assertThat(all).extracting(Change::to).contains(JobState.CANCELING, JobState.FINISHED);
        for (DropReason reason : List.of(DropReason.STALE_ATTEMPT, DropReason.BACKWARD, DropReason.AFTER_TERMINAL,
                DropReason.UNMAPPED_STATE, DropReason.REPEATED)) {
            assertThat(dropped.get(reason)).as(reason.name()).isGreaterThan(100);
        }
    }

    @Test
    void shouldExpectWhatTheStateMachineTells() {
        run();

        assertThat(changes).isEqualTo(load.changes());
    }

    private void run() {
        StateMachine machine = new StateMachine(Duration.ofDays(7));
        Map<String, JobStatus> statuses = new HashMap<>();
        for (JobStateEvent event : load.events()) {
            Outcome outcome = machine.apply(statuses.get(event.getJobId()), event);
            if (outcome instanceof Outcome.Changed changed) {
                statuses.put(event.getJobId(), changed.status());
                JobTransition told = changed.transition();
                changes.computeIfAbsent(event.getJobId(), id -> new ArrayList<>()).add(new Change(told.getSequence(), told.getKind(),
                        told.getAttempt(), told.getPreviousState(), told.getCurrentState(), told.getSkippedStates(),
                        told.getObservedAt()));
            } else if (outcome instanceof Outcome.Refreshed refreshed) {
                statuses.put(event.getJobId(), refreshed.status());
            } else if (outcome instanceof Outcome.Dropped drop) {
                drop.status().ifPresent(status -> statuses.put(event.getJobId(), status));
                dropped.merge(drop.reason(), 1, Integer::sum);
            }
        }
    }
}
