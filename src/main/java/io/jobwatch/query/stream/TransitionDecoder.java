package io.jobwatch.query.stream;

import io.jobwatch.event.JobTransition;
import io.jobwatch.registry.AvroDecoder;
import io.jobwatch.registry.MalformedValueException;
import io.jobwatch.registry.SchemaRegistry;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Makes of a record what readers are told. Belongs to one thread. */
final class TransitionDecoder {
    private final AvroDecoder<JobTransition> decoder;
    private final Function<JobTransition, byte[]> json;

    /** @param json writes a transition as JSON in one line, UTF-8 */
    TransitionDecoder(SchemaRegistry registry, Function<JobTransition, byte[]> json) {
        this.decoder = new AvroDecoder<>(registry, JobTransition.getClassSchema());
        this.json = json;
    }

    /**
     * {@return the event}
     *
     * @throws MalformedValueException                   if the record is no transition
     * @throws io.jobwatch.registry.RegistryException if the registry could not be asked; that says nothing of the record
     */
    TransitionEvent decode(ConsumerRecord<byte[], byte[]> record) {
        JobTransition transition = decoder.decode(record.value());
        return new TransitionEvent(record.partition(), record.offset(), transition.getSource(), transition.getCurrentState(),
                json.apply(transition));
    }
}
