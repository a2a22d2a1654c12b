package io.jobwatch.query.stream;

import io.jobwatch.event.JobTransition;
import io.jobwatch.query.ViewUnavailableException;
import io.jobwatch.registry.SchemaRegistry;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transitions from Kafka: one consumer without a group for all readers, which share one ring of encoded events; a few more consumers
 * for readers that come back from farther away. Readers stay connected while the broker or the registry is away, and are kept alive.
 */
public final class KafkaTransitionStream implements TransitionStream, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaTransitionStream.class);

    private final String topic;
    private final StreamSettings settings;
    private final FrameRing ring;
    private final TransitionFeed feed;
    private final CatchUp catchUp;
    private final Set<StreamReader> readers = ConcurrentHashMap.newKeySet();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder events = new LongAdder();
    private final LongAdder unreadable = new LongAdder();
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "jobwatch-stream-keep-alive");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean closed;

    /**
     * @param kafkaProps how any Kafka client reaches the cluster
     * @param topic      job-transitions
     * @param json       writes a transition as JSON in one line, UTF-8; from any thread
     * @param clock      by which it is told how old a transition is when it comes
     */
    public KafkaTransitionStream(Map<String, Object> kafkaProps, String topic, SchemaRegistry registry,
                                 Function<JobTransition, byte[]> json, MeterRegistry metrics, Clock clock, StreamSettings settings) {
        this.topic = topic;
        this.settings = settings;
        this.ring = new FrameRing(settings.maxFrames(), settings.maxBytes());
        this.feed = new TransitionFeed(kafkaProps, topic, new TransitionDecoder(registry, json), ring,
                settings, this::published, events, unreadable, new EndToEnd(metrics, clock));
        this.catchUp = new CatchUp(ring, () -> new TopicReader(kafkaProps, topic, new TransitionDecoder(registry, json),
                settings.chunkBytes()), settings.topicReaders());
        Gauge.builder("jobwatch.stream.readers", readers, Set::size).description("Readers of the stream of transitions").register(metrics);
        FunctionCounter.builder("jobwatch.stream.dropped", dropped, LongAdder::sum)
                .description("Readers that were dropped because they did not keep up").register(metrics);
        FunctionCounter.builder("jobwatch.stream.events", events, LongAdder::sum).description("Transitions that came into the stream")
                .register(metrics);
        FunctionCounter.builder("jobwatch.stream.unreadable", unreadable, LongAdder::sum)
                .description("Transitions that could not be read, and were left out").register(metrics);
    }

    /** Begins to read; readers can come when the topic was reached for the first time. */
    public void start() {
        feed.start();
        long every = settings.keepAlive().toNanos();
        ticker.scheduleAtFixedRate(() -> readers.forEach(StreamReader::keepAlive), every, every, TimeUnit.NANOSECONDS);
    }

    @Override
    public TransitionReader open(TransitionFilter filter, Optional<String> lastEventId, Runnable wakeUp) {
        TopicIdentity present = ring.topic().orElseThrow(() -> new ViewUnavailableException("the stream has not reached its topic yet"));
        Optional<StreamPosition> resumed = lastEventId.map(id -> position(id, present));
        if (closed) {
            throw new ViewUnavailableException("the stream has ended");
        }
        if (readers.size() >= settings.maxReaders()) {
            throw new TooManyReadersException(settings.maxReaders());
        }
        StreamReader reader = resumed.map(position -> reader(filter,
                        new TopicIdentity(topic, position.incarnation(), position.next().length), position.next(), false, wakeUp))
                .orElseGet(() -> reader(filter, present, ring.now(), true, wakeUp));
        readers.add(reader);
        if (closed) {
            reader.stop();   // it may have come too late for close()
        }
        return reader;
    }

    private StreamReader reader(TransitionFilter filter, TopicIdentity of, long[] next, boolean checked, Runnable wakeUp) {
        return new StreamReader(filter, ring, of, next, checked, catchUp::read, this::gone, wakeUp);
    }

    private StreamPosition position(String id, TopicIdentity present) {
        StreamPosition position = StreamPosition.parse(id, topic)
                .orElseThrow(() -> new UnknownPositionException("it is no id of an event of this stream"));
        if (position.next().length != present.partitions()) {
            throw new UnknownPositionException("it is of a topic with " + position.next().length + " partitions, and " + topic + " has "
                    + present.partitions());
        }
        return position;
    }

    private void gone(StreamReader reader) {
        readers.remove(reader);
        if (reader.dropped()) {
            dropped.increment();
            LOG.debug("A reader of the stream did not keep up and is dropped");
        }
    }

    private void published() {
        readers.forEach(StreamReader::published);
    }

    /** Ends all readers, and ends within seconds. */
    @Override
    public void close() {
        closed = true;
        readers.forEach(StreamReader::stop);
        ticker.shutdownNow();
        feed.close();
        catchUp.close();
    }
}
