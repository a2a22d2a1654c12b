package io.jobwatch.seed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jobwatch.event.JobErrorReport;
import io.jobwatch.registry.FilledRecords;
import io.jobwatch.seed.SeedFixture.Made;
import io.jobwatch.topic.TopicException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a seeding does when somebody comes in its way, or time has passed; with a real cluster. */
class SeedGuardsIT {
    @TempDir
    private static Path folder;
    private static SeedFixture deployments;

    @BeforeAll
    static void startCluster() {
        deployments = new SeedFixture(folder);
    }

    @AfterAll
    static void stopCluster() {
        deployments.close();
    }

    /** A group that nobody has joined loses its offsets seven days after they were committed, and would begin with the first report. */
    @Test
    void shouldCommitTheOffsetsOfTheReportsAgainThatTheBrokerDropped() {
        Made old = withReports("long-ago");
        Made made = deployments.made("forgotten");
        deployments.seed(old, made, StateFrom.BOTH);
        dropOffsets(made);
        assertThat(unwritten(made)).as("as the broker drops them").contains(made.topics().jobErrorReports());

        Seed.Result again = deployments.seed(old, made, StateFrom.BOTH);

        assertThat(again.already()).isTrue();
        assertThat(unwritten(made)).isEmpty();
    }

    private static void dropOffsets(Made made) {
        Groups groups = new Groups(deployments.cluster.admin(), made.side());
        assertThat(groups.committed(made.side().names().reportGroup(),
                Topics.partitions(made.topics().jobErrorReports(), made.partitions())))
                .isNotEmpty();   // the commit has arrived
        deployments.cluster.admin().deleteConsumerGroups(List.of(made.side().names().reportGroup())).all()
                .toCompletionStage().toCompletableFuture().join();
    }

    private static String unwritten(Made made) {
        try (CommittedReader reader = new CommittedReader(made.side())) {
            return new Groups(deployments.cluster.admin(), made.side())
                    .behind(made.side().names().reportGroup(), made.topics().jobErrorReports(), made.partitions(), reader);
        }
    }

    private static Made withReports(String name) {
        Made made = deployments.oldWithChangelogs(name);
        JobErrorReport report = (JobErrorReport) FilledRecords.filled(JobErrorReport.getClassSchema());
        deployments.cluster.send(IntStream.range(0, 20).mapToObj(i ->
                made.record(made.topics().jobErrorReports(), "encoder-eu/job-" + i, report)).toList());
        return made;
    }

    @Test
    void shouldSayThatSomethingElseIsReadBack() {
        Made old = withReports("read-back");
        Made made = deployments.made("disturbed");
        JobErrorReport another = (JobErrorReport) FilledRecords.filled(JobErrorReport.getClassSchema());

        assertThatThrownBy(() -> seed(old, made, whenVerifying(() -> deployments.cluster.send(
                List.of(made.record(made.topics().jobErrorReports(), "encoder-eu/another", another))))))
                .isInstanceOf(TopicException.class)
                .hasMessageContaining("what was seeded is not what is read back: 1 partitions differ, such as disturbed.job-error-reports-")
                .hasMessageContaining("Delete the topics disturbed.*");
    }

    @Test
    void shouldSayThatTheOffsetsOfTheReportsAreOthers() {
        Made old = withReports("offsets");
        Made made = deployments.made("moved");

        assertThatThrownBy(() -> seed(old, made, whenVerifying(() -> dropOffsets(made))))
                .isInstanceOf(TopicException.class)
                .hasMessageContaining("the offsets of the group moved-report are not those that were committed: reset them to the end of "
                        + "moved.job-error-reports and moved.job-transitions");
    }

    @Test
    void shouldWriteNothingWhereAnInstanceBeganMeanwhile() {
        Made old = withReports("begun");
        Made made = deployments.made("meanwhile");
        Map<String, Object> settings = new HashMap<>(old.side().kafka());
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, old.side().names().reportGroup());
        try (KafkaConsumer<byte[], byte[]> instance =
                     new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {

            assertThatThrownBy(() -> seed(old, made, whenReading(() -> {
                instance.subscribe(List.of(old.topics().jobErrorReports()));
                await().atMost(Duration.ofSeconds(30)).until(() -> {
                    instance.poll(Duration.ofMillis(100));
                    return !instance.assignment().isEmpty();
                });
            }))).isInstanceOf(TopicException.class).hasMessageContaining("these groups have members: begun-report (");
        }
        assertThat(deployments.cluster.read(made.topics().jobErrorReports())).isEmpty();
    }

    @Test
    void shouldSayThatTheBrokerAllowsNoTransactionOfThatLength() {
        Made made = deployments.made("patient");
        Map<String, Object> settings = new HashMap<>(made.side().kafka());
        settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, "3600000");
        Side patient = new Side(made.application(), made.topics(), settings, made.side().registry());

        assertThatThrownBy(() -> SeedTransaction.begin(patient)).isInstanceOf(TopicException.class)
                .hasMessageContaining("the broker allows no transaction of 3600000 ms: raise its transaction.max.timeout.ms");
    }

    /** The old deployment is at rest when the seeding is asked for. */
    private static void seed(Made from, Made to, Seed.Progress progress) {
        try (Seed seed = new Seed(from.side(), StateFrom.BOTH, SeedFixture.ALL, progress)) {
            seed.inspect(to.side(), to.partitions());
            seed.seed(to.side(), to.partitions(), to.schemas());
        }
    }

    private static Seed.Progress whenVerifying(Runnable once) {
        return new Once(() -> { }, once);
    }

    private static Seed.Progress whenReading(Runnable once) {
        return new Once(once, () -> { });
    }

    /** Does something when the first record is read, and something when reading back begins. */
    private static final class Once implements Seed.Progress {
        private final Runnable atReading;
        private final Runnable atVerifying;
        private boolean reading;
        private boolean verifying;

        Once(Runnable atReading, Runnable atVerifying) {
            this.atReading = atReading;
            this.atVerifying = atVerifying;
        }

        @Override
        public void read(TopicPartition partition, long offset) {
            if (!reading) {
                reading = true;
                atReading.run();
            }
        }

        @Override
        public void verifying(String topic) {
            if (!verifying) {
                verifying = true;
                atVerifying.run();
            }
        }
    }

    /** The client leaves such an offset out, as if there were none, though it asks for stable ones. */
    @Test
    void shouldWaitForAnOffsetThatAnOpenTransactionCommits() throws Exception {
        Made made = deployments.made("pending");
        TopicPartition partition = new TopicPartition(made.topics().jobStateEvents(), 0);
        Groups groups = new Groups(deployments.cluster.admin(), made.side());
        Map<String, Object> settings = new HashMap<>(made.side().kafka());
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "pending-offset");
        try (KafkaProducer<byte[], byte[]> producer =
                     new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(7)), new ConsumerGroupMetadata("pending"));

            CompletableFuture<Map<TopicPartition, OffsetAndMetadata>> committed =
                    CompletableFuture.supplyAsync(() -> groups.committed("pending", List.of(partition)));

            assertThatThrownBy(() -> committed.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
            producer.commitTransaction();
            assertThat(committed.get(30, TimeUnit.SECONDS)).isEqualTo(Map.of(partition, new OffsetAndMetadata(7)));
        }
    }
}
