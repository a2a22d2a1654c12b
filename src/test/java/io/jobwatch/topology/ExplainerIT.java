package io.jobwatch.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.job.DropReason;
import io.jobwatch.job.JobEvents;
import io.jobwatch.job.Outcome;
import io.jobwatch.job.StateMachine;
import io.jobwatch.topic.EventHeaders;
import io.jobwatch.topic.JobKey;
import io.jobwatch.topic.TestTopics;
import io.jobwatch.topic.TopicException;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import io.jobwatch.topic.TopicSpec;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import javax.management.ObjectName;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Each test has jobs of its own, which all share the partitions. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExplainerIT {
    private static final Explainer.Limits LIMITS = new Explainer.Limits(Duration.ofSeconds(10), 100, 1 << 20);
    private static final StateMachine MACHINE = new StateMachine(Duration.ofDays(7));

    private final long start = System.currentTimeMillis() - 100_000;
    private TestTopics topics;

    @BeforeAll
    void startBroker(@TempDir Path folder) {
        topics = new TestTopics(folder);
    }

    @AfterAll
    void stopBroker() {
        topics.close();
    }

    @Test
    void shouldExplainOneOfManyJobsInAPartitionByWhatWasCommitted() {
        List<String> jobs = IntStream.range(0, 30).mapToObj(i -> "many-" + i).toList();
        send(all(jobs, JobState.QUEUED, 0));
        topics.begin(all(jobs, JobState.ERROR, 1));
        topics.abort();
        send(all(jobs, JobState.PROCESSING, 2));
        topics.begin(all(jobs, JobState.CANCELED, 3));
        topics.abort();
        send(all(jobs, JobState.SCHEDULED, 4));
        send(all(jobs, JobState.FINISHED, 5));

        Map<String, ConsumerRecord<byte[], byte[]>> there = topics.read(topics.names().jobStateEvents()).stream()
                .collect(Collectors.toMap(record -> record.partition() + "@" + record.offset(), record -> record));
        Set<Integer> partitions = new HashSet<>();
        for (String job : jobs) {
            Explanation explanation = explain(job, Optional.empty());
            partitions.add(explanation.partition());

            assertThat(explanation.observations()).extracting(observation -> observation.seen().orElseThrow())
                    .containsExactly(event(job, JobState.QUEUED, 0), event(job, JobState.PROCESSING, 2),
                            event(job, JobState.SCHEDULED, 4), event(job, JobState.FINISHED, 5));
            assertThat(explanation.observations()).extracting(ExplainedObservation::why).containsExactly(
                    "the first look at this job: it is Queued", "Processing after Queued: a step forward past Scheduled, which nobody saw",
                    "says Scheduled after Processing: a stale read, nothing moves backward; its native state is kept",
                    "Finished after Processing: a step forward");
            assertThat(explanation.observations()).allSatisfy(observation -> {
                assertThat(observation.topic()).isEqualTo(topics.names().jobStateEvents());
                assertThat(observation.partition()).isEqualTo(explanation.partition());
                ConsumerRecord<byte[], byte[]> record = there.get(observation.partition() + "@" + observation.offset());
                assertThat(record.key()).isEqualTo(key(job).bytes());
                assertThat(record.timestamp()).isEqualTo(observation.seen().orElseThrow().getObservedAt().toEpochMilli())
                        .isEqualTo(observation.writtenAt().orElseThrow().toEpochMilli());
            });
            assertThat(explanation.complete()).isTrue();
            assertThat(explanation.atEnd()).isTrue();
            assertThat(explanation.notes()).isEmpty();
        }
        assertThat(partitions).hasSize(TestTopics.PARTITIONS);
    }

    @Test
    void shouldExplainWhatIsCommittedWhileATransactionIsOpen() {
        send(List.of(record("open", JobState.QUEUED, 0)));
        topics.begin(List.of(record("open", JobState.PROCESSING, 1)));
        try {
            assertThat(decisions("open")).hasSize(1);
        } finally {
            topics.commit();
        }

        assertThat(decisions("open")).hasSize(2);
    }

    @Test
    void shouldHaveNothingToSayOfAJobThatNobodySaw() {
        Explanation explanation = explain("never-seen", Optional.empty());

        assertThat(explanation.observations()).isEmpty();
        assertThat(explanation.atEnd()).isTrue();
        assertThat(explanation.notes()).containsExactly("No observation of this job is in the topic, which begins at offset 0.");
    }

    /** In a topic of its own: the other tests' jobs must not lose anything. */
    @Test
    void shouldSayThatRetentionRemovedTheBeginning() throws Exception {
        TopicNames names = new TopicNames("retained.");
        topics.admin().createTopics(List.of(new NewTopic(names.jobStateEvents(), 1, (short) 1))).all().get();
        Explainer explainer = explainer(names, topics.kafkaProps(), System::nanoTime);
        List<JobStateEvent> events = List.of(event("7", JobState.QUEUED, 0), event("7", JobState.SCHEDULED, 1),
                event("7", JobState.PROCESSING, 2), event("7", JobState.SCHEDULED, 3), event("7", JobState.FINISHED, 4));
        send(events.stream().map(this::record).map(record -> new ProducerRecord<>(names.jobStateEvents(), record.key(), record.value()))
                .toList());
        List<ExplainedObservation> whole = explainer.explain(key("7"), Optional.empty()).observations();
        topics.admin().deleteRecords(Map.of(new TopicPartition(names.jobStateEvents(), 0), RecordsToDelete.beforeOffset(3))).all().get();

        Explanation blind = explainer.explain(key("7"), Optional.empty());
        Explanation informed = explainer.explain(key("7"), Optional.of(statusAfter(events)));

        assertThat(blind.firstOffset()).isEqualTo(3);
        assertThat(blind.complete()).isFalse();
        assertThat(blind.notes()).singleElement().asString().contains("begins at offset 3").contains("uncertain");
        assertThat(blind.observations()).extracting(ExplainedObservation::certain).containsExactly(false, false);
        assertThat(blind.observations().get(0).decision()).isEqualTo(new Decision.Unknown());
        assertThat(informed.complete()).isFalse();
        assertThat(informed.observations().get(1)).isEqualTo(whole.get(4));
    }

    @Test
    void shouldStopReadingWhenTheTimeIsOverAndSaySo() {
        send(List.of(record("slow", JobState.QUEUED, 0)));
        Iterator<Long> clock = LongStream.iterate(0, nanos -> nanos + LIMITS.within().toNanos() / 3 + 1).iterator();

        Explanation explanation = explainer(topics.names(), topics.kafkaProps(), clock::next).explain(key("slow"), Optional.empty());

        assertThat(explanation.atEnd()).isFalse();
        assertThat(explanation.readTo()).isLessThan(explanation.endOffset());
        assertThat(explanation.notes()).anyMatch(note -> note.startsWith("There was no time to read it all: offsets "
                + explanation.readTo() + " to " + explanation.endOffset()));
    }

    @Test
    void shouldSayThatTheTopicIsMissing() {
        assertThatThrownBy(() -> explainer(new TopicNames("nowhere."), topics.kafkaProps(), System::nanoTime)
                .explain(key("7"), Optional.empty())).isInstanceOf(TopicException.class)
                .hasMessageContaining("nowhere.job-state-events").hasMessageContaining("jobwatch setup");
    }

    @Test
    void shouldSayThatTheClusterDoesNotAnswer() throws Exception {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobody = socket.getLocalPort();
        }

        Explainer cutOff = new Explainer(Map.of("bootstrap.servers", "127.0.0.1:" + nobody), topics.names(), topics.schemas(), MACHINE,
                new EventHeaders("test"), new Explainer.Limits(Duration.ofSeconds(1), 100, 1 << 20));

        assertThatThrownBy(() -> cutOff.explain(key("7"), Optional.empty())).isInstanceOf(TopicException.class)
                .hasMessageContaining("does not answer").hasMessageContaining("kafka.bootstrap-servers");
    }

    @Test
    void shouldLeaveNoConsumerBehind() throws Exception {
        int before = consumers();

        explain("7", Optional.empty());
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> explain("7", Optional.empty())).isInstanceOf(InterruptException.class);

        assertThat(Thread.interrupted()).as("the interrupt is still there").isTrue();
        assertThat(consumers()).isEqualTo(before);
    }

    private static int consumers() throws Exception {
        return ManagementFactory.getPlatformMBeanServer().queryNames(new ObjectName("kafka.consumer:type=app-info,*"), null).size();
    }

    private List<Decision> decisions(String job) {
        return explain(job, Optional.empty()).observations().stream().map(ExplainedObservation::decision).toList();
    }

    private Explanation explain(String job, Optional<JobStatus> status) {
        return explainer(topics.names(), topics.kafkaProps(), System::nanoTime).explain(key(job), status);
    }

    private Explainer explainer(TopicNames names, Map<String, Object> kafka, LongSupplier nanos) {
        return new Explainer(kafka, names, schemas(names), MACHINE, new EventHeaders("test"), LIMITS, nanos);
    }

    private void send(List<ProducerRecord<byte[], byte[]>> records) {
        topics.send(records);
    }

    private List<ProducerRecord<byte[], byte[]>> all(List<String> jobs, JobState state, int second) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        jobs.forEach(job -> records.add(record(job, state, second)));
        return records;
    }

    private ProducerRecord<byte[], byte[]> record(String job, JobState state, int second) {
        return record(event(job, state, second));
    }

    /** With the producer's own choice of a partition. */
    private ProducerRecord<byte[], byte[]> record(JobStateEvent event) {
        ProducerRecord<byte[], byte[]> record = topics.record(topics.names().jobStateEvents(), key(event.getJobId()).toString(), event);
        return new ProducerRecord<>(record.topic(), null, event.getObservedAt().toEpochMilli(), record.key(), record.value());
    }

    private JobStateEvent event(String job, JobState state, int second) {
        return JobEvents.event(job, state, start + second * 1_000L);
    }

    private static JobKey key(String job) {
        return new JobKey(JobEvents.SOURCE, job);
    }

    private TopicSchemas schemas(TopicNames names) {
        return TopicSchemas.register(topics.registry(), TopicSpec.all(names, TestTopics.PARTITIONS));
    }

    private static JobStatus statusAfter(List<JobStateEvent> events) {
        JobStatus status = null;
        for (JobStateEvent event : events) {
            Outcome outcome = MACHINE.apply(status, event);
            if (outcome instanceof Outcome.Changed changed) {
                status = changed.status();
            } else {
                status = ((Outcome.Dropped) outcome).status().orElse(status);
                assertThat(((Outcome.Dropped) outcome).reason()).isEqualTo(DropReason.BACKWARD);
            }
        }
        return status;
    }
}
