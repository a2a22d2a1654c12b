package io.jobwatch.topology;

import io.jobwatch.config.ProcessConfig.StateStore;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.job.StateMachine;
import io.jobwatch.topic.EventHeaders;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.WallclockTimestampExtractor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
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

    static final String EVENTS_SOURCE = "job-state-events-source";
    static final String DETECT = "detect-transitions";
    static final String TRANSITIONS_SINK = "job-transitions-sink";
    static final String REPORTS_SINK = "job-error-reports-sink";
    static final String STATUS_SINK = "job-status-sink";

    private final TopicNames topics;
    private final TopicSchemas schemas;
    private final StateMachine machine;
    private final EventHeaders headers;
    private final TopologyMetrics metrics;
    private final StateStore stateStore;

    public JobTopology(TopicNames topics, TopicSchemas schemas, StateMachine machine, EventHeaders headers, TopologyMetrics metrics,
                       StateStore stateStore) {
        this.topics = topics;
        this.schemas = schemas;
        this.machine = machine;
        this.headers = headers;
        this.metrics = metrics;
        this.stateStore = stateStore;
    }

    /** {@return the topology} */
    public Topology build() {
        ByteArraySerializer bytes = new ByteArraySerializer();
        ProcessorSupplier<byte[], byte[], byte[], byte[]> detect = this::detectTransitions;
        return new Topology()
                // No output takes its time from the record's: a producer that gives none must not stop the stream.
                .addSource(AutoOffsetReset.earliest(), EVENTS_SOURCE, new WallclockTimestampExtractor(), new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(), topics.jobStateEvents())
                .addProcessor(DETECT, detect, EVENTS_SOURCE)
                .addStateStore(statusStore(), DETECT)
                .addSink(TRANSITIONS_SINK, topics.jobTransitions(), bytes, bytes, DETECT)
                .addSink(REPORTS_SINK, topics.jobErrorReports(), bytes, bytes, DETECT)
                .addSink(STATUS_SINK, topics.jobStatus(), bytes, bytes, DETECT);
    }

    private DetectTransitions detectTransitions() {
        return new DetectTransitions(new EventReader(schemas.<JobStateEvent>decoder(topics.jobStateEvents())), machine,
                schemas.decoder(topics.jobStatus()), schemas.encoder(topics.jobStatus()), schemas.encoder(topics.jobTransitions()),
                schemas.encoder(topics.jobErrorReports()), headers, metrics);
    }

    /** No cache: each status goes to the topic anyway, and a cache would only hold a second copy. */
    private StoreBuilder<KeyValueStore<Bytes, byte[]>> statusStore() {
        return Stores.keyValueStoreBuilder(
                        stateStore == StateStore.MEMORY ? Stores.inMemoryKeyValueStore(STATUS_STORE)
                                : Stores.persistentKeyValueStore(STATUS_STORE),
                        Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingEnabled(Map.of())
                .withCachingDisabled();
    }
}
