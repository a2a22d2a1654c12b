package io.jobwatch.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.config.ProcessConfig.StateStore;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.JobTransition;
import io.jobwatch.job.DropReason;
import io.jobwatch.job.JobEvents;
import io.jobwatch.job.Outcome;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the topology counts of what it decides, by source and reason. */
class TopologyMetricsTest {
    @TempDir
    private Path stateDir;
    private DrivenTopology topology;
    private long now = 10_000;

    @BeforeEach
    void start() {
        topology = new DrivenTopology(StateStore.MEMORY, stateDir);
    }

    @AfterEach
    void stop() {
        topology.close();
    }

    @Test
    void shouldCountStaleReadsBySourceAndReason() {
        look("a", "7", JobState.PROCESSING, 2);
        look("a", "7", JobState.QUEUED, 2);
        look("a", "7", JobState.SCHEDULED, 2);
        look("a", "7", JobState.FINISHED, 1);
        look("a", "7", JobState.FINISHED, 2);
        look("a", "7", JobState.ERROR, 2);
        look("b", "7", JobState.PROCESSING, 1);
        look("b", "7", JobState.QUEUED, 1);

        assertThat(dropped("a", DropReason.BACKWARD)).isEqualTo(2);
        assertThat(dropped("a", DropReason.STALE_ATTEMPT)).isEqualTo(1);
        assertThat(dropped("a", DropReason.AFTER_TERMINAL)).isEqualTo(1);
        assertThat(dropped("b", DropReason.BACKWARD)).isEqualTo(1);
        assertThat(allDropped()).as("nothing else").isEqualTo(5);
    }

    @Test
    void shouldCountRepetitionsAndEndsOfLongAgoBySource() {
        JobStateEvent queued = event("a", "7", JobState.QUEUED, 1);
        topology.pipe(queued);
        topology.pipe(queued);
        JobStateEvent old = event("b", "8", JobState.FINISHED, 1);
        old.setObservedAt(Instant.parse("2026-01-09T00:00:00Z"));
        old.setEndedAt(Instant.parse("2026-01-01T00:00:00Z"));
        topology.pipe(old);

        assertThat(dropped("a", DropReason.REPEATED)).isEqualTo(1);
        assertThat(dropped("b", DropReason.ENDED_LONG_AGO)).isEqualTo(1);
        assertThat(allDropped()).as("nothing else").isEqualTo(2);
    }

    @Test
    void shouldCountEachSkippedStateBySource() {
        look("a", "7", JobState.QUEUED, 1);
        look("a", "7", JobState.FINISHED, 1);
        look("a", "8", JobState.QUEUED, 1);
        look("a", "8", JobState.PROCESSING, 1);
        look("a", "8", JobState.CANCELED, 1);
        look("b", "7", JobState.SCHEDULED, 1);
        look("b", "7", JobState.FINISHED, 1);

        assertThat(skipped("a", JobState.SCHEDULED)).isEqualTo(2);
        assertThat(skipped("a", JobState.PROCESSING)).isEqualTo(1);
        assertThat(skipped("a", JobState.CANCELING)).isEqualTo(1);
        assertThat(skipped("b", JobState.SCHEDULED)).isZero();
        assertThat(skipped("b", JobState.PROCESSING)).isEqualTo(1);
    }

    @Test
    void shouldCountUnmappedStatesWhetherTheyAreToldOrDropped() {
        look("a", "7", JobState.UNKNOWN, 1);                      // discovered so
        JobStateEvent again = look("a", "7", JobState.UNKNOWN, 1);   // still so, with news
        topology.pipe(again);                                     // the same record
        look("a", "7", JobState.QUEUED, 1);
        look("a", "7", JobState.UNKNOWN, 1);                      // dropped
        look("a", "7", JobState.UNKNOWN, 2);                      // a new attempt, dropped
        look("b", "7", JobState.QUEUED, 1);

        assertThat(topology.count("jobwatch.states.unmapped", "source", "a")).isEqualTo(4);
        assertThat(topology.count("jobwatch.states.unmapped", "source", "b")).isZero();
        assertThat(dropped("a", DropReason.UNMAPPED_STATE)).isEqualTo(2);
        assertThat(dropped("a", DropReason.REPEATED)).isEqualTo(1);
        assertThat(topology.count("jobwatch.transitions", "source", "a", "state", "UNKNOWN")).isEqualTo(1);
    }

