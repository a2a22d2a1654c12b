package io.jobwatch.query;

import io.jobwatch.config.Role;
import io.jobwatch.event.AlertKind;
import io.jobwatch.event.JobAlert;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.SourceStatus;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.topic.JobKey;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.access.Refusals;
import io.jobwatch.topic.access.Rights;
import io.jobwatch.topology.BoundedRocksDb;
import io.jobwatch.topology.RestoreMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The view in global stores of Kafka Streams, under {@code <data-dir>/query}. It belongs to this instance alone and takes part in no
 * consumer group.
 *
 * <p>A thread of its own starts the stores and, as they end with any failure, starts them again with back-off: a broker that is down at the
 * start or later delays the view and ends nothing.
 *
 * <p>Kafka Streams knows how far a global store has come by the names of the topics alone. So the stores of each {@link Origin} have a
 * folder of their own, {@code query/<application>-query-<instance>/<origin>}, and those of another one are removed.
 */
public final class StreamsView implements View, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamsView.class);
    private static final String BEING_READ = "the view is being read from the topics";
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(12);
    private static final Duration STORES_CLOSE_WITHIN = Duration.ofSeconds(8);
    private static final long FIRST_PAUSE_MILLIS = 800;
    private static final long LONGEST_PAUSE_MILLIS = 60_000;

    private final TopicNames topics;
    private final SchemaRegistry registry;
    private final Properties settings = new Properties();
    private final Path folder;
    private final boolean inMemory;
    private final Clock clock;
    private final Refusals refusals;
    private final LongAdder unreadable = new LongAdder();
    private final Watchers watchers = new Watchers();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch originKnown = new CountDownLatch(1);
    private final Thread lives = new Thread(this::live, "jobwatch-view");
    private final ViewAge age;
    private final RestoreMetrics restores;
    private volatile Origin origin;
    private volatile ViewGeneration generation;

    /**
     * @param kafkaProps    how any Kafka client reaches the cluster
     * @param dataDir       the instance's data folder
     * @param applicationId of jobwatch; the consumer group of its topology, whose lag the view tells, has this name
     * @param instance      tells the instances apart that share a data folder or a cluster
     * @param inMemory      keeps the stores in memory and reads them anew at each start, instead of RocksDB on disk
     * @param meters        where it is shown how far the reading is
     */
    public StreamsView(Map<String, Object> kafkaProps, TopicNames topics, SchemaRegistry registry, Path dataDir, String applicationId,
                       String instance, boolean inMemory, Clock clock, MeterRegistry meters) {
        this.topics = topics;
        this.registry = registry;
        this.inMemory = inMemory;
        this.clock = clock;
        this.restores = new RestoreMetrics(meters, ViewTopology.STORES);
        this.refusals = new Refusals(kafkaProps, new Rights(applicationId, topics).of(Role.QUERY));
        age = new ViewAge(kafkaProps, topics, applicationId, () -> {
            ViewGeneration now = generation;
            return now == null ? Map.of() : now.positions();
        }, this::readFrom);
        settings.putAll(kafkaProps);
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId + "-query-" + instance);
        folder = dataDir.resolve("query").resolve(applicationId + "-query-" + instance);
        // This is what makes the global consumer read committed records only.
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        // For a global store the interval of flushes to disk; what is lost is read again from the topic.
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 5_000);
        // The restoration looks for the end only between its waits for the broker, so let these be short; failing, it is begun again.
        settings.put(StreamsConfig.TASK_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(StreamsConfig.globalConsumerPrefix(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG), 5_000);
        settings.put(StreamsConfig.globalConsumerPrefix(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG), 5_000);
    }

    /** Begins to read the view; {@link #ready()} tells when it can answer. */
    public void start() {
        lives.start();
        age.start();
    }

    /** Ends within twelve seconds. */
    @Override
    public void close() {
        long deadline = System.nanoTime() + CLOSE_WITHIN.toNanos();
        closing.countDown();
        originKnown.countDown();
        age.stop();
        try {
            try {
                ViewGeneration last = generation;
                if (last != null) {
                    last.close(STORES_CLOSE_WITHIN);
                }
                lives.join(Math.max(1, Duration.ofNanos(deadline - System.nanoTime()).toMillis()));
            } finally {
                age.join(Duration.ofNanos(deadline - System.nanoTime()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean ready() {
        ViewGeneration now = generation;
        return now != null && now.running();
    }

    @Override
    public Duration lag() {
        return age.view();
    }

    @Override
    public Duration processingLag() {
        return age.processing();
    }

    @Override
    public OptionalLong processingLagRecords() {
        return age.processingRecords();
    }

    @Override
    public long unreadable() {
        return unreadable.sum();
    }

    @Override
    public Page<JobStatus> jobs(JobQuery query) {
        return ask(now -> now.jobs(query));
    }

    @Override
    public Optional<JobStatus> job(JobKey key) {
        return ask(now -> now.job(key));
    }

    @Override
    public Watch watch(JobKey key, Runnable changed) {
        return watchers.add(key.toString(), changed);
    }

    @Override
    public Optional<JobErrorReport> report(JobKey key, OptionalInt attempt) {
        return ask(now -> now.report(key, attempt));
    }

    @Override
    public Page<JobErrorReport> failures(FailureQuery query) {
        return ask(now -> now.failures(query));
    }

    @Override
    public Page<JobAlert> alerts(AlertQuery query) {
        return ask(now -> now.alerts(query));
    }

    @Override
    public Map<AlertKind, Long> activeAlerts() {
        return ask(ViewGeneration::activeAlerts);
    }

    @Override
    public Summary summary() {
        return ask(ViewGeneration::summary);
    }

    @Override
    public List<SourceStatus> sources() {
        return ask(ViewGeneration::sources);
    }

    /** An answer counts only if the stores outlived the question: those that are being closed look empty, or say that they are closed. */
    private <R> R ask(Function<ViewGeneration, R> question) {
        ViewGeneration now = generation;
        if (now == null || !now.running()) {
            throw new ViewUnavailableException(BEING_READ);
        }
        R answer;
        try {
            answer = question.apply(now);
        } catch (InvalidStateStoreException e) {
            throw new ViewUnavailableException(BEING_READ, e);
        }
        if (!now.running()) {
            throw new ViewUnavailableException(BEING_READ);
        }
        return answer;
    }

    /** Whatever was read of other topics would stay in the stores, and what is before the offsets reached there would be missing. */
    private void readFrom(Origin found) {
        origin = found;
        originKnown.countDown();
        ViewGeneration now = generation;
        if (now != null && !now.origin().equals(found) && now.running()) {
            LOG.warn("Topics of the view were made anew or got more partitions, so it is read anew");
            now.end();
        }
    }

    private void live() {
        long pause = FIRST_PAUSE_MILLIS;
        try {
            originKnown.await();
            while (closing.getCount() > 0) {
                pause = liveOnce() ? FIRST_PAUSE_MILLIS : Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
                if (closing.getCount() > 0) {
                    LOG.info("The view is read anew in {} ms", pause);
                }
                if (closing.await(pause, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("The view was told to end", e);
        }
    }

    /** {@return whether the view was ready at some time} */
    private boolean liveOnce() throws InterruptedException {
        Origin from = origin;
        StoreFolders.removeOthers(folder, from.id());
        Properties settingsOfThis = new Properties();
        settingsOfThis.putAll(settings);
        settingsOfThis.put(StreamsConfig.STATE_DIR_CONFIG, folder.resolve(from.id()).toString());
        ViewGeneration next;
        try {
            next = new ViewGeneration(from, settingsOfThis, topics, registry, inMemory, clock, unreadable, watchers::changed, restores,
                    refusals);
        } catch (KafkaException e) {
            LOG.warn("The view cannot be read: {}", refusals.describe(e), e);   // its folder may be mended
            return false;
        }
        generation = next;
        boolean wasReady = false;
        try {
            if (closing.getCount() > 0) {
                next.start();
                wasReady = true;
                next.awaitEnd();
            }
        } catch (RuntimeException e) {
            if (closing.getCount() > 0) {
                refusals.explain(e).ifPresentOrElse(refused -> LOG.warn("The view could not be read: {}", refused),
                        () -> LOG.warn("The view could not be read: {}", refusals.describe(e), e));
            }
        } finally {
            watchers.allChanged();   // those who wait learn at once that there is no answer
            next.close(STORES_CLOSE_WITHIN);
            restores.ended();
        }
        return wasReady;
    }
}
