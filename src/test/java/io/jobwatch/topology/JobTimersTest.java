package io.jobwatch.topology;

import static io.jobwatch.topology.DrivenTopology.TOPICS;
import static io.jobwatch.topology.DrivenTopology.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.config.ProcessConfig.StateStore;
import io.jobwatch.event.AlertKind;
import io.jobwatch.event.JobAlert;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.SourceStatus;
import io.jobwatch.job.JobEvents;
import io.jobwatch.job.StateMachine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes due while nothing is heard of a job. */
class JobTimersTest {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    private static final Duration LIMIT = Duration.ofHours(1);
    private static final Duration RETAINED = Duration.ofDays(7);
    private static final Map<JobState, Duration> STUCK_AFTER =
            Map.of(JobState.QUEUED, LIMIT, JobState.PROCESSING, Duration.ofHours(12));

    @TempDir
    private Path stateDir;
    private DrivenTopology topology;
    private Instant now = START;

    @BeforeEach
    void start() {
        topology = driven(StateStore.MEMORY, stateDir, now);
    }

    @AfterEach
    void stop() {
        topology.close();
    }

    @ParameterizedTest
    @EnumSource(StateStore.class)
    void shouldRaiseOneAlertForAStayThatIsTooLongAndEndItWithTheStay(StateStore kind, @TempDir Path dir) {
        topology.close();
        topology = driven(kind, dir, now);
        see("7", JobState.QUEUED);
        pass(LIMIT);
        assertThat(topology.alerts()).as("not yet looked at since").isEmpty();
        lookAtTheSource();
        pass(Duration.ofHours(5));

        JobAlert alert = only(topology.alerts());
        assertThat(alert.getKind()).isEqualTo(AlertKind.STUCK);
        assertThat(alert.getActive()).isTrue();
        assertThat(alert.getJobId()).isEqualTo("7");
        assertThat(alert.getState()).isEqualTo(JobState.QUEUED);
        assertThat(alert.getSince()).isEqualTo(START);
        assertThat(alert.getMessage()).isEqualTo("Queued since 2026-11-22T10:00:00Z, longer than 1h");
        List<JobStatus> statuses = topology.statuses();
        assertThat(statuses).extracting(JobStatus::getStuckAlertedAt).containsExactly(null, alert.getDetectedAt());
        assertThat(statuses.get(1).getSequence()).isEqualTo(1);
        assertThat(topology.transitions()).hasSize(1);

        see("7", JobState.PROCESSING);
        JobAlert end = only(topology.alerts());
        assertThat(end.getKind()).isEqualTo(AlertKind.STUCK);
        assertThat(end.getActive()).isFalse();
        assertThat(end.getSince()).isEqualTo(START);
        assertThat(end.getMessage()).isEqualTo("now Processing");
        assertThat(only(topology.statuses()).getStuckAlertedAt()).isNull();
        assertThat(topology.count("jobwatch.alerts", "kind", "STUCK", "active", "true")).isEqualTo(1);
        assertThat(topology.count("jobwatch.alerts", "kind", "STUCK", "active", "false")).isEqualTo(1);
    }

    @Test
    void shouldRaiseAnAlertForEachStayThatIsTooLong() {
        see("7", JobState.QUEUED);
        pass(LIMIT);
        lookAtTheSource();
        see("7", JobState.PROCESSING);
        pass(Duration.ofHours(12));
        lookAtTheSource();
        JobStateEvent again = event("7", JobState.QUEUED);
        again.setAttempt(2);
        topology.pipe(again);
        pass(LIMIT);
        lookAtTheSource();

        assertThat(topology.alerts()).extracting(alert -> alert.getState() + " " + alert.getActive()).containsExactly("QUEUED true",
                "QUEUED false", "PROCESSING true", "PROCESSING false", "QUEUED true");
    }

    @Test
    void shouldNotRepeatAnAlertAfterARestart() {
        see("7", JobState.QUEUED);
        see("8", JobState.QUEUED);
        pass(LIMIT);
        lookAtTheSource();
        assertThat(topology.alerts()).hasSize(2);

        restart();
        pass(Duration.ofHours(1));
        lookAtTheSource();
        pass(Duration.ofDays(1));
        assertThat(topology.alerts()).isEmpty();

        see("7", JobState.FINISHED);
        assertThat(only(topology.alerts()).getActive()).isFalse();
    }

    @Test
    void shouldRaiseAfterARestartWhatBecameDueBeforeIt() {
        see("7", JobState.QUEUED);
        pass(LIMIT.minusMinutes(1));
        restart();
        pass(Duration.ofMinutes(1));
        lookAtTheSource();

        assertThat(only(topology.alerts()).getKind()).isEqualTo(AlertKind.STUCK);
    }

    /** While a store is restored looks are heard, and what they found is not fetched. */
    @Test
    void shouldNotActOnAStoreThatWasJustTakenOver() {
        see("7", JobState.QUEUED);
        pass(LIMIT.plusMinutes(1));
        restart();
        topology.looks.hear(status(now), now.minus(SourceLook.SETTLE));
        pass(JobTimers.EVERY);
        assertThat(topology.alerts()).isEmpty();

        see("7", JobState.PROCESSING);
        pass(Duration.ofMinutes(1));
        assertThat(topology.alerts()).isEmpty();
    }

