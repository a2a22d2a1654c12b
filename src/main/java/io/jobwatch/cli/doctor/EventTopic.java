package io.jobwatch.cli.doctor;

import io.jobwatch.event.EventRecord;
import io.jobwatch.registry.AvroDecoder;
import io.jobwatch.registry.MalformedValueException;
import io.jobwatch.registry.SchemaRegistries;
import io.jobwatch.registry.SchemaRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * The latest value of each key in a topic that is small enough to be read whole.
 *
 * @param <T> its values
 */
final class EventTopic<T extends EventRecord> {
    private static final Duration READ_WITHIN = Duration.ofSeconds(20);

    private final Deployment deployment;
    private final String topic;
    private final Schema schema;

    EventTopic(Deployment deployment, String topic, Schema schema) {
        this.deployment = deployment;
        this.topic = topic;
        this.schema = schema;
    }

    /**
     * What is in it.
     *
     * @param byKey      without those that a tombstone removed
     * @param unreadable how many values could not be read
     */
    record Latest<T>(Map<String, T> byKey, int unreadable) {
    }

    /**
     * {@return what is in it, up to where it ends now}
     *
     * @throws org.apache.kafka.common.KafkaException  if the brokers do not tell
     * @throws io.jobwatch.registry.RegistryException if the registry does not tell a schema
     */
    Latest<T> latest() {
        Map<String, T> byKey = new LinkedHashMap<>();
        int[] unreadable = {0};
        try (SchemaRegistry registry = SchemaRegistries.of(deployment.config().schemaRegistry()).open();
             CommittedReader reader = new CommittedReader(deployment.kafka())) {
            AvroDecoder<T> decoder = new AvroDecoder<>(registry, schema);
            reader.read(reader.beginnings(reader.partitions(topic)), READ_WITHIN, record -> {
                String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
                if (record.value() == null) {
                    byKey.remove(key);
                    return true;
                }
                try {
                    byKey.put(key, decoder.decode(record.value()));
                } catch (MalformedValueException e) {
                    unreadable[0]++;   // one foreign record is no reason to see none
                }
                return true;
            });
        }
        return new Latest<>(byKey, unreadable[0]);
    }
}
