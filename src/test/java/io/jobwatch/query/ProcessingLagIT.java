package io.jobwatch.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jobwatch.config.ProcessConfig;
import io.jobwatch.config.ProcessConfig.StateStore;
import io.jobwatch.event.JobState;
import io.jobwatch.job.JobEvents;
import io.jobwatch.job.StateMachine;
import io.jobwatch.topic.EventHeaders;
import io.jobwatch.topic.TestTopics;
import io.jobwatch.topology.HeardLooks;
import io.jobwatch.topology.JobTopology;
import io.jobwatch.topology.TopologyMetrics;
import io.jobwatch.topology.TopologyRunner;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessingLagIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final Duration BEHIND = Duration.ofMillis(2_500);
    private static final String GROUP = "jobwatch";

    @TempDir
    private Path dir;
    private TestTopics topics;
    private ViewAge age;

    @BeforeEach
    void start() {
        topics = new TestTopics(dir.resolve("broker"));
        age = new ViewAge(topics.kafkaProps(), topics.names(), GROUP, Map::of, any -> { });
        age.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        age.stop();
        age.join(SOON);
        topics.close();
    }

    /** Each step leaves markers of transactions after what the group has to read, and it never commits past them. */
    @Test
    void shouldCountWhatIsLeftForTheGroupAndNoMarkersOrAbortedRecords() throws Exception {
        // Nothing was ever observed or processed.
        awaitCaughtUp();
        ProducerRecord<byte[], byte[]> event = event("1");
        TopicPartition partition = new TopicPartition(event.topic(), event.partition());

        topics.send(List.of(event));
        awaitBehind();
        commit(partition, 1);
        awaitCaughtUp();

        topics.begin(List.of(event));
        topics.abort();
        awaitCaughtUp();

        topics.send(List.of(event, event));
        commit(partition, 5);
        awaitBehind();
        commit(partition, 6);
        awaitCaughtUp();
    }

    @Test
    void shouldKnowWhatTheTopologyHasCommittedUnderEitherProtocol() {
        for (String protocol : List.of("streams", "classic")) {
            topics.send(List.of(event(protocol)));
            awaitBehind();
            try (TopologyRunner runner = runner(protocol)) {
                runner.start();

                awaitCaughtUp();
            }
            assertThat(topics.read(topics.names().jobStatus())).extracting(status -> new String(status.key()))
                    .contains(JobEvents.SOURCE + "/" + protocol);
        }
    }

    /** As of a name server that does not answer for a while, and of a bug. */
    @Test
    void shouldGoOnMeasuringAfterAnyFailure() throws Exception {
        AtomicInteger clients = new AtomicInteger(2);
        AtomicInteger positions = new AtomicInteger(2);
        Map<String, Object> kafkaProps = new HashMap<>(topics.kafkaProps());
        kafkaProps.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, FailingReporter.class.getName());
        kafkaProps.put(FailingReporter.FAILURES, clients);
        ViewAge failing = new ViewAge(kafkaProps, topics.names(), GROUP, () -> {
            if (positions.getAndDecrement() > 0) {
                throw new IllegalStateException("a bug");
            }
            return Map.of();
        }, any -> { });
        failing.start();
        try {
            long startedAt = System.nanoTime();

            await().atMost(SOON).until(() -> failing.view().toNanos() < System.nanoTime() - startedAt
                    && failing.processing().toNanos() < System.nanoTime() - startedAt);

            assertThat(clients.get()).isNegative();
            assertThat(positions.get()).isNegative();
        } finally {
            failing.stop();
            failing.join(SOON);
        }
    }

    /** Lets a client fail to start, a number of times. */
    public static final class FailingReporter implements MetricsReporter {
        private static final String FAILURES = "test.failures";

        @Override
        public void configure(Map<String, ?> configs) {
            if (((AtomicInteger) configs.get(FAILURES)).getAndDecrement() > 0) {
                throw new IllegalStateException("no client today");
            }
        }

        @Override
        public void init(List<KafkaMetric> metrics) {
            // Reports nothing.
        }

        @Override
        public void metricChange(KafkaMetric metric) {
            // Reports nothing.
        }

        @Override
        public void metricRemoval(KafkaMetric metric) {
            // Reports nothing.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    private void awaitBehind() {
        await().atMost(SOON).until(() -> age.processing().compareTo(BEHIND) > 0);
    }

    /** Waits until all that was there at the call is known to be processed. */
    private void awaitCaughtUp() {
        long calledAt = System.nanoTime();
        await().atMost(SOON).until(() -> age.processing().toNanos() < System.nanoTime() - calledAt);
    }

    private void commit(TopicPartition partition, long offset) throws Exception {
        topics.admin().alterConsumerGroupOffsets(GROUP, Map.of(partition, new OffsetAndMetadata(offset))).all().get();
    }

    private ProducerRecord<byte[], byte[]> event(String jobId) {
        ProducerRecord<byte[], byte[]> record = topics.record(topics.names().jobStateEvents(), JobEvents.SOURCE + "/" + jobId,
                JobEvents.event(jobId, JobState.QUEUED, System.currentTimeMillis()));
        return new ProducerRecord<>(record.topic(), 1, record.key(), record.value());
    }

    private TopologyRunner runner(String protocol) {
        ProcessConfig config = new ProcessConfig(StateStore.MEMORY, 0, Map.of(), Duration.ofMinutes(5), Duration.ofDays(7),
                Map.of("group.protocol", protocol));
        JobTopology topology = new JobTopology(topics.names(), topics.schemas(), new StateMachine(Duration.ofDays(7)),
                new EventHeaders("jobwatch"), new TopologyMetrics(new SimpleMeterRegistry()), config, new HeardLooks(), partition -> true);
        return new TopologyRunner(topology.build(), GROUP, topics.kafkaProps(), config, dir.resolve("state"), topics.names().deadLetters());
    }
}
