package io.jobwatch.query;

import io.jobwatch.event.EventRecord;
import io.jobwatch.event.JobAlert;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.SourceStatus;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.topic.TopicNames;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.BytesDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Four global stores with the raw records of {@code job-status} (by job), {@code job-error-reports} (by job and attempt), {@code
 * job-alerts} (the latest by job or source, and kind) and {@code source-status} (by source), and the indexes that go with them. Nothing is
 * forwarded or produced.
 */
final class ViewTopology {
    static final String JOBS = "view-jobs";
    static final String REPORTS = "view-reports";
    static final String ALERTS = "view-alerts";
    static final String SOURCES = "view-sources";
    static final List<String> STORES = List.of(JOBS, REPORTS, ALERTS, SOURCES);
    /**
     * As long as the topic keeps them: a store on disk would otherwise keep them for ever. What is older is not told of from then on, and
     * leaves the store when the next record comes.
     */
    private static final Duration REPORTS_KEPT = Duration.ofDays(90);
    /** One that holds is kept without end, but a view that begins anew has it only as long as the topic does, which is as long as this. */
    private static final Duration ENDED_ALERTS_KEPT = Duration.ofDays(30);
    /** With each record that comes some old ones go: more than one, and never so many that the record would have to wait. */
    private static final int REMOVED_AT_ONCE = 100;

    private final SchemaRegistry registry;
    private final CountDownLatch closing;
    private final Clock clock;
    private final LongAdder unreadable;
    private final Consumer<String> changed;
    private final JobIndex jobs = new JobIndex();
    private final FailureIndex failures;
    private final AlertIndex alerts;

    /**
     * @param unreadable counts the records that cannot be read
     * @param closing    ends every waiting
     * @param changed    told the key of each job whose status has changed, when the change is in store and index
     */
    ViewTopology(SchemaRegistry registry, Clock clock, LongAdder unreadable, CountDownLatch closing, Consumer<String> changed) {
        this.registry = registry;
        this.clock = clock;
        this.unreadable = unreadable;
        this.closing = closing;
        this.changed = changed;
        this.failures = new FailureIndex(this::reportsKeptSince);
        this.alerts = new AlertIndex(this::endedAlertsKeptSince);
    }

    private Instant reportsKeptSince() {
        return clock.instant().minus(REPORTS_KEPT);
    }

    private Instant endedAlertsKeptSince() {
        return clock.instant().minus(ENDED_ALERTS_KEPT);
    }

    /** {@return whether a report is to be told of; those that are too old leave the store only as others come} */
    boolean keeps(JobErrorReport report) {
        return !report.getObservedAt().isBefore(reportsKeptSince());
    }

    JobIndex jobs() {
        return jobs;
    }

    FailureIndex failures() {
        return failures;
    }

    AlertIndex alerts() {
        return alerts;
    }

    Topology build(TopicNames topics, boolean inMemory) {
        Topology topology = new Topology();
        add(topology, topics.jobStatus(), JOBS, inMemory, new Jobs());
        add(topology, topics.jobErrorReports(), REPORTS, inMemory, new Reports());
        add(topology, topics.jobAlerts(), ALERTS, inMemory, new Alerts());
        add(topology, topics.sourceStatus(), SOURCES, inMemory, new Sources());
        return topology;
    }

    private static void add(Topology topology, String topic, String store, boolean inMemory,
                            ProcessorSupplier<Bytes, byte[], Void, Void> keeper) {
        StoreBuilder<KeyValueStore<Bytes, byte[]>> builder = Stores.keyValueStoreBuilder(
                inMemory ? Stores.inMemoryKeyValueStore(store) : Stores.persistentKeyValueStore(store), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingDisabled().withCachingDisabled();
        topology.addGlobalStore(builder, store + "-source", new BytesDeserializer(), new ByteArrayDeserializer(), topic,
                store + "-keeper", keeper);
    }

    private <T extends EventRecord> RecordReader<T> reader(Schema schema) {
        return new RecordReader<>(registry, schema, unreadable, closing);
    }

    /** {@return the key in the stores of jobs, alerts and sources} */
    static Bytes bytes(String key) {
        return Bytes.wrap(key.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Bytes key) {
        return new String(key.get(), StandardCharsets.UTF_8);
    }

    private final class Jobs extends StoreKeeper<JobStatus> {
        private Jobs() {
            super(JOBS, reader(JobStatus.getClassSchema()));
        }

        @Override
        Bytes storeKey(Bytes key, JobStatus value) {
            return key;
        }

        @Override
        void indexed(Bytes storeKey, JobStatus value, KeyValueStore<Bytes, byte[]> store) {
            String key = text(storeKey);
            jobs.put(key, value);
            changed.accept(key);
        }

        @Override
        void removed(Bytes recordKey, KeyValueStore<Bytes, byte[]> store) {
            jobs.remove(text(recordKey));
            store.delete(recordKey);
            changed.accept(text(recordKey));
        }
    }

    private final class Reports extends StoreKeeper<JobErrorReport> {
        private Reports() {
            super(REPORTS, reader(JobErrorReport.getClassSchema()));
        }

        @Override
        Bytes storeKey(Bytes key, JobErrorReport value) {
            return ReportKey.of(value).bytes();
        }

        @Override
        void indexed(Bytes storeKey, JobErrorReport value, KeyValueStore<Bytes, byte[]> store) {
            failures.put(ReportKey.of(value), value);
            failures.removeBefore(reportsKeptSince(), REMOVED_AT_ONCE).forEach(old -> store.delete(old.bytes()));
        }

        /** The topic is not compacted and no one writes tombstones to it. */
        @Override
        void removed(Bytes recordKey, KeyValueStore<Bytes, byte[]> store) {
            unreadable.increment();
        }
    }

    private final class Alerts extends StoreKeeper<JobAlert> {
        private Alerts() {
            super(ALERTS, reader(JobAlert.getClassSchema()));
        }

        @Override
        Bytes storeKey(Bytes key, JobAlert value) {
            return bytes(AlertIndex.keyOf(value));
        }

        @Override
        void indexed(Bytes storeKey, JobAlert value, KeyValueStore<Bytes, byte[]> store) {
            alerts.put(value);
            alerts.removeEndedBefore(endedAlertsKeptSince(), REMOVED_AT_ONCE).forEach(old -> store.delete(bytes(old)));
        }

        /** The topic is not compacted and no one writes tombstones to it. */
        @Override
        void removed(Bytes recordKey, KeyValueStore<Bytes, byte[]> store) {
            unreadable.increment();
        }
    }

    private final class Sources extends StoreKeeper<SourceStatus> {
        private Sources() {
            super(SOURCES, reader(SourceStatus.getClassSchema()));
        }

        @Override
        Bytes storeKey(Bytes key, SourceStatus value) {
            return key;
        }

        @Override
        void indexed(Bytes storeKey, SourceStatus value, KeyValueStore<Bytes, byte[]> store) {
            // There are few; they are read from the store.
        }

        @Override
        void removed(Bytes recordKey, KeyValueStore<Bytes, byte[]> store) {
            store.delete(recordKey);
        }
    }
}
