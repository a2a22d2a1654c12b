package io.jobwatch.registry;

import io.jobwatch.event.EventRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * Writes records of one type in the Confluent wire format: a zero byte, the schema's id in four bytes (big endian), the Avro binary form.
 * Holds a buffer that it reuses, so an instance belongs to one thread.
 *
 * @param <T> the generated class
 */
public final class AvroEncoder<T extends EventRecord> {
    static {
        TrustedEvents.allow();
    }

    private final int schemaId;
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(1024);
    private BinaryEncoder encoder;

    /**
     * @param schemaId the id of the generated class' schema under the topic's subject
     */
    public AvroEncoder(int schemaId) {
        this.schemaId = schemaId;
    }

    /**
     * {@return the record's wire bytes}
     *
     * @throws NullPointerException if a field that must have a value has none
     */
    public byte[] encode(T value) {
        buffer.reset();
        buffer.write(WireFormat.MAGIC);
        buffer.write(schemaId >>> 24);
        buffer.write(schemaId >>> 16);
        buffer.write(schemaId >>> 8);
        buffer.write(schemaId);
        encoder = EncoderFactory.get().binaryEncoder(buffer, encoder);
        try {
            value.writeInOrder(encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        } catch (RuntimeException e) {
            encoder = null;   // it holds half a record, which it would write before the next
            throw e;
        }
        return buffer.toByteArray();
    }
}
