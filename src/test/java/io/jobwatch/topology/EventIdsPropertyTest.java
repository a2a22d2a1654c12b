package io.jobwatch.topology;

import static io.jobwatch.topology.DrivenTopology.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.jobwatch.config.ProcessConfig.StateStore;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.SourceStatus;
import io.jobwatch.job.JobEvents;
import io.jobwatch.job.StateMachine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.test.TestRecord;

/** By what its consumers can tell whether they have had an event of the topology before. */
class EventIdsPropertyTest {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    private static final Map<JobState, Duration> STUCK_AFTER =
            Map.of(JobState.QUEUED, Duration.ofMinutes(10), JobState.PROCESSING, Duration.ofMinutes(20));
    private static final Map<String, String> TYPE_BY_TOPIC = Map.of(
            TOPICS.jobTransitions(), "io.jobwatch.event.JobTransition",
            TOPICS.jobErrorReports(), "io.jobwatch.event.JobErrorReport",
            TOPICS.jobStatus(), "io.jobwatch.event.JobStatus",
            TOPICS.jobAlerts(), "io.jobwatch.event.JobAlert");
    private static final List<String> OUTPUTS = TYPE_BY_TOPIC.keySet().stream().sorted().toList();
    /** A step of the clock; no limit is a multiple of it, so that nothing is due at the very moment of a step. */
    private static final Duration MINUTES = Duration.ofMinutes(7);

    enum Kind {
        LOOK, GONE, RESTART, PASS_MINUTES, PASS_DAYS, HEAR_SUCCESS, HEAR_FAILURE, UNWATCH
    }

    record Step(Kind kind, String jobId, JobState state) {
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(Tuple.of(12, Kind.LOOK), Tuple.of(4, Kind.GONE), Tuple.of(2, Kind.RESTART),
                Tuple.of(8, Kind.PASS_MINUTES), Tuple.of(2, Kind.PASS_DAYS), Tuple.of(6, Kind.HEAR_SUCCESS), Tuple.of(2, Kind.HEAR_FAILURE),
                Tuple.of(1, Kind.UNWATCH));
        // The second job's id looks like an event of the first.
        return Combinators.combine(kinds, Arbitraries.of("7", "7#JobStatus.1"), Arbitraries.of(JobState.class)).as(Step::new)
                .list().ofMinSize(5).ofMaxSize(60);
    }

    @Property(tries = 60)
    void shouldGiveEachEventAnIdOfItsOwn(@ForAll("steps") List<Step> steps) throws IOException {
        assertThat(ids(told(steps, Duration.ZERO))).doesNotHaveDuplicates();
    }

    /** As after an aborted transaction: the same events, but what goes by the clock is done at another moment. */
    @Property(tries = 60)
    void shouldGiveAnEventTheSameIdWhenItIsMadeAgain(@ForAll("steps") List<Step> steps) throws IOException {
        List<String> first = ids(told(steps, Duration.ZERO));
        List<String> again = ids(told(steps, Duration.ofMillis(300)));

        // Of a source's silence nothing but the moment at which it was noticed is certain to be new.
        assertThat(again.stream().filter(id -> !id.contains("SOURCE_DOWN")))
                .containsExactlyElementsOf(first.stream().filter(id -> !id.contains("SOURCE_DOWN")).toList());
    }

