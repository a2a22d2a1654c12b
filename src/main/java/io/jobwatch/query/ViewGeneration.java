package io.jobwatch.query;

import io.jobwatch.event.AlertKind;
import io.jobwatch.event.EventRecord;
import io.jobwatch.event.JobAlert;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.SourceStatus;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.topic.JobKey;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.access.Refusals;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of the stores: from the start of a Kafka Streams client to its end, which for a global store every failure is. While it ends a
 * question may find the stores closed, which is an {@link InvalidStateStoreException}, or empty: whoever asks has to see that it is
 * {@link #running()} before and after.
 */
final class ViewGeneration {
    private static final Logger LOG = LoggerFactory.getLogger(ViewGeneration.class);
    /** A page of the usual 50 jobs or failures has a hundredth of that; decoded, and written as JSON, it is some times as much. */
    private static final long MOST_PAGE_BYTES = 8 << 20;

    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Origin origin;
    private final ViewClients clients = new ViewClients();
    private final ViewTopology topology;
    private final KafkaStreams streams;
    private final Map<String, ReadOnlyKeyValueStore<Bytes, byte[]>> stores = new ConcurrentHashMap<>();
    private final DecoderPool<JobStatus> statuses;
    private final DecoderPool<JobErrorReport> reports;
    private final DecoderPool<JobAlert> alerts;
    private final DecoderPool<SourceStatus> sources;

    /** @param origin the topics that are there by the names */
    ViewGeneration(Origin origin, Properties settings, TopicNames topics, SchemaRegistry registry, boolean inMemory, Clock clock,
                   LongAdder unreadable, Consumer<String> changed, StateRestoreListener restores, Refusals refusals) {
        this.origin = origin;
        topology = new ViewTopology(registry, clock, unreadable, closing, changed);
        statuses = new DecoderPool<>(registry, JobStatus.getClassSchema());
        reports = new DecoderPool<>(registry, JobErrorReport.getClassSchema());
        alerts = new DecoderPool<>(registry, JobAlert.getClassSchema());
        sources = new DecoderPool<>(registry, SourceStatus.getClassSchema());
        streams = new KafkaStreams(topology.build(topics, inMemory), settings, clients);
        streams.setGlobalStateRestoreListener(restores);
        streams.setUncaughtExceptionHandler(failure -> {
            refusals.explain(failure).ifPresentOrElse(refused -> LOG.error("The view was lost and will be read anew: {}", refused),
                    () -> LOG.error("The view was lost and will be read anew", failure));
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.setStateListener((now, before) -> {
            LOG.debug("View {}", now);
            if (now.hasCompletedShutdown() || now.isShuttingDown()) {
                ended.countDown();
            }
        });
    }

    /**
     * Reads the topics from where the stores on disk stand, and returns when all of what was there is in the view.
     *
     * @throws org.apache.kafka.streams.errors.StreamsException if that fails
     */
    void start() {
        streams.start();
    }

    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    boolean running() {
        return streams.state() == KafkaStreams.State.RUNNING && ended.getCount() > 0;
    }

    Origin origin() {
        return origin;
    }

    /** Lets no more questions be answered, and whoever awaits the end go on. */
    void end() {
        ended.countDown();
    }

    /** {@return for each partition the offset of the next record, live; nothing once it has ended} */
    Map<TopicPartition, Long> positions() {
        return ended.getCount() > 0 ? clients.positions() : Map.of();
    }

    void close(Duration within) {
        closing.countDown();
        if (!streams.close(within.dividedBy(2))) {
            clients.wakeUp();
            if (!streams.close(within.dividedBy(2))) {
                LOG.warn("The view did not close within {} s", within.toSeconds());
            }
        }
    }

    Page<JobStatus> jobs(JobQuery query) {
        return reader(ViewTopology.JOBS, ViewTopology::bytes, statuses).read(topology.jobs().page(query),
                status -> JobIndex.passes(status, query));
    }

    Page<JobErrorReport> failures(FailureQuery query) {
        return reader(ViewTopology.REPORTS, key -> ReportKey.parse(key).bytes(), reports).read(topology.failures().page(query),
                same -> true);
    }

    Page<JobAlert> alerts(AlertQuery query) {
        return reader(ViewTopology.ALERTS, ViewTopology::bytes, alerts).read(topology.alerts().page(query),
                alert -> query.active().map(active -> active == alert.getActive()).orElse(true));
    }

    Optional<JobStatus> job(JobKey key) {
        return read(statuses, store(ViewTopology.JOBS).get(Bytes.wrap(key.bytes())));
    }

    Optional<JobErrorReport> report(JobKey key, OptionalInt attempt) {
        ReadOnlyKeyValueStore<Bytes, byte[]> store = store(ViewTopology.REPORTS);
        if (attempt.isPresent()) {
            return read(reports, store.get(new ReportKey(key.toString(), attempt.getAsInt()).bytes())).filter(topology::keeps);
        }
        try (KeyValueIterator<Bytes, byte[]> range = store.reverseRange(new ReportKey(key.toString(), 0).bytes(),
                new ReportKey(key.toString(), Integer.MAX_VALUE).bytes())) {
            while (range.hasNext()) {
                Optional<JobErrorReport> report = read(reports, range.next().value);
                if (report.isPresent() && report.get().getSource().equals(key.source()) && report.get().getJobId().equals(key.jobId())) {
                    return report.filter(topology::keeps);
                }
            }
        }
        return Optional.empty();
    }

    Map<AlertKind, Long> activeAlerts() {
        return topology.alerts().active();
    }

    Summary summary() {
        Optional<Summary.Waiting> oldest = topology.jobs().oldest(JobState.QUEUED).map(entry -> new Summary.Waiting(
                entry.group().source(), entry.key().substring(entry.group().source().length() + 1), entry.name(), entry.at()));
        return new Summary(topology.jobs().counts(), oldest, topology.failures().counts());
    }

    List<SourceStatus> sources() {
        List<SourceStatus> result = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> all = store(ViewTopology.SOURCES).all()) {
            all.forEachRemaining(entry -> read(sources, entry.value).ifPresent(result::add));
        }
        result.sort(Comparator.comparing(SourceStatus::getSource));
        return result;
    }

    private <T extends EventRecord> PageReader<T> reader(String storeName, Function<String, Bytes> keyBytes, DecoderPool<T> decoders) {
        ReadOnlyKeyValueStore<Bytes, byte[]> store = store(storeName);
        return new PageReader<>(key -> store.get(keyBytes.apply(key)), decoders::decode, MOST_PAGE_BYTES);
    }

    /** Streams looks through its topology for each store that it is asked for; what it gives asks the store itself whether it is open. */
    private ReadOnlyKeyValueStore<Bytes, byte[]> store(String name) {
        return stores.computeIfAbsent(name, this::storeOfStreams);
    }

    private ReadOnlyKeyValueStore<Bytes, byte[]> storeOfStreams(String name) {
        try {
            return streams.store(StoreQueryParameters.fromNameAndType(name, QueryableStoreTypes.<Bytes, byte[]>keyValueStore()));
        } catch (IllegalStateException e) {
            throw new InvalidStateStoreException("not started, or ended: " + e.getMessage(), e);
        }
    }

    private static <T extends EventRecord> Optional<T> read(DecoderPool<T> decoders, byte[] value) {
        return value == null ? Optional.empty() : Optional.of(decoders.decode(value));
    }
}
