package io.jobwatch.seed;

import java.util.List;
import org.apache.avro.Schema;

/**
 * What is carried over from one topic.
 *
 * @param from   the topic of the old deployment
 * @param latest whether only the latest record of each key is, and none of what was deleted; else all records
 * @param schema of the values
 * @param type   the topic of the new deployment whose subject the values' schema is registered under
 * @param to     where it goes
 */
record Transfer(String from, boolean latest, Schema schema, String type, List<Destination> to) {

    Transfer {
        to = List.copyOf(to);
    }

    /** One topic of the new deployment, and how records are put there. */
    record Destination(String topic, Place place, With with) {
    }

    /** The partition of a record. */
    enum Place {
        /** That of its key, which jobwatch and Kafka Streams choose alike. */
        BY_KEY,
        /** The one that it was in: the lanes of poll-cursors are the same ones for ever. */
        SAME,
        /** The first: only the task of that one watches the sources. */
        FIRST
    }

    /** The headers of a record. */
    enum With {
        /** Those that it had: it is the same event, and consumers know it by its id. */
        ITS_HEADERS,
        /** None: a store's changelog has none. */
        NO_HEADERS,
        /** Those of the latest status of a job, made anew from the status as the topology makes them. */
        STATUS_HEADERS
    }
}