    /**
     * A job is seen twice, is stuck, goes on and is stuck since the same moment by the service's clock, stops, runs again, is lost, found,
     * lost again, forgotten, and new.
     */
    @Example
    void shouldNameTheEventsOfAJobByItsFirstSightingAndTheTransition() throws IOException {
        List<Step> life = List.of(look(JobState.QUEUED), look(JobState.QUEUED), step(Kind.PASS_MINUTES), step(Kind.PASS_MINUTES),
                step(Kind.HEAR_SUCCESS), step(Kind.PASS_MINUTES), look(JobState.PROCESSING), step(Kind.PASS_MINUTES),
                step(Kind.PASS_MINUTES), step(Kind.PASS_MINUTES), step(Kind.HEAR_SUCCESS), step(Kind.PASS_MINUTES), look(JobState.ERROR),
                new Step(Kind.RESTART, "7", JobState.PROCESSING), new Step(Kind.GONE, "7", JobState.PROCESSING), look(JobState.PROCESSING),
                new Step(Kind.GONE, "7", JobState.PROCESSING), step(Kind.PASS_DAYS), look(JobState.PROCESSING));

        Map<String, List<String>> ids = new HashMap<>();
        told(life, Duration.ZERO).forEach((topic, records) -> ids.put(topic, ids(records).stream()
                .filter(id -> id.startsWith("encoder-eu/7#")).map(id -> id.replace(Long.toString(START.toEpochMilli()), "T")).toList()));

        String later = "." + START.plus(Duration.ofDays(8)).plus(MINUTES.multipliedBy(7)).toEpochMilli();
        String lost = "." + START.plus(MINUTES.multipliedBy(7)).plusMillis(2).toEpochMilli();
        String lostAgain = "." + START.plus(MINUTES.multipliedBy(7)).plusMillis(4).toEpochMilli();
        assertThat(ids.get(TOPICS.jobTransitions())).containsExactly("encoder-eu/7#JobTransition.T.1", "encoder-eu/7#JobTransition.T.2",
                "encoder-eu/7#JobTransition.T.3", "encoder-eu/7#JobTransition.T.4", "encoder-eu/7#JobTransition" + later + ".1");
        assertThat(ids.get(TOPICS.jobErrorReports())).containsExactly("encoder-eu/7#JobErrorReport.T.3");
        assertThat(ids.get(TOPICS.jobAlerts())).containsExactly("encoder-eu/7#JobAlert.T.1.STUCK.T",
                "encoder-eu/7#JobAlert.T.1.STUCK.T.end", "encoder-eu/7#JobAlert.T.2.STUCK.T",
                "encoder-eu/7#JobAlert.T.2.STUCK.T.end", "encoder-eu/7#JobAlert.T.4.LOST" + lost,
                "encoder-eu/7#JobAlert.T.4.LOST" + lost + ".end", "encoder-eu/7#JobAlert.T.4.LOST" + lostAgain,
                "encoder-eu/7#JobAlert.T.4.LOST" + lostAgain + ".end");
        assertThat(ids.get(TOPICS.jobStatus())).hasSize(12).doesNotHaveDuplicates()
                .contains("encoder-eu/7#JobStatus.T.1@T", "encoder-eu/7#JobStatus.T.1.alerted", "encoder-eu/7#JobStatus.T.4.forgotten");
    }

    /** The first alert ended because nobody watched the source any more, not because it was looked at. */
    @Example
    void shouldTellApartTwoAlertsAboutOneSilenceOfASource() throws IOException {
        List<String> ids = ids(told(List.of(step(Kind.HEAR_FAILURE), step(Kind.PASS_MINUTES), step(Kind.UNWATCH), step(Kind.PASS_MINUTES),
                step(Kind.HEAR_FAILURE), step(Kind.PASS_MINUTES)), Duration.ZERO));

        String first = START.toEpochMilli() + "." + START.plus(MINUTES).toEpochMilli();
        String second = START.toEpochMilli() + "." + START.plus(MINUTES.multipliedBy(3)).toEpochMilli();
        assertThat(ids).containsExactly("encoder-eu#JobAlert.SOURCE_DOWN." + first, "encoder-eu#JobAlert.SOURCE_DOWN." + first + ".end",
                "encoder-eu#JobAlert.SOURCE_DOWN." + second);
    }