    /** What comes with its first increment hides it from every rate. */
    @Test
    void shouldShowEveryReasonOfASourceFromTheBeginning() {
        look("a", "7", JobState.QUEUED, 1);

        for (DropReason reason : DropReason.values()) {
            assertThat(topology.meters.find("jobwatch.observations.dropped").tags("source", "a", "reason", reason.name()).counter())
                    .as("%s", reason).isNotNull();
        }
    }

    @Test
    void shouldCountNothingOfWhatBecameADeadLetter() {
        JobStateEvent large = event("a", "7", JobState.UNKNOWN, 1);
        large.setNativeReason("x".repeat(999_900));

        topology.pipe(large);

        assertThat(topology.count("jobwatch.dead.letters", "reason", "TOO_LARGE")).isEqualTo(1);
        assertThat(topology.meters.find("jobwatch.transitions").tag("source", "a").counters()).isEmpty();
    }

    @Test
    void shouldBoundTheSeriesWhateverNamesOfSourcesEventsHave() {
        for (int i = 0; i < 2_000; i++) {
            look("source-" + i, "7", JobState.QUEUED, 1);
        }

        assertThat(sources()).hasSize(TopologyMetrics.MAX_OTHERS + 1).contains("source-0", TopologyMetrics.REST);
        assertThat(topology.count("jobwatch.transitions", "source", TopologyMetrics.REST, "state", "QUEUED"))
                .isEqualTo(2_000 - TopologyMetrics.MAX_OTHERS);
    }

    @Test
    void shouldTakeNoTextForALabelThatIsNoNameOfASource() {
        List<String> names = List.of("UPPER", "with space", "-a", "ä", "x".repeat(101), "a\n}", TopologyMetrics.REST);
        names.forEach(name -> look(name, "7", JobState.QUEUED, 1));

        assertThat(sources()).containsExactly(TopologyMetrics.REST);
        assertThat(topology.count("jobwatch.transitions", "source", TopologyMetrics.REST, "state", "QUEUED")).isEqualTo(names.size());
    }

    @Test
    void shouldCountAConfiguredSourceUnderItsNameHoweverManyOthersCameBefore() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        TopologyMetrics metrics = new TopologyMetrics(meters, List.of("ours"));
        for (int i = 0; i < 2_000; i++) {
            metrics.observed(event("foreign-" + i, "7", JobState.QUEUED, 1), repeated());
        }

        metrics.observed(event("ours", "7", JobState.QUEUED, 1), repeated());

