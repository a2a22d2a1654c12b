package io.jobwatch.cli;

import io.jobwatch.config.FolderLock;
import io.jobwatch.config.JobwatchConfig;
import io.jobwatch.config.ProcessConfig.StateStore;
import io.jobwatch.config.Role;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.job.StateMachine;
import io.jobwatch.poll.PollMetrics;
import io.jobwatch.poll.Poller;
import io.jobwatch.query.JobExplainer;
import io.jobwatch.query.StreamsView;
import io.jobwatch.query.http.EventJson;
import io.jobwatch.query.http.OperationsServer;
import io.jobwatch.query.http.QueryServer;
import io.jobwatch.query.http.Services;
import io.jobwatch.query.stream.KafkaTransitionStream;
import io.jobwatch.query.stream.StreamSettings;
import io.jobwatch.registry.RegistryMetrics;
import io.jobwatch.report.Reporter;
import io.jobwatch.source.JobSources;
import io.jobwatch.source.RequestLimits;
import io.jobwatch.topic.EventHeaders;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import io.jobwatch.topic.access.Refusals;
import io.jobwatch.topic.access.Rights;
import io.jobwatch.topology.Explainer;
import io.jobwatch.topology.InputLag;
import io.jobwatch.topology.JobTopology;
import io.jobwatch.topology.ProcessMetrics;
import io.jobwatch.topology.SourceStatusReader;
import io.jobwatch.topology.TopologyMetrics;
import io.jobwatch.topology.TopologyRunner;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.streams.errors.ProcessorStateException;

/** A running jobwatch: the roles of its configuration over one way to the cluster. Started wholly or not at all. */
final class Instance implements AutoCloseable {
    private final Closing closing;
    private final Connections connections;
    private final Optional<URI> url;
    private final boolean answersQueries;

    private Instance(Closing closing, Connections connections, Optional<URI> url, boolean answersQueries) {
        this.closing = closing;
        this.connections = connections;
        this.url = url;
        this.answersQueries = answersQueries;
    }

    /**
     * Starts the roles, those that read before those that write.
     *
     * @param console   where the report role prints
     * @param connected told when the topics are there and before anything is written to them
     */
    static Instance start(JobwatchConfig config, PrintStream console, Clock clock, Consumer<Connections> connected) {
        Closing closing = new Closing();
        try {
            closing.then("data folder", FolderLock.acquire(config.dataDir()));
            PrometheusMeterRegistry meters = InstanceMetrics.start(config, closing);
            KafkaCollector kafkaMetrics = new KafkaCollector(config.applicationId());
            meters.getPrometheusRegistry().register(kafkaMetrics);
            Connections connections = Connections.openWithMemory(config, closing, clock, new RegistryMetrics(meters), kafkaMetrics);
            if (config.kafka().embedded()) {
                connections.setUpTopics(config);   // nobody else could have done it
            } else {
                connections.requireRights(Rights.of(config));
                connections.verifyTopics(config);
            }
            connected.accept(connections);
            AtomicBoolean started = new AtomicBoolean();
            Optional<URI> url = startRoles(config, connections, meters, console, clock, started::get, closing);
            started.set(true);
            closing.then("address", UrlFile.write(System.getenv(), url));
            return new Instance(closing, connections, url, config.roles().contains(Role.QUERY));
        } catch (RuntimeException e) {
            closing.close();
            throw e;
        }
    }