    @Test
    void shouldNotRaiseAnAlertForAStayThatNobodyCouldLookAt() {
        see("7", JobState.QUEUED);
        lookAtTheSource();
        pass(LIMIT);
        failToLookAtTheSource();
        pass(Duration.ofDays(1));
        assertThat(topology.alerts()).isEmpty();

        see("7", JobState.FINISHED);
        lookAtTheSource();
        pass(Duration.ofDays(1));
        assertThat(topology.alerts()).as("it had gone on while nobody looked").isEmpty();
    }

    /** What a look found is committed before the look is told of, but may be read a little later. */
    @Test
    void shouldWaitForWhatALookFoundBeforeItCounts() {
        see("7", JobState.QUEUED);
        pass(LIMIT);
        topology.looks.hear(status(now), now);
        pass(SourceLook.SETTLE.dividedBy(2));
        see("7", JobState.PROCESSING);
        pass(Duration.ofMinutes(5));

        assertThat(topology.alerts()).isEmpty();
    }

    @Test
    void shouldNotGoByTheClockWhileEventsWait() {
        see("7", JobState.QUEUED);
        see("gone", JobState.FINISHED);
        gone("gone", JobState.FINISHED);
        topology.behind = true;
        pass(RETAINED);
        lookAtTheSource();
        assertThat(topology.alerts()).isEmpty();
        assertThat(topology.store().get(key("gone"))).isNotNull();

        topology.behind = false;
        pass(JobTimers.EVERY);
        assertThat(only(topology.alerts()).getJobId()).isEqualTo("7");
        assertThat(topology.store().get(key("gone"))).isNull();
    }

    @Test
    void shouldHaveNoLimitWhereNoneIsConfigured() {
        see("7", JobState.SCHEDULED);
        see("8", JobState.FINISHED);
        pass(Duration.ofDays(30));
        lookAtTheSource();

        assertThat(topology.alerts()).isEmpty();
    }

    @Test
    void shouldTellThatAJobIsLostAndThatItIsFound() {
        see("7", JobState.PROCESSING);
        pass(Duration.ofMinutes(1));
        Instant lostAt = now;
        gone("7", JobState.PROCESSING);
        gone("7", JobState.PROCESSING);
        JobAlert lost = only(topology.alerts());
        assertThat(lost.getKind()).isEqualTo(AlertKind.LOST);
        assertThat(lost.getActive()).isTrue();
        assertThat(lost.getSince()).isEqualTo(lostAt);
        assertThat(lost.getState()).isEqualTo(JobState.PROCESSING);
        assertThat(lost.getMessage()).isEqualTo("the service no longer knows the job, which was last seen Processing");

        pass(Duration.ofMinutes(1));
        see("7", JobState.PROCESSING);
        JobAlert found = only(topology.alerts());
        assertThat(found.getActive()).isFalse();
        assertThat(found.getSince()).isEqualTo(lostAt);
        assertThat(found.getMessage()).isEqualTo("the service knows the job again: now Processing");
    }

    @Test
    void shouldNotTakeALostJobForAStuckOne() {
        see("7", JobState.QUEUED);
        gone("7", JobState.QUEUED);
        pass(LIMIT.multipliedBy(3));
        lookAtTheSource();

        assertThat(topology.alerts()).extracting(JobAlert::getKind).containsExactly(AlertKind.LOST);
    }

    @Test
    void shouldForgetAnEndedJobOnceTheServiceHas() {
        see("7", JobState.FINISHED);
        pass(RETAINED.plusDays(1));
        assertThat(topology.store().get(key("7"))).as("the service still lists it").isNotNull();
        topology.statuses();
        gone("7", JobState.FINISHED);
        topology.statuses();
        pass(JobTimers.EVERY);

        TestRecord<byte[], byte[]> tombstone = only(topology.output(TOPICS.jobStatus()));
        assertThat(tombstone.key()).isEqualTo(key("7").get());
        assertThat(tombstone.value()).isNull();
        assertThat(header(tombstone, "ce_id")).isEqualTo("encoder-eu/7#JobStatus." + START.toEpochMilli() + ".1.forgotten");
        assertThat(topology.store().get(key("7"))).isNull();
        assertThat(topology.alerts()).isEmpty();
        assertThat(topology.count("jobwatch.jobs.forgotten", "source", JobEvents.SOURCE)).isEqualTo(1);
    }

    @Test
    void shouldNotForgetBeforeItsTime() {
        see("7", JobState.FINISHED);
        gone("7", JobState.FINISHED);
        pass(RETAINED.minusSeconds(2));
        assertThat(topology.store().get(key("7"))).isNotNull();

        pass(Duration.ofSeconds(3));
        assertThat(topology.store().get(key("7"))).isNull();
    }

