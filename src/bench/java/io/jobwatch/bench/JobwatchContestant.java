package io.jobwatch.bench;

import io.jobwatch.config.ProcessConfig.StateStore;
import io.jobwatch.config.ProcessConfig;
import io.jobwatch.config.RegistryConfig;
import io.jobwatch.event.JobState;
import io.jobwatch.job.StateMachine;
import io.jobwatch.registry.RegistryTimeouts;
import io.jobwatch.registry.SchemaRegistries;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.topic.EventHeaders;
import io.jobwatch.topic.TopicSchemas;
import io.jobwatch.topic.TopicSpec;
import io.jobwatch.topology.InputLag;
import io.jobwatch.topology.JobTopology;
import io.jobwatch.topology.SourceStatusReader;
import io.jobwatch.topology.TopologyMetrics;
import io.jobwatch.topology.TopologyRunner;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.KafkaStreams;

/** jobwatch's own topology, put together and run as an instance with the role {@code process} does it. */
final class JobwatchContestant implements Contestant {
    /** The defaults of the configuration. */
    private static final Map<JobState, Duration> STUCK_AFTER =
            Map.of(JobState.QUEUED, Duration.ofHours(1), JobState.PROCESSING, Duration.ofHours(12));
    private static final Duration DOWN_AFTER = Duration.ofMinutes(5);
    private static final Duration RETAIN_TERMINAL_FOR = Duration.ofDays(7);

    private final SchemaRegistry registry;
    private final SourceStatusReader looks;
    private final TopologyRunner runner;

    JobwatchContestant(ContestantSettings settings, StateStore store) {
        registry = SchemaRegistries.of(new RegistryConfig(settings.registryUrl(), 0, Map.of())).open(
                RegistryTimeouts.WITHIN_A_TRANSACTION);
        TopicSchemas schemas = TopicSchemas.register(registry, TopicSpec.all(settings.topics(), settings.partitions()));
        ProcessConfig config = new ProcessConfig(store, settings.standbyReplicas(), STUCK_AFTER, DOWN_AFTER, RETAIN_TERMINAL_FOR,
                settings.properties());
        looks = new SourceStatusReader(settings.kafka(), settings.topics().sourceStatus(),
                schemas.decoder(settings.topics().sourceStatus()), Clock.systemUTC());
        InputLag lag = new InputLag(settings.topics().jobStateEvents());
        JobTopology topology = new JobTopology(settings.topics(), schemas, new StateMachine(RETAIN_TERMINAL_FOR),
                new EventHeaders(settings.applicationId()), new TopologyMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)),
                config, looks, lag);
        runner = new TopologyRunner(topology.build(), settings.applicationId(), settings.kafka(), config, settings.stateDir(),
                settings.topics().deadLetters());
        lag.of(runner.streams());
    }

    @Override
    public void start() {
        looks.start();
        runner.start();
    }

    @Override
    public boolean running() {
        return runner.running();
    }

    @Override
    public Optional<KafkaStreams> streams() {
        return Optional.of(runner.streams());
    }

    @Override
    public void close() {
        runner.close();
        looks.close();
        registry.close();
    }
}
