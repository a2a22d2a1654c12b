package io.jobwatch.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jobwatch.config.ProcessConfig;
import io.jobwatch.config.ProcessConfig.StateStore;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.job.JobLoad;
import io.jobwatch.job.StateMachine;
import io.jobwatch.topic.EventHeaders;
import io.jobwatch.topic.JobKey;
import io.jobwatch.topic.TestTopics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The choice of {@code group.protocol}, and what becomes of what was done under the other one. */
class GroupProtocolIT {
    private static final int EVENTS = 6_000;
    private static final Duration SOON = Duration.ofSeconds(60);

    private final JobLoad load = JobLoad.of(7, EVENTS, Instant.now().minus(Duration.ofHours(1)));
    @TempDir
    private Path folder;
    private TestTopics topics;

    @BeforeEach
    void startCluster() {
        topics = new TestTopics(folder.resolve("cluster"));
    }

    @AfterEach
    void stopCluster() {
        topics.close();
    }

    @Test
    void shouldGoOnUnderTheOtherProtocolOnceAllInstancesHaveEnded() {
        int part = EVENTS / 4;
        String[] protocols = {"classic", "streams", "streams", "classic"};
        for (int i = 0; i < protocols.length; i++) {
            int transitions = topics.read(topics.names().jobTransitions()).size();
            topics.send(load.events().subList(i * part, (i + 1) * part).stream().map(this::record).toList());
            try (TopologyRunner runner = runner(protocols[i], "state")) {
                runner.start();
                await().atMost(SOON).until(() -> topics.read(topics.names().jobTransitions()).size() > transitions);
                if (i == protocols.length - 1) {
                    await().atMost(SOON).until(() -> topics.read(topics.names().jobTransitions()).size() == transitionsDue());
                }
            }
        }

        new ToldTopics(topics.kafkaProps(), topics.names(), topics.schemas()).assertEachChangeToldOnce(load);
    }

    /** It tries again and again, and does no harm to those that run. */
    @Test
    void shouldJoinOnceTheInstancesOfTheOtherProtocolHaveEnded() {
        try (TopologyRunner late = runner("streams", "late")) {
            try (TopologyRunner running = runner("classic", "running")) {
                running.start();
                awaitWhateverFails().atMost(SOON).until(running::running);
                late.start();
                awaitWhateverFails().alias("its first thread has failed").atMost(SOON)
                        .until(() -> late.streams().metadataForLocalThreads().stream()
                        .anyMatch(thread -> thread.threadName().endsWith("-2")));
                assertThat(late.running()).isFalse();
                assertThat(running.running()).isTrue();
            }
            topics.send(load.events().stream().map(this::record).toList());
            awaitWhateverFails().atMost(SOON).until(() -> topics.read(topics.names().jobTransitions()).size() == transitionsDue());
        }
        new ToldTopics(topics.kafkaProps(), topics.names(), topics.schemas()).assertEachChangeToldOnce(load);
    }

    /** {@return a wait that goes on when a stream thread ends with an exception} */
    private static ConditionFactory awaitWhateverFails() {
        return await().dontCatchUncaughtExceptions();
    }

    private int transitionsDue() {
        return load.changes().values().stream().mapToInt(List::size).sum();
    }

    private ProducerRecord<byte[], byte[]> record(JobStateEvent event) {
        return topics.record(topics.names().jobStateEvents(), new JobKey(event.getSource(), event.getJobId()).toString(), event);
    }

    private TopologyRunner runner(String groupProtocol, String state) {
        ProcessConfig config = new ProcessConfig(StateStore.ROCKSDB, 0, Map.of(), Duration.ofMinutes(5), Duration.ofDays(7),
                Map.of("group.protocol", groupProtocol));
        JobTopology topology = new JobTopology(topics.names(), topics.schemas(), new StateMachine(Duration.ofDays(7)),
                new EventHeaders("jobwatch"), new TopologyMetrics(new SimpleMeterRegistry()), config, new HeardLooks(), partition -> true);
        return new TopologyRunner(topology.build(), "jobwatch", topics.kafkaProps(), config, folder.resolve(state),
                topics.names().deadLetters());
    }
}
