package io.jobwatch.registry;

import java.nio.ByteBuffer;

/** The Confluent wire format: a zero byte, the schema's id in four bytes (big endian), then the Avro binary form. */
public final class WireFormat {
    /** The first byte of every value. */
    public static final byte MAGIC = 0;
    /** Bytes before the Avro binary form. */
    public static final int HEADER_LENGTH = 5;

    private WireFormat() {
    }

    /**
     * {@return the schema id of a value}
     *
     * @throws MalformedValueException if the value is null, too short or does not begin with the magic byte
     */
    public static int schemaId(byte[] value) {
        if (value == null) {
            throw new MalformedValueException("the value is null");
        }
        if (value.length < HEADER_LENGTH || value[0] != MAGIC) {
            throw new MalformedValueException("not in the Confluent wire format: " + value.length + " bytes"
                    + (value.length > 0 ? ", the first is " + (value[0] & 0xff) : ""));
        }
        return ByteBuffer.wrap(value, 1, 4).getInt();
    }
}
