package io.jobwatch.query;

import io.jobwatch.event.EventRecord;
import io.jobwatch.registry.AvroDecoder;
import io.jobwatch.registry.RegistryException;
import io.jobwatch.registry.SchemaRegistry;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.avro.Schema;

/**
 * Lends decoders, which serve one thread at a time, to the threads that answer queries: as many as were ever needed at once. Thread-safe.
 */
final class DecoderPool<T extends EventRecord> {
    private final SchemaRegistry registry;
    private final Schema schema;
    private final Queue<AvroDecoder<T>> idle = new ConcurrentLinkedQueue<>();

    DecoderPool(SchemaRegistry registry, Schema schema) {
        this.registry = registry;
        this.schema = schema;
    }

    /**
     * Decodes a value that was read before, when it came into the view.
     *
     * @throws ViewUnavailableException if its schema has to be asked for again and the registry does not answer
     */
    T decode(byte[] value) {
        AvroDecoder<T> decoder = idle.poll();
        if (decoder == null) {
            decoder = new AvroDecoder<>(registry, schema);
        }
        try {
            return decoder.decode(value);
        } catch (RegistryException e) {
            throw new ViewUnavailableException("the schema registry does not answer", e);
        } finally {
            idle.add(decoder);
        }
    }
}
