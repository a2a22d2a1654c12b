package io.jobwatch.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jobwatch.topic.TestTopics;
import io.jobwatch.topic.access.Refusals;
import io.jobwatch.topic.TopicSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class LaneIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int LANE = 3;
    private static final Refusals NO_REFUSALS = new Refusals(Map.of(), List.of());

    @TempDir
    private static Path brokerDir;
    private static TestTopics topics;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private String application;

    @BeforeAll
    static void startBroker() {
        topics = new TestTopics(brokerDir);
    }

    @AfterAll
    static void stopBroker() {
        topics.close();
    }

    @BeforeEach
    void nameApplication(TestInfo test) {
        application = test.getTestMethod().orElseThrow().getName();
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @Test
    void shouldLetAFormerOwnerCommitNothing() throws Exception {
        AtomicReference<Ownership> ownership = join();
        Lane former = lane(ownership::get);
        former.commit(records("first"));
        Lane owner = lane(ownership::get);

        assertThatThrownBy(() -> former.commit(records("zombie"))).isInstanceOf(LaneLostException.class);
        assertThat(former.lost()).isTrue();
        owner.commit(records("second"));

        assertThat(published()).containsExactly("first", "second");
        assertThatThrownBy(() -> former.commit(records("again"))).isInstanceOf(LaneLostException.class);
    }

    @Test
    void shouldCommitTheSameResultWithTheProofOfANewGeneration() throws Exception {
        AtomicReference<Ownership> ownership = join();
        Ownership outdated = ownership.get();
        AtomicReference<Ownership> other = join();
        await().atMost(SOON).until(() -> ownership.get().lanes().size() == 16 && other.get() != null && other.get().lanes().size() == 16);
        int kept = ownership.get().lanes().iterator().next();
        Deque<Ownership> told = new ArrayDeque<>(List.of(outdated, outdated));

        lane(kept, () -> told.isEmpty() ? ownership.get() : told.poll()).commit(records("once"));

        assertThat(told).isEmpty();
        assertThat(published()).containsExactly("once");
    }

    @Test
    void shouldStopWhenTheNewGenerationGaveTheLaneAway() throws Exception {
        AtomicReference<Ownership> ownership = join();
        Ownership outdated = ownership.get();
        AtomicReference<Ownership> other = join();
        await().atMost(SOON).until(() -> ownership.get().lanes().size() == 16 && other.get() != null && other.get().lanes().size() == 16);
        int lost = other.get().lanes().iterator().next();
        Deque<Ownership> told = new ArrayDeque<>(List.of(outdated, outdated));
        Lane lane = lane(lost, () -> told.isEmpty() ? ownership.get() : told.poll());

        assertThatThrownBy(() -> lane.commit(records("zombie"))).isInstanceOf(LaneLostException.class);

        assertThat(told).isEmpty();
        assertThat(published()).isEmpty();
    }

    @Test
    void shouldCommitNothingOutsideOfAGeneration() {
        Lane lane = lane(() -> new Ownership(Set.of(LANE), new ConsumerGroupMetadata(application + "-poll")));

        assertThatThrownBy(() -> lane.commit(records("unproven"))).isInstanceOf(LaneLostException.class);

        assertThat(published()).isEmpty();
    }

    @Test
    void shouldPublishNothingOfATransactionWithARefusedRecordAndGoOn() throws Exception {
        Lane lane = lane(join()::get);
        List<ProducerRecord<byte[], byte[]>> refused = new ArrayList<>(records("beside"));
        refused.add(new ProducerRecord<>(topics.names().jobStateEvents(), 0, new byte[0], new byte[2_000_000]));

        assertThatThrownBy(() -> lane.commit(refused)).isInstanceOf(KafkaException.class);
        assertThat(lane.lost()).isFalse();
        lane.commit(records("after"));

        assertThat(published()).containsExactly("after");
    }

    @Test
    void shouldBeLostOnceItIsClosed() {
        Lane lane = lane(join()::get);
        lane.close();

        assertThatThrownBy(() -> lane.commit(records("late"))).isInstanceOf(LaneLostException.class);
    }

    @Test
    void shouldOwnNothingAfterAHaltUntilTheGroupTellsItAnew() {
        List<Ownership> told = new CopyOnWriteArrayList<>();
        AtomicLong halted = new AtomicLong();
        LaneGroup group = join(told::add, () -> System.nanoTime() + halted.get());
        await().atMost(SOON).until(() -> !told.isEmpty() && told.get(told.size() - 1).lanes().size() == TopicSpec.LANES);
        int before = told.size();
        assertThat(group.current()).isTrue();

        halted.set(LaneGroup.LONGEST_HALT.plusSeconds(1).toNanos());

        await().atMost(SOON).until(() -> told.size() > before && told.get(told.size() - 1).lanes().size() == TopicSpec.LANES);
        assertThat(told.get(before).lanes()).as("after the halt").isEmpty();
        assertThat(told.subList(before, told.size())).filteredOn(ownership -> ownership.owns(LANE)).isNotEmpty()
                .allSatisfy(ownership -> assertThat(ownership.metadata().generationId())
                        .isGreaterThan(told.get(before - 1).metadata().generationId()));
        assertThat(group.current()).isTrue();
    }

    @Test
    void shouldNotBeCurrentBetweenAHaltAndItsNotice() {
        AtomicLong nanos = new AtomicLong();
        Map<String, Object> settings = new HashMap<>(topics.kafkaProps());
        settings.putAll(LaneGroup.settings(application + "-poll"));
        LaneGroup group = new LaneGroup(new KafkaConsumer<>(settings), topics.names().pollCursors(), told -> { }, nanos::get,
                NO_REFUSALS);
        opened.add(group);
        nanos.set(LaneGroup.LONGEST_HALT.minusSeconds(1).toNanos());
        assertThat(group.current()).isTrue();

        nanos.set(LaneGroup.LONGEST_HALT.plusSeconds(1).toNanos());

        assertThat(group.current()).isFalse();
    }

    /** {@return what a new member of the group owns, kept up to date; it owns lanes when this returns} */
    private AtomicReference<Ownership> join() {
        AtomicReference<Ownership> ownership = new AtomicReference<>();
        join(ownership::set, System::nanoTime);
        await().atMost(SOON).until(() -> ownership.get() != null && !ownership.get().lanes().isEmpty());
        return ownership;
    }

    private LaneGroup join(Consumer<Ownership> listener, LongSupplier nanos) {
        Map<String, Object> settings = new HashMap<>(topics.kafkaProps());
        settings.putAll(LaneGroup.settings(application + "-poll"));
        LaneGroup group = new LaneGroup(new KafkaConsumer<>(settings), topics.names().pollCursors(), listener, nanos, NO_REFUSALS);
        opened.add(group);
        group.start();
        return group;
    }

    private Lane lane(Supplier<Ownership> ownership) {
        return lane(LANE, ownership);
    }

    private Lane lane(int number, Supplier<Ownership> ownership) {
        Map<String, Object> settings = new HashMap<>(topics.kafkaProps());
        settings.put("transactional.id", application + "-lane-" + number);
        settings.put("max.request.size", 4 << 20);
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
        Lane lane = new Lane(number, topics.names().pollCursors(), producer, ownership, new HashMap<>());
        opened.add(0, lane);
        return lane;
    }

    private List<ProducerRecord<byte[], byte[]>> records(String text) {
        byte[] key = application.getBytes(StandardCharsets.UTF_8);
        return List.of(new ProducerRecord<>(topics.names().jobStateEvents(), 0, key, text.getBytes(StandardCharsets.UTF_8)));
    }

    private List<String> published() {
        return topics.read(topics.names().jobStateEvents()).stream()
                .filter(record -> new String(record.key(), StandardCharsets.UTF_8).equals(application))
                .map(record -> new String(record.value(), StandardCharsets.UTF_8)).toList();
    }
}
