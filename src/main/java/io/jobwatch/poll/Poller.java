package io.jobwatch.poll;

import io.jobwatch.config.Role;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.event.PollCursor;
import io.jobwatch.registry.AvroDecoder;
import io.jobwatch.source.JobSource;
import io.jobwatch.topic.ApplicationNames;
import io.jobwatch.topic.EventHeaders;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import io.jobwatch.topic.access.Refusals;
import io.jobwatch.topic.access.Rights;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Polls the sources whose lanes this instance owns, from {@link #start} to {@link #close}. */
public final class Poller implements AutoCloseable {
    private static final Duration STOP_WITHIN = Duration.ofSeconds(8);

    private final Map<Integer, List<SourceConfig>> sourcesByLane;
    private final Function<SourceConfig, JobSource> sourceFactory;
    private final Map<String, Object> kafkaProperties;
    private final ApplicationNames names;
    private final String owner;
    private final TopicNames topics;
    private final int partitions;
    private final TopicSchemas schemas;
    private final EventHeaders headers;
    private final Refusals refusals;
    private final PollMetrics metrics;
    private final Clock clock;
    private final Backoff services = new Backoff(() -> ThreadLocalRandom.current().nextDouble(), Duration.ofSeconds(60));
    /** A cluster that comes back is not to be kept waiting for as long as a service that may be overloaded. */
    private final Backoff cluster = new Backoff(() -> ThreadLocalRandom.current().nextDouble(), Duration.ofSeconds(10));
    private final LaneGroup group;
    private final Map<Integer, LaneWorker> workers = new HashMap<>();
    private volatile Ownership ownership = new Ownership(Set.of(), new ConsumerGroupMetadata("none"));
    private boolean closed;

    /**
     * @param sources         every source of the installation; all instances must be given the same
     * @param sourceFactory   makes the client of a service
     * @param kafkaProperties how to reach and authenticate with the cluster
     * @param owner           names this instance in source-status
     * @param partitions      of the topics keyed by job
     */
    public Poller(List<SourceConfig> sources, Function<SourceConfig, JobSource> sourceFactory, Map<String, Object> kafkaProperties,
                  String applicationId, String owner, TopicNames topics, int partitions, TopicSchemas schemas, PollMetrics metrics,
                  Clock clock) {
        this.sourcesByLane = Lanes.assign(sources);
        this.sourceFactory = sourceFactory;
        this.kafkaProperties = Map.copyOf(kafkaProperties);
        this.names = new ApplicationNames(applicationId);
        this.owner = owner;
        this.topics = topics;
        this.partitions = partitions;
        this.schemas = schemas;
        this.headers = new EventHeaders(applicationId);
        this.refusals = new Refusals(kafkaProperties, new Rights(applicationId, topics).of(Role.POLL));
        this.metrics = metrics;
        this.clock = clock;
        Map<String, Object> groupSettings = new HashMap<>(kafkaProperties);
        groupSettings.putAll(LaneGroup.settings(names.pollGroup()));
        this.group = new LaneGroup(new KafkaConsumer<>(groupSettings), topics.pollCursors(), this::own, sinceNow(), refusals);
    }

    /** The JVM's steady clock stands still while the machine is suspended, so the machine's own is looked at, too. */
    private static LongSupplier sinceNow() {
        long nanos = System.nanoTime();
        long millis = System.currentTimeMillis();
        return () -> Math.max(System.nanoTime() - nanos, TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis() - millis));
    }

    public void start() {
        group.start();
    }

    /** Ends the polls in hand and leaves the group. A poll that is not committed by then is done again by the next owner. */
    @Override
    public void close() {
        List<LaneWorker> running;
        synchronized (this) {
            closed = true;
            running = List.copyOf(workers.values());
            workers.clear();
        }
        running.forEach(LaneWorker::stop);
        try {
            long deadline = System.nanoTime() + STOP_WITHIN.toNanos();
            for (LaneWorker worker : running) {
                worker.join(Duration.ofNanos(deadline - System.nanoTime()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Last, so that no other instance takes a lane over before its producer here has ended.
        group.close();
    }

    private synchronized void own(Ownership now) {
        ownership = now;
        if (closed) {
            return;
        }
        sourcesByLane.forEach((lane, sources) -> {
            if (now.owns(lane) && !workers.containsKey(lane)) {
                LaneWorker worker = new LaneWorker(lane, sources, this::open, this::poller, () -> ownership, cluster, refusals);
                workers.put(lane, worker);
                worker.start();
            } else if (!now.owns(lane) && workers.containsKey(lane)) {
                workers.remove(lane).stop();
            }
        });
    }

    private Runnable poller(SourceConfig source, Lane lane) {
        JobSource guarded = new GuardedSource(() -> sourceFactory.apply(source),
                () -> group.current() && ownership.owns(lane.number()));
        return new SourcePoller(source, guarded, lane,
                new PollRecords(source.name(), lane.number(), topics, partitions, schemas, headers), owner, clock, services, metrics,
                refusals);
    }

    /** The order matters: only after the former owner is fenced is what it committed final. */
    private Lane open(int number) {
        Map<String, Object> settings = new HashMap<>(kafkaProperties);
        settings.put("transactional.id", names.laneTransaction(number));
        settings.put("enable.idempotence", true);
        settings.put("acks", "all");
        settings.put("max.request.size", 4 << 20);
        settings.put("key.serializer", ByteArraySerializer.class);
        settings.put("value.serializer", ByteArraySerializer.class);
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings);
        try {
            producer.initTransactions();
            return new Lane(number, topics.pollCursors(), producer, () -> ownership, read(number));
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    private Map<String, SourceMemory> read(int number) {
        Map<String, Object> settings = new HashMap<>(kafkaProperties);
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", false);
        settings.put("allow.auto.create.topics", false);
        settings.put("key.deserializer", ByteArrayDeserializer.class);
        settings.put("value.deserializer", ByteArrayDeserializer.class);
        settings.remove("group.id");
        AvroDecoder<PollCursor> decoder = schemas.decoder(topics.pollCursors());
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
            return LaneReader.read(consumer, new TopicPartition(topics.pollCursors(), number), decoder);
        }
    }
}
