package io.jobwatch.report;

import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobTransition;
import io.jobwatch.registry.MalformedValueException;
import java.time.Instant;
import java.util.Comparator;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A record that was read, and what is to be done with it. */
sealed interface Delivery {

    /**
     * Puts what several partitions delivered into the order in which it was seen. At the same instant a transition comes before a report,
     * as no report precedes the change that it explains.
     */
    Comparator<Delivery> AS_SEEN = Comparator.comparing(Delivery::seenAt).thenComparing(delivery -> delivery instanceof Report);

    ConsumerRecord<byte[], byte[]> origin();

    Instant seenAt();

    /** A change of state, for the console. */
    record Transition(ConsumerRecord<byte[], byte[]> origin, JobTransition transition) implements Delivery {
        @Override
        public Instant seenAt() {
            return transition.getObservedAt();
        }
    }

    /** A stop, for the console and a file. */
    record Report(ConsumerRecord<byte[], byte[]> origin, JobErrorReport report) implements Delivery {
        @Override
        public Instant seenAt() {
            return report.getObservedAt();
        }
    }

    /** A value that cannot be read, for the dead letters. */
    record Unreadable(ConsumerRecord<byte[], byte[]> origin, MalformedValueException reason) implements Delivery {
        @Override
        public Instant seenAt() {
            return Instant.ofEpochMilli(origin.timestamp());
        }
    }
}
