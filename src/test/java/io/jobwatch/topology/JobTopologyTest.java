package io.jobwatch.topology;

import static io.jobwatch.topology.DrivenTopology.TOPICS;
import static io.jobwatch.topology.DrivenTopology.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.config.ProcessConfig.StateStore;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.JobTransition;
import io.jobwatch.job.JobEvents;
import io.jobwatch.job.Outcome;
import io.jobwatch.job.StateMachine;
import io.jobwatch.registry.AvroEncoder;
import io.jobwatch.source.Bounds;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JobTopologyTest {
    private static final List<String> OUTPUTS = List.of(TOPICS.jobTransitions(), TOPICS.jobErrorReports(), TOPICS.jobStatus());

    @TempDir
    private Path stateDir;
    private DrivenTopology topology;

    @BeforeEach
    void start() {
        topology = new DrivenTopology(StateStore.MEMORY, stateDir);
    }

    @AfterEach
    void stop() {
        topology.close();
    }

    @Test
    void shouldTellEachChangeOfStateOnceAndNothingElse() {
        topology.pipe(JobEvents.event("7", JobState.QUEUED, 10_000));
        JobStateEvent progressed = JobEvents.event("7", JobState.QUEUED, 20_000);
        progressed.setProgress(10);
        topology.pipe(progressed);
        topology.pipe(JobEvents.event("7", JobState.PROCESSING, 30_000));
        topology.pipe(JobEvents.event("7", JobState.QUEUED, 40_000));
        topology.pipe(JobEvents.event("7", JobState.FINISHED, 50_000));

        assertThat(topology.transitions()).extracting(JobTransition::getCurrentState)
                .containsExactly(JobState.QUEUED, JobState.PROCESSING, JobState.FINISHED);
        assertThat(topology.statuses()).extracting(JobStatus::getState).containsExactly(JobState.QUEUED, JobState.QUEUED,
                JobState.PROCESSING, JobState.PROCESSING, JobState.FINISHED);
        assertThat(topology.reports()).isEmpty();
        assertThat(topology.output(TOPICS.deadLetters())).isEmpty();
        assertThat(topology.count("jobwatch.transitions", "source", JobEvents.SOURCE, "state", "PROCESSING")).isEqualTo(1);
        assertThat(topology.count("jobwatch.observations.dropped", "source", JobEvents.SOURCE, "reason", "BACKWARD")).isEqualTo(1);
        assertThat(topology.count("jobwatch.states.skipped", "source", JobEvents.SOURCE, "state", "SCHEDULED")).isEqualTo(1);
    }

    @Test
    void shouldReportEachStopOnceWithTheTasksOfTheStop() {
        JobStateEvent failed = JobEvents.event("7", JobState.ERROR, 10_000);
        failed.setDetailsAvailable(true);
        failed.setTasks(List.of(JobEvents.task("1"), JobEvents.task("2", "E1")));
        topology.pipe(failed);
        JobStateEvent renamed = JobEvents.event("7", JobState.ERROR, 20_000);
        renamed.setJobName("renamed");
        topology.pipe(renamed);
        topology.pipe(failed);
        JobStateEvent canceled = JobEvents.event("7", JobState.CANCELED, 30_000);
        canceled.setAttempt(2);
        topology.pipe(canceled);

        List<JobErrorReport> reports = topology.reports();
        assertThat(reports).extracting(JobErrorReport::getState).containsExactly(JobState.ERROR, JobState.CANCELED);
        assertThat(reports).extracting(JobErrorReport::getAttempt).containsExactly(1, 2);
        assertThat(reports.get(0).getTasks()).containsExactly(failed.getTasks().get(1), failed.getTasks().get(0));
    }

    @ParameterizedTest
    @EnumSource(StateStore.class)
    void shouldKeepInTheStoreTheBytesThatItPublished(StateStore kind, @TempDir Path dir) {
        try (DrivenTopology stored = new DrivenTopology(kind, dir)) {
            stored.pipe(JobEvents.event("7", JobState.QUEUED, 10_000));
            stored.pipe(JobEvents.event("7", JobState.PROCESSING, 20_000));
            stored.pipe(JobEvents.event("8", JobState.QUEUED, 30_000));

            List<TestRecord<byte[], byte[]>> published = stored.output(TOPICS.jobStatus());

            assertThat(published).hasSize(3);
            for (TestRecord<byte[], byte[]> latest : published.subList(1, 3)) {
                assertThat(stored.store().get(Bytes.wrap(latest.key()))).isEqualTo(latest.value());
            }
            assertThat(stored.driver.producedTopicNames()).contains("test-job-status-changelog");
        }
    }

    @Test
    void shouldKeyEveryOutputLikeItsInputAndTimeItByTheLook() {
        JobStateEvent failed = JobEvents.event("jöb/7", JobState.ERROR, 10_000);
        topology.pipe(failed);

        for (String topic : OUTPUTS) {
            assertThat(topology.output(topic)).as(topic).singleElement().satisfies(record -> {
                assertThat(record.key()).isEqualTo("encoder-eu/jöb/7".getBytes(StandardCharsets.UTF_8));
                assertThat(record.timestamp()).isEqualTo(10_000);
            });
        }
    }

    @Test
    void shouldGiveOutputsFreshHeadersAndNoneOfTheInputs() {
        topology.pipe(JobEvents.event("7", JobState.ERROR, 10_000), new RecordHeader("secret", new byte[] {1}),
                new RecordHeader("ce_id", new byte[] {2}));

        for (String topic : OUTPUTS) {
            TestRecord<byte[], byte[]> record = topology.output(topic).get(0);
            assertThat(Arrays.stream(record.headers().toArray()).map(Header::key)).as(topic).containsExactlyInAnyOrder("ce_specversion",
                    "ce_id", "ce_type", "ce_source", "ce_subject", "ce_time", "content-type", "traceparent");
            assertThat(header(record, "ce_id")).matches("encoder-eu/7#Job(Transition|ErrorReport|Status)\\.10000\\.1(@10000)?");
            assertThat(header(record, "ce_subject")).isEqualTo("encoder-eu/7");
            assertThat(header(record, "ce_time")).isEqualTo("1970-01-01T00:00:10Z");
        }
    }

    @Test
    void shouldGiveEachStatusAnIdOfItsOwn() {
        topology.pipe(JobEvents.event("7", JobState.QUEUED, 10_000));
        topology.pipe(JobEvents.event("7", JobState.QUEUED, 20_000));
        topology.pipe(JobEvents.event("7", JobState.PROCESSING, 30_000));

        assertThat(topology.output(TOPICS.jobStatus()).stream().map(record -> header(record, "ce_id"))).hasSize(3).doesNotHaveDuplicates();
    }

    /** What an aborted transaction did is done again, and a consumer that reads uncommitted records can tell. */
    @Test
    void shouldMakeTheSameRecordsWhenProcessedAgain(@TempDir Path dir) {
        List<JobStateEvent> events = List.of(JobEvents.event("7", JobState.QUEUED, 10_000), JobEvents.event("7", JobState.QUEUED, 20_000),
                JobEvents.event("7", JobState.ERROR, 30_000));
        try (DrivenTopology again = new DrivenTopology(StateStore.MEMORY, dir)) {
            events.forEach(topology::pipe);
            events.forEach(again::pipe);

            for (String topic : OUTPUTS) {
                assertThat(content(again.output(topic))).isNotEmpty().isEqualTo(content(topology.output(topic)));
            }
        }
    }

    @Test
    void shouldRaiseNothingWhenTheSameEventsComeAgain() {
        List<JobStateEvent> events = List.of(JobEvents.event("7", JobState.QUEUED, 10_000), JobEvents.event("7", JobState.UNKNOWN, 20_000),
                JobEvents.event("7", JobState.ERROR, 30_000));
        events.forEach(topology::pipe);
        OUTPUTS.forEach(topology::output);

        events.forEach(topology::pipe);

        assertThat(OUTPUTS).allSatisfy(topic -> assertThat(topology.output(topic)).isEmpty());
    }

    /** What the poller lets through is within {@link Bounds#JOB_BYTES}; key and headers, which have the id three times, come on top. */
    @Test
    void shouldPublishAllThatFollowsFromTheLargestJobThereCanBe() {
        JobStateEvent largest = JobEvents.event("\uffff".repeat(Bounds.JOB_ID_CHARS), JobState.ERROR, 10_000);
        largest.setSource("s".repeat(100));
        largest.setNativeReason("");
        int others = new AvroEncoder<JobStatus>(1).encode(((Outcome.Changed) new StateMachine(Duration.ofDays(7)).apply(null, largest))
                .status()).length;
        largest.setNativeReason("x".repeat(Bounds.JOB_BYTES - others - 2));   // its length takes two bytes more

        topology.pipe(largest);

        assertThat(topology.output(TOPICS.jobStatus())).singleElement()
                .satisfies(record -> assertThat(record.value()).hasSize(Bounds.JOB_BYTES));
        assertThat(topology.transitions()).hasSize(1);
        assertThat(topology.reports()).hasSize(1);
        assertThat(topology.output(TOPICS.deadLetters())).isEmpty();
    }

    @Test
    void shouldIgnoreAJobThatEndedLongAgo() {
        topology.advance(Duration.ofDays(120));
        JobStateEvent old = JobEvents.event("7", JobState.ERROR, 10_000_000_000L);
        old.setEndedAt(Instant.EPOCH);
        topology.pipe(old);

        assertThat(OUTPUTS).allSatisfy(topic -> assertThat(topology.output(topic)).isEmpty());
        assertThat(topology.store().get(Bytes.wrap(DrivenTopology.key(old)))).isNull();
        assertThat(topology.count("jobwatch.observations.dropped", "reason", "ENDED_LONG_AGO")).isEqualTo(1);
    }

    private static List<List<Object>> content(List<TestRecord<byte[], byte[]>> records) {
        List<List<Object>> result = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : records) {
            result.add(List.of(Bytes.wrap(record.key()), Bytes.wrap(record.value()), record.timestamp(), record.headers()));
        }
        return result;
    }
}
