package io.jobwatch.event;

import java.io.IOException;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.Encoder;
import org.apache.avro.specific.SpecificRecord;

/**
 * A generated record that writes and reads itself, field after field in the order of its own schema.
 *
 * <p>Avro's own custom coders are the same idea, but Avro generates none for a record with a timestamp. Its other ways walk through the
 * schema for each record and look up the conversion of each timestamp: several times the work.
 */
public interface EventRecord extends SpecificRecord {

    /**
     * Writes all fields.
     *
     * @throws NullPointerException if a field that must have a value has none
     */
    void writeInOrder(Encoder out) throws IOException;

    /**
     * Sets all fields from bytes that were written with exactly this record's schema. Lists are plain and new.
     *
     * @throws IOException or a RuntimeException of Avro or of collections if the bytes are something else
     */
    void readInOrder(Decoder in) throws IOException;
}
