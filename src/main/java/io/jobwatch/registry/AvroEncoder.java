package io.jobwatch.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/**
 * Writes records of one type in the Confluent wire format: a zero byte, the schema's id in four bytes (big endian), the Avro binary form.
 * Holds a buffer that it reuses, so an instance belongs to one thread.
 *
 * @param <T> the generated class
 */
public final class AvroEncoder<T extends SpecificRecord> {
    static {
        TrustedEvents.allow();
    }

    private final int schemaId;
    private final SpecificDatumWriter<T> writer;
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(1024);
    private BinaryEncoder encoder;

    /**
     * @param schemaId the id of {@code schema} under the topic's subject
     * @param schema   the schema of the generated class
     */
    public AvroEncoder(int schemaId, Schema schema) {
        this.schemaId = schemaId;
        this.writer = new SpecificDatumWriter<>(schema);
    }

    /** {@return the record's wire bytes} */
    public byte[] encode(T value) {
        buffer.reset();
        buffer.write(WireFormat.MAGIC);
        buffer.write(schemaId >>> 24);
        buffer.write(schemaId >>> 16);
        buffer.write(schemaId >>> 8);
        buffer.write(schemaId);
        encoder = EncoderFactory.get().directBinaryEncoder(buffer, encoder);
        try {
            writer.write(value, encoder);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return buffer.toByteArray();
    }
}
