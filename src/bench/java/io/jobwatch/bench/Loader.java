package io.jobwatch.bench;

import io.jobwatch.event.JobStateEvent;
import io.jobwatch.registry.AvroEncoder;
import io.jobwatch.topic.EventHeaders;
import io.jobwatch.topic.JobKey;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes events to the input as the poller does: keys, values and headers. One thread. */
final class Loader implements AutoCloseable {
    private final String topic;
    private final boolean withHeaders;
    private final AvroEncoder<JobStateEvent> encoder;
    private final EventHeaders.Maker headers = new EventHeaders("bench").maker();
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private boolean transactional;
    private long events;
    private long valueBytes;

    /**
     * @param lingerMillis how long a batch may wait for more
     * @param withHeaders  whether events carry the headers that the poller gives them
     */
    Loader(Cluster cluster, int lingerMillis, boolean withHeaders) {
        this(cluster, lingerMillis, withHeaders, Map.of());
    }

    private Loader(Cluster cluster, int lingerMillis, boolean withHeaders, Map<String, Object> further) {
        this.topic = cluster.topics().jobStateEvents();
        this.withHeaders = withHeaders;
        this.encoder = cluster.schemas().encoder(topic);
        Map<String, Object> settings = new HashMap<>(cluster.kafka());
        settings.put(ProducerConfig.LINGER_MS_CONFIG, lingerMillis);
        settings.putAll(further);
        this.producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** {@return a loader whose events all become visible at once, when it is closed: none is read while they load} */
    static Loader atOnce(Cluster cluster) {
        Loader loader = new Loader(cluster, 10, true, Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "bench-loader"));
        loader.producer.initTransactions();
        loader.producer.beginTransaction();
        loader.transactional = true;
        return loader;
    }

    /** Hands an event to the producer. A failure to write it shows at {@link #flush()}. */
    void send(JobStateEvent event) {
        byte[] key = new JobKey(event.getSource(), event.getJobId()).bytes();
        byte[] value = encoder.encode(event);
        long observedAt = event.getObservedAt().toEpochMilli();
        events++;
        valueBytes += value.length;
        producer.send(new ProducerRecord<>(topic, null, observedAt, key, value,
                        withHeaders ? headers.of(event.getSchema(), key, Long.toString(observedAt), event.getObservedAt()) : null),
                (metadata, exception) -> {
                    if (exception != null) {
                        failure.compareAndSet(null, exception);
                    }
                });
    }

    /** Returns when everything is written. */
    void flush() {
        producer.flush();
        if (failure.get() != null) {
            throw new BenchException("an event could not be written: " + failure.get().getMessage(), failure.get());
        }
    }

    /** {@return the mean size of the values, in bytes} */
    long meanBytes() {
        return events == 0 ? 0 : valueBytes / events;
    }

    @Override
    public void close() {
        if (transactional) {
            producer.commitTransaction();
        }
        producer.close();
    }
}
