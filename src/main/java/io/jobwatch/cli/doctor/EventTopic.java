package io.jobwatch.cli.doctor;

import io.jobwatch.event.EventRecord;
import io.jobwatch.registry.AvroDecoder;
import io.jobwatch.registry.MalformedValueException;
import io.jobwatch.registry.SchemaRegistries;
import io.jobwatch.registry.SchemaRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.Schema;

/**
 * The latest value of each key, or of each kind under a key, in a topic that is small enough to be read whole.
 *
 * @param <T> its values
 */
final class EventTopic<T extends EventRecord> {
    private static final Duration READ_WITHIN = Duration.ofSeconds(20);

    private final Deployment deployment;
    private final String topic;
    private final Schema schema;
    private final Function<T, ?> kind;

    EventTopic(Deployment deployment, String topic, Schema schema) {
        this(deployment, topic, schema, value -> "");
    }

    /** @param kind what tells apart values of one key, none of which takes the place of another */
    EventTopic(Deployment deployment, String topic, Schema schema, Function<T, ?> kind) {
        this.deployment = deployment;
        this.topic = topic;
        this.schema = schema;
        this.kind = kind;
    }

    /**
     * What is in it.
     *
     * @param byKey      the latest of each kind, by its key, without those that a tombstone removed; none is without any
     * @param unreadable how many values could not be read
     */
    record Latest<T>(Map<String, Map<Object, T>> byKey, int unreadable) {

        /** {@return all of them} */
        List<T> values() {
            return byKey.values().stream().flatMap(kinds -> kinds.values().stream()).toList();
        }
    }

    /**
     * {@return what is in it, up to where it ends now}
     *
     * @throws org.apache.kafka.common.KafkaException  if the brokers do not tell
     * @throws io.jobwatch.registry.RegistryException if the registry does not tell a schema
     */
    Latest<T> latest() {
        Map<String, Map<Object, T>> byKey = new LinkedHashMap<>();
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
                    T value = decoder.decode(record.value());
                    byKey.computeIfAbsent(key, first -> new LinkedHashMap<>()).put(kind.apply(value), value);
                } catch (MalformedValueException e) {
                    unreadable[0]++;   // one foreign record is no reason to see none
                }
                return true;
            });
        }
        return new Latest<>(byKey, unreadable[0]);
    }
}
