package io.jobwatch.query;

import io.jobwatch.event.EventRecord;
import io.jobwatch.registry.AvroDecoder;
import io.jobwatch.registry.MalformedValueException;
import io.jobwatch.registry.RegistryException;
import io.jobwatch.registry.SchemaRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.avro.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes what the view is made of. A value that cannot be read is logged, counted and left out. While the registry does not answer, it
 * waits: nobody is waiting for this thread, the view merely ages, and guessing would leave a job out for ever. Belongs to the thread that
 * maintains the stores.
 */
final class RecordReader<T extends EventRecord> {
    private static final Logger LOG = LoggerFactory.getLogger(RecordReader.class);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final AvroDecoder<T> decoder;
    private final LongAdder unreadable;
    private final CountDownLatch closing;

    /**
     * @param unreadable counts what could not be read
     * @param closing    ends the waiting
     */
    RecordReader(SchemaRegistry registry, Schema schema, LongAdder unreadable, CountDownLatch closing) {
        this.decoder = new AvroDecoder<>(registry, schema);
        this.unreadable = unreadable;
        this.closing = closing;
    }

    /**
     * {@return the record, or empty where it cannot be read}
     *
     * @param where tells people which record it is
     * @throws ViewUnavailableException if the view is closed while the registry does not answer
     */
    Optional<T> read(byte[] value, Object where) {
        Duration wait = Duration.ofMillis(200);
        while (true) {
            try {
                return Optional.of(decoder.decode(value));
            } catch (MalformedValueException e) {
                unreadable.increment();
                LOG.warn("The view goes without {}, which cannot be read: {}", where, e.getMessage());
                return Optional.empty();
            } catch (RegistryException e) {
                LOG.warn("The view waits {} ms for the schema of {}: {}", wait.toMillis(), where, e.getMessage());
                await(wait, e);
                wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) < 0 ? wait.multipliedBy(2) : LONGEST_WAIT;
            }
        }
    }

    private void await(Duration wait, RegistryException reason) {
        try {
            if (closing.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ViewUnavailableException("closed while the registry did not answer", reason);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ViewUnavailableException("interrupted while the registry did not answer", reason);
        }
    }
}
