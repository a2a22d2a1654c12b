package io.jobwatch.topology;

import io.jobwatch.config.ProcessConfig;
import io.jobwatch.topic.access.Refusals;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the topology until it is closed. A thread that fails is replaced, after a pause that grows while failures follow each other. */
public final class TopologyRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopologyRunner.class);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);
    private static final long FIRST_PAUSE_MILLIS = 800;
    /**
     * Kafka Streams asks what to do on the thread that failed, before it closes anything: during the pause the thread keeps its partitions
     * and its transaction is open. So it is shorter than a transaction may last (10 s), and the thread itself undoes what it began.
     */
    private static final long LONGEST_PAUSE_MILLIS = 8_000;
    private static final long QUIET_MILLIS = 5 * 60_000;

    /**
     * Up to 24 partitions are written to, and a batch is sent as soon as it is full: at the default of 16 KB that is a request for each
     * few events. The time that a record waits for its batch is bounded by the commit, not by this.
     */
    public static final int BATCH_BYTES = 256 << 10;

    private final KafkaStreams streams;
    private final Refusals refusals;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicInteger failuresInRow = new AtomicInteger();
    private final LongAdder rebalances = new LongAdder();
    private final LongAdder threadFailures = new LongAdder();
    private volatile long lastFailureMillis;

    /**
     * @param applicationId   the Streams application id
     * @param kafkaProperties how to reach and authenticate with the cluster
     * @param stateDir        folder of the local state
     * @param deadLetters     topic of the dead letters
     */
    public TopologyRunner(Topology topology, String applicationId, Map<String, Object> kafkaProperties, ProcessConfig config, Path stateDir,
                          String deadLetters) {
        this(topology, applicationId, kafkaProperties, config, stateDir, deadLetters, new Refusals(kafkaProperties, List.of()));
    }

    /** @param refusals says what the cluster refuses to this user */
    public TopologyRunner(Topology topology, String applicationId, Map<String, Object> kafkaProperties, ProcessConfig config, Path stateDir,
                          String deadLetters, Refusals refusals) {
        this.refusals = refusals;
        this.streams = new KafkaStreams(topology, settings(applicationId, kafkaProperties, config, stateDir, deadLetters));
        streams.setUncaughtExceptionHandler(this::replaceThread);
        streams.setStateListener((now, before) -> {
            LOG.info("topology {} (was {})", now, before);
            if (now == KafkaStreams.State.REBALANCING) {
                rebalances.increment();
            }
        });
    }

    public void start() {
        streams.start();
    }

    /** {@return whether the topology processes records now} */
    public boolean running() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    public KafkaStreams streams() {
        return streams;
    }

    /** {@return how often it began to rebalance} */
    long rebalances() {
        return rebalances.sum();
    }

    /** {@return how many threads failed} */
    long threadFailures() {
        return threadFailures.sum();
    }

    /** Finishes the records in hand, commits and leaves; the rest is left to be done by the next owner. */
    @Override
    public void close() {
        closing.countDown();
        // Without leaving, the group would wait for this member until its session runs out (45 s), and with it the next start.
        if (!streams.close(CloseOptions.timeout(CLOSE_WITHIN).withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP))) {
            LOG.warn("the topology did not stop within {} s; what it had not committed is done again at the next start",
                    CLOSE_WITHIN.toSeconds());
        }
    }

    private StreamThreadExceptionResponse replaceThread(Throwable failure) {
        threadFailures.increment();
        long now = System.currentTimeMillis();
        int failures = now - lastFailureMillis > QUIET_MILLIS ? resetFailures() : failuresInRow.incrementAndGet();
        lastFailureMillis = now;
        long pause = pauseMillis(failures);
        Optional<String> refused = refusals.explain(failure);
        if (refused.isPresent()) {
            LOG.error("a stream thread failed, the next starts in {} ms: {}", pause, refused.get());
        } else {
            LOG.error("a stream thread failed, the next starts in {} ms: {}", pause, rootCause(failure), failure);
        }
        try {
            if (closing.await(pause, TimeUnit.MILLISECONDS)) {
                return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    /** @param failures that followed each other, from 1 */
    static long pauseMillis(int failures) {
        return Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failures - 1, 10));
    }

    private int resetFailures() {
        failuresInRow.set(1);
        return 1;
    }

    private static String rootCause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.toString();
    }

    static Properties settings(String applicationId, Map<String, Object> kafkaProperties, ProcessConfig config, Path stateDir,
                                       String deadLetters) {
        Map<String, Object> settings = new HashMap<>(kafkaProperties);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        settings.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, config.standbyReplicas());
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, -1);
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        if (!"streams".equalsIgnoreCase(config.properties().get(StreamsConfig.GROUP_PROTOCOL_CONFIG))) {
            // A killed instance is noticed after this long (default 45 s): until then its partitions stand still, at its own next start,
            // too. Under the newer protocol the broker decides, and refuses these settings.
            settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 10_000);
            // An instance hears with its next heartbeat that another comes or goes. Until then the partitions that move stand still, twice
            // in each restart: at the default of 3 s that is most of what a restart is felt (RollingRestartIT prints it).
            settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1_000);
        }
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), BATCH_BYTES);
        // The stream waits at each commit for what has not been sent. With Streams' own 100 ms, as long as a commit interval, that is
        // nearly all that was written since the last one; so part of it is sent meanwhile.
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 20);
        // A task reads one partition, so there is nothing to wait for to keep several in step; by default Streams asks for each record.
        settings.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
        settings.putAll(config.properties());
        // What correctness rests on is not for configuration.
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        settings.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, BadRecordHandler.class);
        settings.put(BadRecordHandler.TOPIC_CONFIG, deadLetters);
        Properties properties = new Properties();
        properties.putAll(settings);
        return properties;
    }
}
