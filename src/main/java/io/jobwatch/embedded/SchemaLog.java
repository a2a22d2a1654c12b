package io.jobwatch.embedded;

import java.util.function.BiConsumer;

/** Where the embedded registry keeps its state: an ordered log of keys and values, of which the last value of each key counts. */
interface SchemaLog extends AutoCloseable {

    /** Hands over everything in order; a null value deletes its key. */
    void replay(BiConsumer<String, String> record);

    /**
     * Returns once the record is safe. Thread-safe.
     *
     * @param value null deletes the key
     * @throws EmbeddedException if it may not be safe; it may yet appear in a later replay
     */
    void append(String key, String value);

    @Override
    void close();
}
