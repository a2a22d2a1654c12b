package io.jobwatch.registry;

import io.jobwatch.event.EventRecord;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;

/**
 * Reads records of one type from the Confluent wire format, whichever schema they were written with. An instance belongs to one thread.
 *
 * @param <T> the generated class
 */
public final class AvroDecoder<T extends EventRecord> {
    static {
        TrustedEvents.allow();
    }

    private final SchemaRegistry registry;
    private final Schema readerSchema;
    private final Class<?> type;
    private final PlainLists plainLists;
    private final Map<Integer, Reader<T>> readers = new HashMap<>();
    private BinaryDecoder decoder;
    private int lastId;
    private Reader<T> lastReader;

    /** Reads the Avro binary form of one writer's schema. */
    @FunctionalInterface
    private interface Reader<T> {
        T read(BinaryDecoder decoder) throws IOException;
    }

    /**
     * @param registry     asked for each schema id met for the first time
     * @param readerSchema the schema of the generated class
     */
    public AvroDecoder(SchemaRegistry registry, Schema readerSchema) {
        this.registry = registry;
        this.readerSchema = readerSchema;
        this.type = SpecificData.get().getClass(readerSchema);
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
        if (lastReader == null || id != lastId) {   // nearly all records of a topic have the same one
            lastReader = readerOf(id);
            lastId = id;
        }
        decoder = DecoderFactory.get().binaryDecoder(value, WireFormat.HEADER_LENGTH, value.length - WireFormat.HEADER_LENGTH, decoder);
        try {
            T result = lastReader.read(decoder);
            if (!decoder.isEnd()) {
                throw new MalformedValueException("bytes go on after the end of the " + readerSchema.getName());
            }
            return result;
        } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException | NegativeArraySizeException | ClassCastException
                 | UnsupportedOperationException e) {
            throw new MalformedValueException("not a " + readerSchema.getName() + " of schema " + id + ": " + e.getMessage(), e);
        }
    }

    private Reader<T> readerOf(int id) {
        Reader<T> known = readers.get(id);
        if (known != null) {
            return known;
        }
        Schema writer = writerSchema(id);
        Reader<T> reader = sameForm(writer, readerSchema) ? this::readInOrder : resolving(writer);
        readers.put(id, reader);
        return reader;
    }

    /** {@return whether all that makes the binary form is the same; documentation and hints for generated classes may differ} */
    private static boolean sameForm(Schema writer, Schema reader) {
        return SchemaNormalization.toParsingForm(writer).equals(SchemaNormalization.toParsingForm(reader));
    }

    @SuppressWarnings("unchecked")
    private T readInOrder(BinaryDecoder in) throws IOException {
        T result = (T) SpecificData.newInstance(type, readerSchema);
        result.readInOrder(in);
        return result;
    }

    private Reader<T> resolving(Schema writer) {
        SpecificDatumReader<T> reader = new SpecificDatumReader<>(writer, readerSchema);
        return in -> {
            T result = reader.read(null, in);
            plainLists.putInto(result);
            return result;
        };
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