    /** @param started what an instance without a view is ready by */
    private static Optional<URI> startRoles(JobwatchConfig config, Connections connections, PrometheusMeterRegistry meters,
                                            PrintStream console, Clock clock, BooleanSupplier started, Closing closing) {
        TopicNames topics = new TopicNames(config.topics().prefix());
        TopicSchemas schemas = connections.schemas(config);
        TopicSchemas transactional = connections.schemasWithinTransactions(config, closing);
        Optional<URI> url = Optional.empty();
        closing.together();
        if (config.roles().contains(Role.QUERY)) {
            // The data folder belongs to this instance alone, so its view needs no further name, and is found again at the next start.
            StreamsView view = new StreamsView(connections.kafka(), topics, connections.registry(), config.dataDir(),
                    config.applicationId(), "view", config.process().stateStore() == StateStore.MEMORY, clock, meters);
            closing.with("view", view);
            KafkaTransitionStream stream = new KafkaTransitionStream(connections.kafka(), topics.jobTransitions(), connections.registry(),
                    EventJson::of, meters, clock, StreamSettings.DEFAULT);
            closing.with("stream", stream);
            QueryServer server = QueryServer.start(config.query(),
                    new Services(view, explainer(config, connections, topics, schemas), stream, meters));
            closing.with("query", server);
            view.start();
            stream.start();
            url = Optional.of(URI.create(server.url() + "/"));
        } else if (config.query().health().isPresent()) {
            OperationsServer server = OperationsServer.start(config.query().health().get(), started, meters);
            closing.with("health", server);
            url = Optional.of(URI.create(server.url() + "/"));
        }
        if (config.roles().contains(Role.REPORT)) {
            Reporter reporter = new Reporter(connections.kafka(), topics, connections.registry(), config.report(),
                    config.applicationId(), console, meters);
            closing.with("report", reporter);
            reporter.start();
        }
        if (config.roles().contains(Role.PROCESS)) {
            TopologyRunner runner = topology(config, connections, topics, transactional, meters, clock, closing);
            closing.with("process", runner);
            ProcessMetrics.bind(runner, meters);
            start(runner, config);
        }
        if (config.roles().contains(Role.POLL)) {
            PollMetrics metrics = new PollMetrics(meters, names(config));
            RequestLimits limits = new RequestLimits(config.sources(), metrics);
            Poller poller = new Poller(config.sources(), source -> JobSources.create(source, clock, limits), connections.kafka(),
                    config.applicationId(), instanceName(), topics, config.topics().partitions(), schemas, metrics, clock);
            closing.with("poll", poller);
            poller.start();
        }
        return url;
    }

    private static JobExplainer explainer(JobwatchConfig config, Connections connections, TopicNames topics, TopicSchemas schemas) {
        return new Explainer(connections.kafka(), topics, schemas, new StateMachine(config.process().retainTerminalFor()),
                new EventHeaders(config.applicationId()), Explainer.Limits.DEFAULT)::explain;
    }

    private static TopologyRunner topology(JobwatchConfig config, Connections connections, TopicNames topics, TopicSchemas schemas,
                                           PrometheusMeterRegistry meters, Clock clock, Closing closing) {
        SourceStatusReader looks = new SourceStatusReader(connections.kafka(), topics.sourceStatus(),
                schemas.decoder(topics.sourceStatus()), clock);
        closing.with("source status reader", looks);
        looks.start();
        InputLag lag = new InputLag(topics.jobStateEvents());
        JobTopology topology = new JobTopology(topics, schemas, new StateMachine(config.process().retainTerminalFor()),
                new EventHeaders(config.applicationId()),
                new TopologyMetrics(meters, names(config)), config.process(), looks, lag);
        TopologyRunner runner = new TopologyRunner(topology.build(), config.applicationId(), connections.kafka(), config.process(),
                state(config), topics.deadLetters(), new Refusals(connections.kafka(), Rights.of(config)));
        lag.of(runner.streams());
        return runner;
    }

    private static void start(TopologyRunner runner, JobwatchConfig config) {
        try {
            runner.start();
        } catch (ProcessorStateException e) {
            throw new CommandException("the state of the topology in " + state(config).toAbsolutePath() + " cannot be used ("
                    + e.getMessage() + "): remove that folder, it is made again from the topics");
        }
    }

    private static List<String> names(JobwatchConfig config) {
        return config.sources().stream().map(SourceConfig::name).toList();
    }

    private static Path state(JobwatchConfig config) {
        return config.dataDir().resolve("streams");
    }

    /** Names this process among the instances of an installation. */
    private static String instanceName() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "localhost";
        }
        return host + "-" + ProcessHandle.current().pid();
    }

    Connections connections() {
        return connections;
    }

    /** {@return where queries are answered, if this instance answers any} */
    Optional<URI> queryUrl() {
        return url.filter(address -> answersQueries);
    }

    /** {@return where it tells its health and its metrics, if it does} */
    Optional<URI> operationsUrl() {
        return url;
    }

    /** Ends the roles together, then what they stood on. */
    @Override
    public void close() {
        closing.close();
    }
}
