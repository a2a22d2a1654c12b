package io.jobwatch.topic.deadletter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jobwatch.registry.MalformedValueException;
import io.jobwatch.registry.RegistryException;
import io.jobwatch.registry.SchemaRegistry;
import io.jobwatch.registry.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/** What can be made of a value that could not be used. */
public sealed interface LetterValue {

    /** There is none. */
    record Absent() implements LetterValue {
    }

    /** Characters. */
    record Text(String text) implements LetterValue {
    }

    /**
     * Avro in the Confluent wire format.
     *
     * @param schema  full name of the schema
     * @param fields  those that could be read, in their order
     * @param trouble why the others could not be read; empty where all were, to the last byte
     */
    record Avro(int schemaId, String schema, JsonNode fields, Optional<String> trouble) implements LetterValue {
    }

    /** Something else. */
    record Bytes(String why) implements LetterValue {
    }

    /**
     * {@return the value as far as it can be read}
     *
     * @param registry asked for the schema that the value names
     */
    static LetterValue of(byte[] value, SchemaRegistry registry) {
        if (value == null) {
            return new Absent();
        }
        int id;
        try {
            id = WireFormat.schemaId(value);
        } catch (MalformedValueException e) {
            return text(value).<LetterValue>map(Text::new).orElseGet(() -> new Bytes(e.getMessage() + "; not UTF-8 either"));
        }
        try {
            return avro(id, registry.schemaById(id), value);
        } catch (RegistryException e) {
            return new Bytes("schema " + id + ": " + e.getMessage());
        }
    }

    private static LetterValue avro(int id, Schema schema, byte[] value) {
        if (schema.getType() != Schema.Type.RECORD) {
            return new Bytes("schema " + id + " is no record but " + schema.getType());
        }
        BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(value, WireFormat.HEADER_LENGTH,
                value.length - WireFormat.HEADER_LENGTH, null);
        AvroJson json = new AvroJson();
        ObjectNode fields = json.object();
        for (Schema.Field field : schema.getFields()) {
            try {
                Object read = new GenericDatumReader<>(field.schema(), field.schema(), json.data()).read(null, decoder);
                fields.set(field.name(), json.of(read));
            } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException | NegativeArraySizeException
                     | UnsupportedOperationException e) {
                return new Avro(id, schema.getFullName(), fields, Optional.of("field " + field.name() + ": " + e.getMessage()));
            }
        }
        try {
            return new Avro(id, schema.getFullName(), fields,
                    decoder.isEnd() ? Optional.empty() : Optional.of("bytes go on after the last field"));
        } catch (IOException e) {
            return new Avro(id, schema.getFullName(), fields, Optional.of(e.getMessage()));
        }
    }

    private static Optional<String> text(byte[] value) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT).decode(ByteBuffer.wrap(value)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
