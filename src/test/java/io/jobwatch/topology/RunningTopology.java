package io.jobwatch.topology;

import io.jobwatch.config.ProcessConfig;
import io.jobwatch.config.ProcessConfig.StateStore;
import io.jobwatch.job.StateMachine;
import io.jobwatch.topic.EventHeaders;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.query.RangeQuery;
import org.apache.kafka.streams.query.StateQueryRequest;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.awaitility.Awaitility;

/** The topology over topics of a test, as in production but for the clock-driven alerts about jobs, which nobody's looks allow here. */
public final class RunningTopology implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final TopologyRunner runner;

    private RunningTopology(TopologyRunner runner) {
        this.runner = runner;
    }

    /** Starts it and returns when its stores are restored. */
    public static RunningTopology start(Map<String, Object> kafka, TopicNames topics, TopicSchemas schemas, String applicationId,
                                        StateStore store, String groupProtocol, Path stateDir) {
        ProcessConfig config = new ProcessConfig(store, 0, Map.of(), Duration.ofMinutes(5), Duration.ofDays(7),
                Map.of("group.protocol", groupProtocol));
        JobTopology topology = new JobTopology(topics, schemas, new StateMachine(Duration.ofDays(7)), new EventHeaders(applicationId),
                new TopologyMetrics(new SimpleMeterRegistry()), config, new HeardLooks(), partition -> true);
        TopologyRunner runner = new TopologyRunner(topology.build(), applicationId, kafka, config, stateDir, topics.deadLetters());
        runner.start();
        Awaitility.await().atMost(SOON).until(runner::running);
        return new RunningTopology(runner);
    }

    /** {@return what is in the partitions of a store} Empty ones are left out. */
    public Map<Integer, Map<Bytes, byte[]>> store(String name) {
        Map<Integer, Map<Bytes, byte[]>> result = new TreeMap<>();
        runner.streams().query(StateQueryRequest.inStore(name).withQuery(RangeQuery.<Bytes, byte[]>withNoBounds()))
                .getPartitionResults().forEach((partition, answer) -> {
                    Map<Bytes, byte[]> found = new HashMap<>();
                    try (KeyValueIterator<Bytes, byte[]> all = answer.getResult()) {
                        while (all.hasNext()) {
                            KeyValue<Bytes, byte[]> next = all.next();
                            found.put(next.key, next.value);
                        }
                    }
                    if (!found.isEmpty()) {
                        result.put(partition, found);
                    }
                });
        return result;
    }

    @Override
    public void close() {
        runner.close();
    }
}
