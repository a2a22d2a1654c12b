package io.jobwatch.topology;

import io.jobwatch.topic.DeadLetterHeaders;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a bad record to the dead letters, in the task's own transaction, and goes on; everything else fails the thread. Kafka's built-in handler would go on
 * after a full disk or a bug too, and the transition would be lost.
 */
public final class BadRecordHandler implements ProcessingExceptionHandler {
    /** The Streams setting that names the topic of dead letters. */
    public static final String TOPIC_CONFIG = "jobwatch.dead.letters.topic";

    private static final Logger LOG = LoggerFactory.getLogger(BadRecordHandler.class);

    private String topic;

    @Override
    public void configure(Map<String, ?> configs) {
        topic = String.valueOf(configs.get(TOPIC_CONFIG));
    }

    @Override
    public Response handleError(ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
        if (!(exception instanceof BadRecordException bad)) {
            return Response.fail();
        }
        LOG.warn("dead letter from {}-{} at offset {}: {}", context.topic(), context.partition(), context.offset(), bad.getMessage());
        return Response.resume(List.of(new ProducerRecord<>(topic, null, null, (byte[]) record.key(), (byte[]) record.value(),
                DeadLetterHeaders.ofRecord(bad, context.topic(), context.partition(), context.offset()))));
    }
}
