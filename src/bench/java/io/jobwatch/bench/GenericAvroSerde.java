package io.jobwatch.bench;

import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.registry.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * The serde that a user would take from a shelf: it does what Confluent's {@code GenericAvroSerde} does, which is not on Maven Central.
 * Ids, schemas, readers and writers are cached; buffers and coders are made anew for each record. One thread.
 */
final class GenericAvroSerde implements Serde<GenericRecord> {
    private final SchemaRegistry registry;
    private final String subject;
    private final Map<Schema, Integer> ids = new HashMap<>();
    private final Map<Schema, GenericDatumWriter<GenericRecord>> writers = new HashMap<>();
    private final Map<Integer, GenericDatumReader<GenericRecord>> readers = new HashMap<>();

    /** @param subject under which the schemas of written records are registered */
    GenericAvroSerde(SchemaRegistry registry, String subject) {
        this.registry = registry;
        this.subject = subject;
    }

    @Override
    public Serializer<GenericRecord> serializer() {
        return (topic, value) -> value == null ? null : serialize(value);
    }

    @Override
    public Deserializer<GenericRecord> deserializer() {
        return (topic, bytes) -> bytes == null ? null : deserialize(bytes);
    }

    private byte[] serialize(GenericRecord value) {
        Schema schema = value.getSchema();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            out.write(WireFormat.MAGIC);
            out.write(ByteBuffer.allocate(4).putInt(ids.computeIfAbsent(schema, key -> registry.register(subject, key))).array());
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            writers.computeIfAbsent(schema, GenericDatumWriter::new).write(value, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return out.toByteArray();
    }

    private GenericRecord deserialize(byte[] bytes) {
        int id = WireFormat.schemaId(bytes);
        GenericDatumReader<GenericRecord> reader =
                readers.computeIfAbsent(id, key -> new GenericDatumReader<>(registry.schemaById(key)));
        try {
            return reader.read(null, DecoderFactory.get().binaryDecoder(bytes, WireFormat.HEADER_LENGTH,
                    bytes.length - WireFormat.HEADER_LENGTH, null));
        } catch (IOException e) {
            throw new UncheckedIOException("not a record of schema " + id, e);
        }
    }
}