    @Test
    void shouldRememberALostJobFromItsLossAndEndItsAlertWhenItIsForgotten() {
        see("7", JobState.PROCESSING);
        pass(Duration.ofHours(12));
        lookAtTheSource();
        pass(RETAINED);
        gone("7", JobState.PROCESSING);
        pass(RETAINED.minusSeconds(2));
        assertThat(topology.store().get(key("7"))).isNotNull();
        topology.alerts();
        pass(Duration.ofSeconds(3));

        assertThat(topology.store().get(key("7"))).isNull();
        assertThat(topology.alerts()).extracting(alert -> alert.getKind() + " " + alert.getActive())
                .containsExactlyInAnyOrder("STUCK false", "LOST false");
    }

    @Test
    void shouldForgetAfterARestart() {
        see("7", JobState.FINISHED);
        gone("7", JobState.FINISHED);
        restart();
        pass(RETAINED.plusSeconds(1));

        assertThat(topology.store().get(key("7"))).isNull();
    }

    @Test
    void shouldBeginAnewWithAJobThatComesBackAfterItWasForgotten() {
        see("7", JobState.PROCESSING);
        gone("7", JobState.PROCESSING);
        pass(RETAINED.plusSeconds(1));
        topology.transitions();
        see("7", JobState.PROCESSING);

        assertThat(only(topology.transitions()).getSequence()).isEqualTo(1);
    }

    /** Each look at the clock takes a fifth of the budget here, and the jobs are many: not all can be done at once. */
    @Test
    void shouldKeepWithinItsBudgetAndGoOnTheNextTime() {
        int jobs = 40;
        for (int job = 0; job < jobs; job++) {
            see("job-" + job, JobState.QUEUED);
        }
        restart();
        topology.pace = JobTimers.BUDGET.dividedBy(5);
        topology.looks.hear(status(now.plus(LIMIT)), now);
        pass(LIMIT);
        pass(JobTimers.EVERY);
        int first = topology.alerts().size();
        assertThat(first).isBetween(1, 20);
        int rounds = 1;
        int raised = first;
        for (; raised < jobs && rounds < 100; rounds++) {
            pass(JobTimers.EVERY);
            int more = topology.alerts().size();
            assertThat(more).as("alerts in one round").isLessThanOrEqualTo(5);
            raised += more;
        }
        assertThat(raised).isEqualTo(jobs);
    }

    @Test
    void shouldGiveTheSameAlertTheSameIdAndOthersAnother() {
        see("7", JobState.QUEUED);
        pass(LIMIT);
        lookAtTheSource();
        see("7", JobState.PROCESSING);
        gone("7", JobState.PROCESSING);
        see("7", JobState.PROCESSING);

        List<String> ids = topology.output(TOPICS.jobAlerts()).stream().map(record -> header(record, "ce_id")).toList();
        assertThat(ids).hasSize(4).doesNotHaveDuplicates().allMatch(id -> id.startsWith("encoder-eu/7#"));
        assertThat(topology.output(TOPICS.jobStatus()).stream().map(record -> header(record, "ce_id"))).doesNotHaveDuplicates();
    }

    /** Stops the topology and starts another with what the first left in its store. */
    private void restart() {
        List<KeyValue<Bytes, byte[]>> stored = new ArrayList<>();
        try (var all = topology.store().all()) {
            all.forEachRemaining(stored::add);
        }
        topology.close();
        topology = driven(StateStore.MEMORY, stateDir.resolve("again" + now.toEpochMilli()), now);
        stored.forEach(entry -> topology.store().put(entry.key, entry.value));
    }

    private static DrivenTopology driven(StateStore kind, Path dir, Instant start) {
        return new DrivenTopology(kind, dir, new StateMachine(RETAINED), STUCK_AFTER, start);
    }

    /** Each thing is seen a little after the one before. */
    private void see(String jobId, JobState state) {
        topology.pipe(event(jobId, state));
        pass(Duration.ofMillis(1));
    }

    private void gone(String jobId, JobState state) {
        JobStateEvent event = event(jobId, state);
        event.setGone(true);
        topology.pipe(event);
        pass(Duration.ofMillis(1));
    }

    private JobStateEvent event(String jobId, JobState state) {
        return JobEvents.event(jobId, state, now.toEpochMilli());
    }

    private void pass(Duration time) {
        now = now.plus(time);
        topology.advance(time);
    }

    private void lookAtTheSource() {
        pass(Duration.ofSeconds(1));
        topology.looks.hear(status(now), now);
        pass(SourceLook.SETTLE.plus(JobTimers.RETRY).plus(JobTimers.EVERY));
    }

    private void failToLookAtTheSource() {
        SourceStatus status = status(START);
        status.setFailuresInRow(3);
        status.setFailure("connection refused");
        topology.looks.hear(status, now);
    }

    private static SourceStatus status(Instant lastSuccessAt) {
        SourceStatus status = new SourceStatus();
        status.setSource(JobEvents.SOURCE);
        status.setUpdatedAt(lastSuccessAt);
        status.setLastSuccessAt(lastSuccessAt);
        return status;
    }

    private static Bytes key(String jobId) {
        return Bytes.wrap((JobEvents.SOURCE + "/" + jobId).getBytes(StandardCharsets.UTF_8));
    }

    private static <T> T only(List<T> list) {
        assertThat(list).hasSize(1);
        return list.get(0);
    }
}