    @Property(tries = 30)
    void shouldBeReadByTheSdkOfCloudEvents(@ForAll("steps") List<Step> steps) throws IOException {
        told(steps, Duration.ZERO).forEach((topic, records) -> records.forEach(record -> {
            CloudEvent event = KafkaMessageFactory.createReader(record.headers(), record.value()).toEvent();

            assertThat(TYPE_BY_TOPIC.get(topic)).isEqualTo(event.getType());
            assertThat(event.getSubject()).isEqualTo(new String(record.key(), StandardCharsets.UTF_8));
            assertThat(event.getId()).startsWith(event.getSubject() + "#" + event.getType().substring("io.jobwatch.event.".length()));
            assertThat(event.getTime().toInstant().toEpochMilli()).isEqualTo(record.timestamp());
            assertThat(event.getData() == null ? null : event.getData().toBytes()).isEqualTo(record.value());
        }));
    }

    private static Step look(JobState state) {
        return new Step(Kind.LOOK, "7", state);
    }

    private static Step step(Kind kind) {
        return new Step(kind, "7", JobState.UNKNOWN);
    }

    /** {@return what the topology wrote, by topic} */
    private static Map<String, List<TestRecord<byte[], byte[]>>> told(List<Step> steps, Duration late) throws IOException {
        Path folder = Files.createTempDirectory("ids");
        try (Run run = new Run(folder, late)) {
            steps.forEach(run::take);
            Map<String, List<TestRecord<byte[], byte[]>>> told = new HashMap<>();
            OUTPUTS.forEach(topic -> told.put(topic, run.topology.output(topic)));
            return told;
        } finally {
            Utils.delete(folder.toFile());
        }
    }

    private static List<String> ids(List<TestRecord<byte[], byte[]>> records) {
        return records.stream().map(record -> DrivenTopology.header(record, "ce_id")).toList();
    }

    private static List<String> ids(Map<String, List<TestRecord<byte[], byte[]>>> told) {
        return OUTPUTS.stream().flatMap(topic -> ids(told.get(topic)).stream()).toList();
    }

    private static final class Run implements AutoCloseable {
        private final DrivenTopology topology;
        private final Map<String, Instant> lastLook = new HashMap<>();
        private final Map<String, Integer> attempts = new HashMap<>();
        private Instant now = START;

        /** @param late how much later than the looks the clock of the topology is */
        Run(Path folder, Duration late) {
            topology = new DrivenTopology(StateStore.MEMORY, folder, new StateMachine(Duration.ofDays(7)), STUCK_AFTER, START.plus(late));
            topology.looks.listeningSince = Optional.of(START);
        }

        void take(Step step) {
            switch (step.kind()) {
                case LOOK -> topology.pipe(event(step, false));
                case GONE -> topology.pipe(event(step, true));
                case RESTART -> {
                    attempts.merge(step.jobId(), 2, (attempt, first) -> attempt + 1);
                    topology.pipe(event(step, false));
                }
                case PASS_MINUTES -> pass(MINUTES);
                case PASS_DAYS -> pass(Duration.ofDays(8));
                case HEAR_SUCCESS -> hear(0);
                case HEAR_FAILURE -> hear(1);
                case UNWATCH -> topology.looks.forget(JobEvents.SOURCE);
                default -> throw new IllegalStateException();
            }
        }

        /** Rises strictly for each job, as the poller promises. The service tells one time for all. */
        private JobStateEvent event(Step step, boolean gone) {
            Instant observedAt = lastLook.merge(step.jobId(), now, (last, at) -> at.isAfter(last) ? at : last.plusMillis(1));
            JobStateEvent event = JobEvents.event(step.jobId(), step.state(), observedAt.toEpochMilli());
            event.setAttempt(attempts.getOrDefault(step.jobId(), 1));
            event.setCreatedAt(START);
            event.setStartedAt(START);
            event.setGone(gone);
            return event;
        }

        /** An old success is told again after a failure, as by an instance that has just taken the source over. */
        private void hear(int failures) {
            SourceStatus status = new SourceStatus();
            status.setSource(JobEvents.SOURCE);
            status.setUpdatedAt(now);
            status.setLastSuccessAt(failures == 0 ? now : START);
            status.setFailuresInRow(failures);
            topology.looks.hear(status, now);
        }

        private void pass(Duration time) {
            now = now.plus(time);
            topology.advance(time);
        }

        @Override
        public void close() {
            topology.close();
        }
    }
}
