package io.jobwatch.bench;

import java.util.Optional;
import org.apache.kafka.streams.KafkaStreams;

/** A program that turns the input into its outputs, from the earliest event on, exactly once, with one thread. */
interface Contestant extends AutoCloseable {

    /** What takes part. */
    enum Kind {
        LOOP("a", "bare loop"),
        DSL("b", "DSL program"),
        /** By its default, the cache keeps the last of several changes only: not in the race, but to be compared with. */
        DSL_CACHED("b'", "DSL program with its cache"),
        ROCKSDB("c", "jobwatch, RocksDB"),
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
