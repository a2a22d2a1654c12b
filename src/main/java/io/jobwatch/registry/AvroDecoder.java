package io.jobwatch.registry;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;

/**
 * Reads records of one type from the Confluent wire format, whichever schema they were written with. An instance belongs to one thread.
 *
 * @param <T> the generated class
 */
public final class AvroDecoder<T extends SpecificRecord> {
    static {
        TrustedEvents.allow();
    }

    private final SchemaRegistry registry;
    private final Schema readerSchema;
    private final PlainLists plainLists;
    private final Map<Integer, SpecificDatumReader<T>> readers = new HashMap<>();
    private BinaryDecoder decoder;

    /**
     * @param registry     asked for each schema id met for the first time
     * @param readerSchema the schema of the generated class
     */
    public AvroDecoder(SchemaRegistry registry, Schema readerSchema) {
        this.registry = registry;
        this.readerSchema = readerSchema;
        this.plainLists = new PlainLists(readerSchema);
    }

    /**
     * {@return the record}
     *
     * @throws MalformedValueException if the bytes are not such a record: wrong framing, an unknown schema id, a schema that does not fit,
     *                                 bytes that do not follow the schema or go on after its end
     * @throws RegistryException       if the registry could not be asked for the schema: that says nothing of the bytes
     */
    public T decode(byte[] value) {
        int id = WireFormat.schemaId(value);
        SpecificDatumReader<T> reader = readers.get(id);
        if (reader == null) {
            reader = new SpecificDatumReader<>(writerSchema(id), readerSchema);
            readers.put(id, reader);
        }
        decoder = DecoderFactory.get().binaryDecoder(value, WireFormat.HEADER_LENGTH, value.length - WireFormat.HEADER_LENGTH, decoder);
        try {
            T result = reader.read(null, decoder);
            if (!decoder.isEnd()) {
                throw new MalformedValueException("bytes go on after the end of the " + readerSchema.getName());
            }
            plainLists.putInto(result);
            return result;
        } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException | NegativeArraySizeException | ClassCastException
                 | UnsupportedOperationException e) {
            throw new MalformedValueException("not a " + readerSchema.getName() + " of schema " + id + ": " + e.getMessage(), e);
        }
    }

    private Schema writerSchema(int id) {
        try {
            return registry.schemaById(id);
        } catch (RegistryException e) {
            if (e.kind() == RegistryException.Kind.NOT_FOUND) {
                throw new MalformedValueException("no schema " + id + " to read it with: " + e.getMessage(), e);
            }
            throw e;
        }
    }
}
