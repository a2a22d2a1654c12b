package io.jobwatch.report;

import io.jobwatch.registry.MalformedValueException;
import io.jobwatch.topic.DeadLetterHeaders;
import io.jobwatch.topic.DeadLetterMetrics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps records that cannot be read: key and value as they are, with headers that say why and where they stood. The producer is made when
 * it is needed first, which may be never. Belongs to one thread.
 */
final class DeadLetters implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

    private final Map<String, Object> producerProps;
    private final String topic;
    private final DeadLetterMetrics metrics;
    private Producer<byte[], byte[]> producer;

    DeadLetters(Map<String, Object> kafkaProps, String topic, String clientId, DeadLetterMetrics metrics) {
        Map<String, Object> props = new HashMap<>(kafkaProps);
        props.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
        props.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        props.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        props.put(ProducerConfig.ACKS_CONFIG, "all");
        // The consumer of the same thread has to poll meanwhile: rather fail soon and try again.
        props.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
        props.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        props.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        props.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
        this.producerProps = props;
        this.topic = topic;
        this.metrics = metrics;
    }

    /**
     * Returns when the broker has the record. A record that became too large for the broker by our headers is left where it is, with an
     * error in the log.
     *
     * @throws KafkaException if the broker did not take it: to be tried again
     */
    void keep(ConsumerRecord<byte[], byte[]> origin, MalformedValueException reason) {
        if (producer == null) {
            producer = new KafkaProducer<>(producerProps);
        }
        Headers headers = DeadLetterHeaders.ofRecord(DeadLetterHeaders.MALFORMED_VALUE, reason, origin.topic(), origin.partition(),
                origin.offset());
        ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(topic, null, origin.key(), origin.value(), headers);
        try {
            producer.send(letter).get();
            metrics.count(DeadLetterHeaders.STREAM, DeadLetterHeaders.MALFORMED_VALUE, 1);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RecordTooLargeException) {
                LOG.error("Cannot keep the record {}-{}@{} in {}, it stays where it is: {}", origin.topic(), origin.partition(),
                        origin.offset(), topic, e.getCause().getMessage());
                return;
            }
            throw new KafkaException("cannot write to " + topic + ": " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close(CLOSE_WITHIN);
        }
    }
}
