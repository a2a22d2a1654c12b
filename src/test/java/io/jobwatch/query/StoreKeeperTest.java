package io.jobwatch.query;

import static io.jobwatch.query.Records.NOON;
import static io.jobwatch.query.Records.alert;
import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.event.AlertKind;
import io.jobwatch.event.JobAlert;
import io.jobwatch.registry.InMemorySchemaRegistry;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import io.jobwatch.topic.TopicSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

class StoreKeeperTest {
    private final TopicNames topics = new TopicNames("jobwatch.");
    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private final TopicSchemas schemas = TopicSchemas.register(registry, TopicSpec.all(topics, 1));
    private final LongAdder unreadable = new LongAdder();
    private final MockProcessorContext<Void, Void> context = new MockProcessorContext<>();
    private final KeyValueStore<Bytes, byte[]> store = Stores.inMemoryKeyValueStore("alerts").get();
    private final List<String> indexed = new ArrayList<>();

    StoreKeeperTest() {
        store.init(context.getStateStoreContext(), store);
        context.addStateStore(store);
    }

    @Test
    void shouldReadWhatAStoreFromDiskHoldsOnceAndGoWithoutWhatCannotBeRead() {
        store.put(key("s/1/LOST"), encoded("1"));
        store.put(key("s/2/LOST"), new byte[] {1, 2, 3});
        Alerts keeper = new Alerts();

        keeper.get().init(context);
        keeper.get().init(context);

        assertThat(indexed).containsExactly("s/1/LOST");
        assertThat(unreadable.sum()).isEqualTo(1);
    }

    /** An older release could not read the kind and kept the alert as one of a kind unspecified; its end would never find it. */
    @Test
    void shouldFindAnAlertAgainThatAnOlderReleaseDidNotUnderstand() {
        store.put(key("s/1/UNSPECIFIED"), encoded("1"));

        new Alerts().get().init(context);

        assertThat(indexed).containsExactly("s/1/LOST");
        assertThat(store.get(key("s/1/UNSPECIFIED"))).isNull();
        assertThat(store.get(key("s/1/LOST"))).isEqualTo(encoded("1"));
    }

    private byte[] encoded(String jobId) {
        return schemas.<JobAlert>encoder(topics.jobAlerts()).encode(alert("s", jobId, AlertKind.LOST, true, NOON).build());
    }

    private static Bytes key(String text) {
        return Bytes.wrap(text.getBytes());
    }

    private final class Alerts extends StoreKeeper<JobAlert> {
        private Alerts() {
            super("alerts", new RecordReader<>(registry, JobAlert.getClassSchema(), unreadable, new CountDownLatch(1)));
        }

        @Override
        Bytes storeKey(Bytes key, JobAlert value) {
            return key(AlertIndex.keyOf(value));
        }

        @Override
        void indexed(Bytes storeKey, JobAlert value, KeyValueStore<Bytes, byte[]> store) {
            indexed.add(storeKey.toString());
        }

        @Override
        void removed(Bytes recordKey, KeyValueStore<Bytes, byte[]> store) {
            throw new AssertionError("nothing is removed here");
        }
    }
}
