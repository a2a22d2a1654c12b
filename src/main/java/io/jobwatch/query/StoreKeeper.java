package io.jobwatch.query;

import io.jobwatch.event.EventRecord;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Keeps a global store and its index together. Kafka Streams calls the processor for restored records too (in 4.3 always for global stores
 * with a processor of one's own), but not for what a store reused from disk holds already: that is read from the store, before the first
 * record. It makes one processor for the restoration and one for what follows, both in its global thread; they share this keeper.
 *
 * @param <T> the decoded value
 */
abstract class StoreKeeper<T extends EventRecord> implements ProcessorSupplier<Bytes, byte[], Void, Void> {
    private final String storeName;
    private final RecordReader<T> reader;
    private final AtomicBoolean loaded = new AtomicBoolean();

    StoreKeeper(String storeName, RecordReader<T> reader) {
        this.storeName = storeName;
        this.reader = reader;
    }

    /** {@return the key under which the record is stored} What is in the store already comes with its key there. */
    abstract Bytes storeKey(Bytes key, T value);

    /** Takes a value that is in the store now into the index; the same one may come again. */
    abstract void indexed(Bytes storeKey, T value, KeyValueStore<Bytes, byte[]> store);

    /** Takes the record of a tombstone out of store and index. */
    abstract void removed(Bytes recordKey, KeyValueStore<Bytes, byte[]> store);

    @Override
    public final Processor<Bytes, byte[], Void, Void> get() {
        return new Maintenance();
    }

    private void load(KeyValueStore<Bytes, byte[]> store) {
        if (loaded.getAndSet(true)) {
            return;
        }
        try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<Bytes, byte[]> entry = all.next();
                reader.read(entry.value, "the value of " + entry.key + " in the store " + storeName)
                        .ifPresent(value -> indexed(move(entry, storeKey(entry.key, value), store), value, store));
            }
        }
    }

    /** What a release did not understand, such as a new kind of alert, the next one may, and then stores it elsewhere. */
    private static Bytes move(KeyValue<Bytes, byte[]> entry, Bytes key, KeyValueStore<Bytes, byte[]> store) {
        if (!key.equals(entry.key)) {
            store.delete(entry.key);
            store.put(key, entry.value);
        }
        return key;
    }

    private final class Maintenance implements Processor<Bytes, byte[], Void, Void> {
        private ProcessorContext<Void, Void> context;
        private KeyValueStore<Bytes, byte[]> store;

        @Override
        public void init(ProcessorContext<Void, Void> processorContext) {
            context = processorContext;
            store = context.getStateStore(storeName);
            load(store);
        }

        @Override
        public void process(Record<Bytes, byte[]> record) {
            if (record.key() == null) {
                reader.read(null, where());
            } else if (record.value() == null) {
                removed(record.key(), store);
            } else {
                reader.read(record.value(), where()).ifPresent(value -> {
                    Bytes key = storeKey(record.key(), value);
                    store.put(key, record.value());
                    indexed(key, value, store);
                });
            }
        }

        private Object where() {
            return context.recordMetadata().map(this::describe).orElse("a record");
        }

        private String describe(RecordMetadata record) {
            return "the record " + record.topic() + "-" + record.partition() + "@" + record.offset();
        }
    }
}
