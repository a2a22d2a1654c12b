package io.jobwatch.bench;

import java.util.Optional;
import org.apache.kafka.streams.KafkaStreams;

/** A program that turns the input into its outputs, from the earliest event on, exactly once, with one thread. */
interface Contestant extends AutoCloseable {

    /** What takes part. */
    enum Kind {
        LOOP("a", "bare loop"),
        /** What the records of jobwatch's contract cost, whoever writes them. */
        LOOP_WIDE("a'", "bare loop, three records, with headers"),
        DSL("b", "DSL program"),
        /** By its default, the cache keeps the last of several changes only: not in the race, but to be compared with. */
        DSL_CACHED("b'", "DSL program with its cache"),
        ROCKSDB("c", "jobwatch, RocksDB"),
        /** With {@code producer.compression.type=lz4}, which an installation may set whose consumers all read it. */
        ROCKSDB_LZ4("c'", "jobwatch, RocksDB, lz4"),
        MEMORY("d", "jobwatch, in memory");

        private final String letter;
        private final String title;

        Kind(String letter, String title) {
            this.letter = letter;
            this.title = title;
        }

        /** {@return its name in tables} */
        String title() {
            return "(" + letter + ") " + title;
        }
    }

    /** Begins; returns at once. */
    void start();

    /** {@return whether it can process events now} */
    boolean running();

    /** {@return the Streams client, where it is one} */
    Optional<KafkaStreams> streams();

    /** Finishes what is in hand, commits and leaves the group. */
    @Override
    void close();
}
