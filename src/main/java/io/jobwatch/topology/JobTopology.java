package io.jobwatch.topology;

import io.jobwatch.config.ProcessConfig;
import io.jobwatch.config.ProcessConfig.StateStore;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobStatus;
import io.jobwatch.job.Alerts;
import io.jobwatch.job.Deadlines;
import io.jobwatch.job.StateMachine;
import io.jobwatch.registry.AvroDecoder;
import io.jobwatch.topic.EventHeaders;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.WallclockTimestampExtractor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Builds the topology. Every node and store is named: the names are part of what an upgrade must keep.
 *
 * <p>It is written with the Processor API, as a table turned into a stream would drop the states in between: its cache keeps the last one
 * only.
 */
public final class JobTopology {
    /** The store of the latest status of each job: key bytes to the wire bytes of JobStatus. */
    public static final String STATUS_STORE = "job-status";

    /** The store of the active alerts about sources: the source's name to the wire bytes of JobAlert. */
    static final String SOURCE_ALERTS_STORE = "source-alerts";

    static final String EVENTS_SOURCE = "job-state-events-source";
    static final String DETECT = "detect-transitions";
    static final String TRANSITIONS_SINK = "job-transitions-sink";
    static final String REPORTS_SINK = "job-error-reports-sink";
    static final String STATUS_SINK = "job-status-sink";
    static final String ALERTS_SINK = "job-alerts-sink";

    private final TopicNames topics;
    private final TopicSchemas schemas;
    private final StateMachine machine;
    private final EventHeaders headers;
    private final TopologyMetrics metrics;
    private final ProcessConfig config;
    private final SourceLooks looks;
    private final CaughtUp caughtUp;

    /**
     * @param looks    what holds back alerts about jobs that nobody could look at
     * @param caughtUp what holds back everything that goes by the clock while events wait
     */
    public JobTopology(TopicNames topics, TopicSchemas schemas, StateMachine machine, EventHeaders headers, TopologyMetrics metrics,
                       ProcessConfig config, SourceLooks looks, CaughtUp caughtUp) {
        this.topics = topics;
        this.schemas = schemas;
        this.machine = machine;
        this.headers = headers;
        this.metrics = metrics;
        this.config = config;
        this.looks = looks;
        this.caughtUp = caughtUp;
    }

    /** {@return the topology} */
    public Topology build() {
        return build(System::nanoTime);
    }

    /** As {@link #build()}, with another steady clock to keep time budgets by. */
    Topology build(LongSupplier nanos) {
        ByteArraySerializer bytes = new ByteArraySerializer();
        ProcessorSupplier<byte[], byte[], byte[], byte[]> detect = () -> detectTransitions(nanos);
        return new Topology()
                // No output takes its time from the record's: a producer that gives none must not stop the stream.
                .addSource(AutoOffsetReset.earliest(), EVENTS_SOURCE, new WallclockTimestampExtractor(), new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(), topics.jobStateEvents())
                .addProcessor(DETECT, detect, EVENTS_SOURCE)
                .addStateStore(statusStore(), DETECT)
                .addStateStore(sourceAlertsStore(), DETECT)
                .addSink(TRANSITIONS_SINK, topics.jobTransitions(), bytes, bytes, DETECT)
                .addSink(REPORTS_SINK, topics.jobErrorReports(), bytes, bytes, DETECT)
                .addSink(STATUS_SINK, topics.jobStatus(), bytes, bytes, DETECT)
                .addSink(ALERTS_SINK, topics.jobAlerts(), bytes, bytes, DETECT);
    }

    private DetectTransitions detectTransitions(LongSupplier nanos) {
        Deadlines deadlines = new Deadlines(config.stuckAfter(), config.retainTerminalFor());
        Alerts alerts = new Alerts(deadlines);
        AvroDecoder<JobStatus> statuses = schemas.decoder(topics.jobStatus());
        Outputs outputs = new Outputs(topics, schemas, headers);
        JobTimers timers = new JobTimers(deadlines, alerts, looks, caughtUp, nanos, statuses, outputs, metrics);
        SourceWatch sources = new SourceWatch(looks, config.downAfter(), alerts, schemas.encoder(topics.jobAlerts()),
                schemas.decoder(topics.jobAlerts()), outputs, metrics);
        return new DetectTransitions(new EventReader(schemas.<JobStateEvent>decoder(topics.jobStateEvents())), machine, statuses, outputs,
                alerts, timers, sources, metrics);
    }

    /** No cache: each status goes to the topic anyway, and a cache would only hold a second copy. */
    private StoreBuilder<KeyValueStore<Bytes, byte[]>> statusStore() {
        return bytes(config.stateStore() == StateStore.MEMORY ? Stores.inMemoryKeyValueStore(STATUS_STORE)
                : Stores.persistentKeyValueStore(STATUS_STORE));
    }

    /** A handful of entries: not worth a RocksDB. */
    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> sourceAlertsStore() {
        return bytes(Stores.inMemoryKeyValueStore(SOURCE_ALERTS_STORE));
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> bytes(KeyValueBytesStoreSupplier supplier) {
        return Stores.keyValueStoreBuilder(supplier, Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingEnabled(Map.of())
                .withCachingDisabled();
    }
}