        assertThat(meters.get("jobwatch.observations.dropped").tags("source", "ours", "reason", "REPEATED").counter().count()).isEqualTo(1);
        assertThat(meters.find("jobwatch.observations.dropped").tag("reason", "REPEATED").counters())
                .hasSize(TopologyMetrics.MAX_OTHERS + 2);
    }

    @Test
    void shouldTellHowLongJobsStayedInEachStateAndWaitedInAll() {
        look("a", "7", JobState.QUEUED, 1);        // at 11 s, then a second for each look
        look("a", "7", JobState.SCHEDULED, 1);
        look("a", "7", JobState.PROCESSING, 1);
        look("a", "7", JobState.FINISHED, 1);
        look("a", "7", JobState.QUEUED, 2);        // a new attempt waits anew
        look("a", "7", JobState.PROCESSING, 2);
        look("a", "8", JobState.PROCESSING, 1);    // nobody saw it wait
        look("a", "8", JobState.CANCELED, 1);

        assertThat(stays("QUEUED")).isEqualTo(2);
        assertThat(stays("SCHEDULED")).isEqualTo(1);
        assertThat(stays("PROCESSING")).isEqualTo(2);
        assertThat(stays("FINISHED")).as("left by the restart").isEqualTo(1);
        DistributionSummary waits = topology.meters.get("jobwatch.queue.time").tag("source", "a").summary();
        assertThat(waits.count()).isEqualTo(2);
        assertThat(waits.totalAmount()).isEqualTo(2 + 1);
    }

    private long stays(String state) {
        return topology.meters.get("jobwatch.state.duration").tags("source", "a", "state", state).summary().count();
    }

    /** A timer adds nanoseconds up in a long, which has room for 292 years. */
    @Test
    void shouldAddUpManyLongStaysAndAbsurdOnes() {
        StayTimes times = new StayTimes(topology.meters, "a");
        JobTransition transition = new JobTransition();
        transition.setPreviousState(JobState.PROCESSING);
        transition.setCurrentState(JobState.FINISHED);
        for (long millis : List.of(Long.MAX_VALUE, Duration.ofDays(3_650).toMillis(), 1_000L)) {
            for (int i = 0; i < 100; i++) {
                transition.setPreviousStateMillis(millis);
                times.changed(transition, new JobStatus());
            }
        }

        DistributionSummary stays = topology.meters.get("jobwatch.state.duration").tags("source", "a", "state", "PROCESSING").summary();
        assertThat(stays.totalAmount()).isEqualTo(200.0 * Duration.ofDays(3_650).toSeconds() + 100);
    }

    @Test
    void shouldCountEachReportOnceByTheCodeOfItsFirstError() {
        JobStateEvent failed = event("a", "7", JobState.ERROR, 1);
        failed.setTasks(List.of(JobEvents.task("1"), JobEvents.task("2", "DiskFull", "Timeout"), JobEvents.task("3", "Other")));
        topology.pipe(failed);
        look("a", "8", JobState.ERROR, 1);
        look("a", "9", JobState.CANCELED, 1);
        look("a", "9", JobState.CANCELED, 2);
        look("a", "10", JobState.FINISHED, 1);

        assertThat(topology.count("jobwatch.reports", "source", "a", "state", "ERROR", "code", "DiskFull")).isEqualTo(1);
        assertThat(topology.count("jobwatch.reports", "source", "a", "state", "ERROR", "code", CodeLabels.NONE)).isEqualTo(1);
        assertThat(topology.count("jobwatch.reports", "source", "a", "state", "CANCELED", "code", CodeLabels.NONE)).isEqualTo(2);
        assertThat(topology.meters.find("jobwatch.reports").counters().stream().mapToDouble(counter -> counter.count()).sum())
                .isEqualTo(topology.reports().size());
    }

    @Test
    void shouldGiveHistogramsToFewSourcesThatAreNotConfigured() {
        for (int i = 0; i < 300; i++) {
            look("source-" + i, "7", JobState.QUEUED, 1);
            look("source-" + i, "7", JobState.PROCESSING, 1);
        }

        assertThat(topology.meters.find("jobwatch.queue.time").summaries()).hasSize(TopologyMetrics.MAX_OTHERS_WITH_TIMES + 1);
        assertThat(topology.meters.get("jobwatch.queue.time").tag("source", TopologyMetrics.REST).summary().count())
                .isEqualTo(300 - TopologyMetrics.MAX_OTHERS_WITH_TIMES);
    }

    @Test
    void shouldShowAConfiguredSourceAtZeroFromTheBeginning() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        new TopologyMetrics(meters, List.of("ours"));

        assertThat(meters.get("jobwatch.state.duration").tags("source", "ours", "state", "QUEUED").summary().count()).isZero();
        assertThat(meters.get("jobwatch.alerts").tags("source", "ours", "kind", "STUCK", "active", "true").counter().count()).isZero();
        assertThat(meters.get("jobwatch.dead.letters").tags("origin", "stream", "reason", "TOO_LARGE").counter().count()).isZero();
    }

    private static Outcome repeated() {
        return new Outcome.Dropped(DropReason.REPEATED, Optional.empty());
    }

    private JobStateEvent look(String source, String jobId, JobState state, int attempt) {
        JobStateEvent event = event(source, jobId, state, attempt);
        topology.pipe(event);
        return event;
    }

    private JobStateEvent event(String source, String jobId, JobState state, int attempt) {
        now += 1_000;
        JobStateEvent event = JobEvents.event(jobId, state, now);
        event.setSource(source);
        event.setAttempt(attempt);
        return event;
    }

    private double dropped(String source, DropReason reason) {
        return topology.count("jobwatch.observations.dropped", "source", source, "reason", reason.name());
    }

    private double allDropped() {
        return topology.meters.find("jobwatch.observations.dropped").counters().stream().mapToDouble(counter -> counter.count()).sum();
    }

    private double skipped(String source, JobState state) {
        return topology.count("jobwatch.states.skipped", "source", source, "state", state.name());
    }

    private Set<String> sources() {
        return topology.meters.getMeters().stream().map(Meter::getId).filter(id -> id.getTag("source") != null)
                .map(id -> id.getTag("source")).collect(Collectors.toSet());
    }
}
