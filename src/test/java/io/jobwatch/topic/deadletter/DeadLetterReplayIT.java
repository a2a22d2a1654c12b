package io.jobwatch.topic.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jobwatch.event.JobStateEvent;
import io.jobwatch.topic.DeadLetterHeaders;
import io.jobwatch.topic.EventHeaders;
import io.jobwatch.topic.JobKey;
import io.jobwatch.topic.TestTopics;
import io.jobwatch.topic.TopicException;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.deadletter.DeadLetterReplay.Mode;
import io.jobwatch.topic.deadletter.DeadLetterReplay.Outcome;
import io.jobwatch.topic.deadletter.DeadLetterReplay.Refused;
import io.jobwatch.topic.deadletter.DeadLetterReplay.Replayed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class DeadLetterReplayIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final long BASE = System.currentTimeMillis() - 10_000_000;
    private static final Mode ONCE = new Mode(false, false);

    @TempDir
    private static Path folder;
    private static TestTopics cluster;

    private String application;
    private TopicNames names;

    @BeforeAll
    static void startBroker() {
        cluster = new TestTopics(folder);
    }

    @AfterAll
    static void stopBroker() {
        cluster.close();
    }

    /** The broker is shared: each test has topics of its own. */
    @BeforeEach
    void createTopics(TestInfo test) throws Exception {
        application = test.getTestMethod().orElseThrow().getName();
        names = new TopicNames(application + ".");
        cluster.admin().createTopics(List.of(new NewTopic(names.deadLetters(), Optional.of(3), Optional.empty()),
                new NewTopic(names.jobStateEvents(), Optional.of(3), Optional.empty()))).all().get();
    }

    @Test
    void shouldPutARecordBackWhereItCameFromAndTraceIt() {
        cluster.send(List.of(letter(2, "a/1", "one", 1, 40), letter(0, "a/2", "two", 0, 7)));

        List<Outcome> outcomes = replay(ONCE, new LetterId(2, 0));

        assertThat(outcomes).containsExactly(new Replayed(new LetterId(2, 0), new Place(names.jobStateEvents(), 1, 40),
                Optional.of(new Place(names.jobStateEvents(), 1, 0))));
        assertThat(events()).singleElement().satisfies(record -> {
            assertThat(record.partition()).isEqualTo(1);
            assertThat(record.key()).asString().isEqualTo("a/1");
            assertThat(record.value()).asString().isEqualTo("one");
            assertThat(record.headers()).singleElement().satisfies(header -> {
                assertThat(header.key()).isEqualTo("jobwatch.replayed-from");
                assertThat(header.value()).asString().isEqualTo("2:0");
            });
        });
        assertThat(list(new LetterFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()), 10).items())
                .extracting(item -> item.letter().id() + " " + item.replayed().map(ReplayNote::to).orElse("not replayed"))
                .containsExactlyInAnyOrder("0:0 not replayed", "2:0 " + names.jobStateEvents() + "-1@0");
    }

    @Test
    void shouldGiveARecordBackTheHeadersByWhichItsEventIsKnown() {
        cluster.send(List.of(with(with(with(letter(2, "a/1", "one", 1, 40), "ce_id", "a/1#1"), "traceparent", "00-1"), "other", "x")));

        replay(ONCE, new LetterId(2, 0));

        assertThat(events()).singleElement().satisfies(record -> assertThat(record.headers())
                .extracting(header -> header.key() + "=" + text(header.value()))
                .containsExactly("ce_id=a/1#1", "traceparent=00-1", "jobwatch.replayed-from=2:0"));
    }

    /** A letter is kept for 30 days, an event for seven: with the letter's time it might be deleted before it is read. */
    @Test
    void shouldPutARecordBackWithThePresentTime() {
        cluster.send(List.of(at(0, letter(2, "a/1", "one", 1, 40))));

        replay(ONCE, new LetterId(2, 0));

        assertThat(events()).singleElement().satisfies(record -> assertThat(record.timestamp()).isGreaterThan(BASE + 5_000_000));
    }

    /** An id may have 512 characters, each of them nine bytes long once it is encoded. */
    @Test
    void shouldGiveARecordBackItsWholeIdHoweverLongItIs() {
        for (String character : List.of("%", "\ufffe")) {
            byte[] key = new JobKey("e".repeat(100), character.repeat(512)).bytes();
            Headers own = new EventHeaders("jobwatch").maker().of(JobStateEvent.getClassSchema(), key, "1763806530000", Instant.EPOCH);
            Headers kept = headers(names.jobStateEvents(), 1, 40);
            DeadLetterHeaders.copyEvent(own, kept);
            cluster.send(List.of(new ProducerRecord<>(names.deadLetters(), 2, key, utf8("one"), kept)));
            long letter = cluster.read(names.deadLetters()).stream().filter(record -> record.value() != null)
                    .mapToLong(ConsumerRecord::offset).max().orElseThrow();

            replay(ONCE, new LetterId(2, letter));

            assertThat(events()).last().satisfies(record -> assertThat(record.headers().toArray()).contains(own.toArray()));
        }
    }

    @Test
    void shouldPutARecordBackOnceUnlessToldTo() {
        cluster.send(List.of(letter(2, "a/1", "one", 1, 40)));
        replay(ONCE, new LetterId(2, 0));

        assertThat(replay(ONCE, new LetterId(2, 0))).singleElement().satisfies(outcome -> {
            assertThat(refusal(outcome)).isEqualTo(Refusal.REPLAYED);
            assertThat(((Refused) outcome).reason().why()).contains(names.jobStateEvents() + "-1@0");
        });
        assertThat(events()).hasSize(1);
        assertThat(replay(new Mode(false, true), new LetterId(2, 0))).singleElement().isInstanceOf(Replayed.class);
        assertThat(events()).hasSize(2);
    }

    @Test
    void shouldWriteNothingInADryRun() {
        cluster.send(List.of(letter(2, "a/1", "one", 1, 40)));

        assertThat(replay(new Mode(true, false), new LetterId(2, 0))).containsExactly(
                new Replayed(new LetterId(2, 0), new Place(names.jobStateEvents(), 1, 40), Optional.empty()));

        assertThat(events()).isEmpty();
        assertThat(cluster.read(names.deadLetters())).hasSize(1);
    }

    @Test
    void shouldPutBackRecordsWithoutKeyOrValue() {
        cluster.send(List.of(letter(0, null, "one", 2, 1), letter(0, "a/1", null, 2, 2)));

        replay(ONCE, new LetterId(0, 0), new LetterId(0, 1));

        assertThat(events()).extracting(record -> text(record.key()) + "=" + text(record.value()) + " in " + record.partition())
                .containsExactly("null=one in 2", "a/1=null in 2");
    }

    @Test
    void shouldSayWhyALetterIsLeft() {
        cluster.send(List.of(
                new ProducerRecord<>(names.deadLetters(), 0, utf8("encoder"), utf8("{}"), DeadLetterHeaders.ofItem("encoder", "no Id")),
                with(letter(0, "a/1", "on", 1, 40), DeadLetterHeaders.VALUE_LENGTH, "3"),
                new ProducerRecord<>(names.deadLetters(), 0, utf8("a/1"), utf8("x"),
                        headers("job-error-reports of another prefix", 0, 3)),
                new ProducerRecord<>(names.deadLetters(), 0, utf8("a/1"), utf8("x")),
                letter(0, "a/1", "one", 3, 40),
                letter(0, "a/2", "two", 0, 40)));

        List<Outcome> outcomes = replay(ONCE, IntStream.range(0, 8).mapToObj(offset -> new LetterId(0, offset)).toArray(LetterId[]::new));

        assertThat(outcomes).extracting(outcome -> outcome.letter() + " "
                        + (outcome instanceof Refused refused ? refused.reason().refusal() : "replayed"))
                .containsExactlyInAnyOrder("0:0 POLL_ITEM", "0:1 CUT", "0:2 OUTPUT", "0:3 NO_PLACE", "0:4 NO_PLACE", "0:5 replayed",
                        "0:6 NOT_THERE", "0:7 NOT_THERE");
        assertThat(events()).extracting(record -> text(record.key())).containsExactly("a/2");
        assertThat(replay(ONCE, new LetterId(9, 0))).as("no such partition").singleElement()
                .satisfies(outcome -> assertThat(refusal(outcome)).isEqualTo(Refusal.NOT_THERE));
    }

    @Test
    void shouldNotTakeTheNoteOfAReplayForALetter() {
        cluster.send(List.of(letter(0, "a/1", "one", 1, 40)));
        replay(ONCE, new LetterId(0, 0));
        long note = cluster.read(names.deadLetters()).get(1).offset();

        assertThat(replay(ONCE, new LetterId(0, note))).singleElement()
                .satisfies(outcome -> assertThat(refusal(outcome)).isEqualTo(Refusal.NOT_THERE));
        assertThat(list(everything(), 10).matching()).isEqualTo(1);
    }

    @Test
    void shouldPutAllBackThatAreMeantInTheirOrder() {
        List<ProducerRecord<byte[], byte[]>> letters = new ArrayList<>();
        for (int i = 0; i < 450; i++) {
            letters.add(letter(i % 3, "a/" + i % 5, "v" + i, i % 5 % 3, i));
            letters.add(letter(i % 3, "b/" + i, "other source", 0, i));
        }
        cluster.send(letters);
        replay(ONCE, new LetterId(0, 0));

        List<Outcome> outcomes = new ArrayList<>();
        try (DeadLetterReplay replay = new DeadLetterReplay(cluster.kafkaProps(), names, application, ONCE)) {
            replay.replay(new LetterFilter(Optional.of("a"), Optional.of("stream"), Optional.of("BAD_KEY"), Optional.empty()),
                    outcomes::add);
        }

        assertThat(outcomes).hasSize(450).filteredOn(Refused.class::isInstance).singleElement()
                .satisfies(outcome -> assertThat(outcome.letter()).isEqualTo(new LetterId(0, 0)));
        assertThat(events()).hasSize(450).allSatisfy(record -> assertThat(text(record.key())).startsWith("a/"));
        assertThat(events()).extracting(record -> text(record.value())).doesNotHaveDuplicates();
        assertThat(events().stream().skip(1).collect(Collectors.groupingBy(
                record -> record.partition() + " from " + replayedFrom(record).partition(),
                Collectors.mapping(record -> replayedFrom(record).offset(), Collectors.toList())))).hasSize(9)
                .allSatisfy((partitions, offsets) -> assertThat(offsets).as(partitions).isSorted());
    }

    /** Whoever reads to what is committed does not see the note behind a transaction that goes on, though it is committed itself. */
    @Test
    void shouldWaitForATransactionThatMayHideThatALetterWasPutBack() {
        cluster.send(List.of(letter(0, "a/1", "one", 1, 40)));
        cluster.begin(List.of(letter(0, "a/2", "two", 1, 41)));
        replayWhileAnotherWrites();
        assertThat(list(everything(), 10).items()).as("what is committed").singleElement()
                .satisfies(item -> assertThat(item.replayed()).isEmpty());

        CompletableFuture<List<Outcome>> second = CompletableFuture.supplyAsync(() -> replay(ONCE, new LetterId(0, 0)));
        await().atMost(SOON).during(Duration.ofSeconds(2)).until(() -> !second.isDone());
        cluster.abort();

        await().atMost(SOON).until(second::isDone);
        assertThat(second.join()).singleElement().satisfies(outcome -> assertThat(refusal(outcome)).isEqualTo(Refusal.REPLAYED));
        assertThat(events()).hasSize(1);
    }

    /** As a replay that surveyed the topic before the other transaction began. */
    private void replayWhileAnotherWrites() {
        ConsumerRecord<byte[], byte[]> record = cluster.read(names.deadLetters()).get(0);
        try (ReplayTransactions transactions = ReplayTransactions.begin(cluster.kafkaProps(), names.deadLetters(), application)) {
            transactions.putBack(record, new LetterId(0, 0), new Place(names.jobStateEvents(), 1, 40), outcome -> { });
            transactions.commit(outcome -> { });
        }
    }

    @Test
    void shouldLeaveTheWorkToAReplayThatBeganLater() {
        cluster.send(List.of(letter(0, "a/1", "one", 1, 40)));
        List<Outcome> told = new ArrayList<>();
        try (DeadLetterReplay first = new DeadLetterReplay(cluster.kafkaProps(), names, application, ONCE);
             DeadLetterReplay second = new DeadLetterReplay(cluster.kafkaProps(), names, application, ONCE)) {
            assertThatThrownBy(() -> first.replay(List.of(new LetterId(0, 0)), told::add)).isInstanceOf(TopicException.class)
                    .hasMessageContaining("another replay of the application " + application);
            assertThat(told).isEmpty();
            second.replay(List.of(new LetterId(0, 0)), told::add);
        }
        assertThat(told).singleElement().isInstanceOf(Replayed.class);
        assertThat(events()).hasSize(1);
    }

    @Test
    void shouldLeaveNothingOfAReplayThatDidNotCommit() {
        cluster.send(List.of(letter(0, "a/1", "one", 1, 40)));
        ConsumerRecord<byte[], byte[]> record = cluster.read(names.deadLetters()).get(0);
        List<Outcome> told = new ArrayList<>();
        try (ReplayTransactions transactions = ReplayTransactions.begin(cluster.kafkaProps(), names.deadLetters(), application)) {
            Place to = new Place(names.jobStateEvents(), 1, 40);
            transactions.putBack(record, new LetterId(0, 0), to, told::add);
            transactions.putBack(new ConsumerRecord<>(names.deadLetters(), 0, 1, utf8("a/2"), new byte[2 << 20]), new LetterId(0, 1), to,
                    told::add);
            assertThatThrownBy(() -> transactions.commit(told::add)).isInstanceOf(TopicException.class)
                    .hasMessageContaining("the broker did not take 2 records").hasMessageContaining("was left as it is");
        }

        assertThat(told).isEmpty();
        assertThat(events()).isEmpty();
        assertThat(replay(ONCE, new LetterId(0, 0))).singleElement().isInstanceOf(Replayed.class);
        assertThat(events()).hasSize(1);
    }

    /** Letters that are due may lie a long way apart, and all who read committed records would wait while the topic between is read. */
    @Test
    void shouldHoldNoTransactionOpenBetweenTwoLettersThatAreDue() throws Exception {
        cluster.send(List.of(letter(0, "a/1", "one", 1, 40), letter(0, "a/2", "two", 1, 41)));
        List<ConsumerRecord<byte[], byte[]>> letters = cluster.read(names.deadLetters());
        List<Outcome> told = new ArrayList<>();
        try (ReplayTransactions transactions = ReplayTransactions.begin(cluster.kafkaProps(), names.deadLetters(), application)) {
            transactions.putBack(letters.get(0), new LetterId(0, 0), new Place(names.jobStateEvents(), 1, 40), told::add);
            cluster.send(List.of(new ProducerRecord<>(names.jobStateEvents(), 1, utf8("a/3"), utf8("meanwhile"))));
            await().during(Duration.ofSeconds(1)).atMost(SOON)
                    .until(() -> events().stream().map(record -> text(record.value())).toList().equals(List.of("meanwhile")));

            transactions.putBack(letters.get(1), new LetterId(0, 1), new Place(names.jobStateEvents(), 1, 41), told::add);
            assertThat(told).isEmpty();
            transactions.commit(told::add);
        }
        assertThat(told).hasSize(2).allMatch(Replayed.class::isInstance);
        assertThat(events()).extracting(record -> text(record.value())).containsExactly("meanwhile", "one", "two");
        assertThat(cluster.admin().describeTransactions(List.of(application + "-dead-letter-replay")).all().get().values())
                .as("the longest that a replay that is killed can be in the way").singleElement()
                .satisfies(transaction -> assertThat(transaction.transactionTimeoutMs()).isEqualTo(15_000));
    }

    @Test
    void shouldListTheNewestLast() {
        cluster.send(List.of(at(1_000_000, letter(2, "a/1", "x", 0, 1)), at(3_000_000, letter(0, "a/2", "x", 0, 2)),
                at(2_000_000, letter(1, "b/3", "x", 0, 3)), at(4_000_000, new ProducerRecord<>(names.deadLetters(), 0, utf8("b"),
                        utf8("{}"), DeadLetterHeaders.ofItem("b", "no Id")))));

        assertThat(ids(everything(), 10)).containsExactly("2:0", "1:0", "0:0", "0:1");
        assertThat(ids(everything(), 2)).containsExactly("0:0", "0:1");
        assertThat(list(everything(), 2).matching()).isEqualTo(4);
        assertThat(ids(new LetterFilter(Optional.of("b"), Optional.empty(), Optional.empty(), Optional.empty()), 10))
                .containsExactly("1:0", "0:1");
        assertThat(ids(new LetterFilter(Optional.empty(), Optional.of("poll"), Optional.empty(), Optional.empty()), 10))
                .containsExactly("0:1");
        assertThat(ids(new LetterFilter(Optional.empty(), Optional.empty(), Optional.of("BAD_KEY"), Optional.empty()), 10))
                .containsExactly("2:0", "1:0", "0:0");
        assertThat(ids(new LetterFilter(Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.of(Instant.ofEpochMilli(BASE + 2_000_001))), 10)).containsExactly("0:0", "0:1");
    }

    @Test
    void shouldListLettersSinceATimeThatKafkaHasNoNumberFor() {
        cluster.send(List.of(letter(2, "a/1", "x", 0, 1)));

        for (Instant early : List.of(Instant.parse("1969-12-31T23:59:59Z"), Instant.EPOCH, Instant.MIN)) {
            assertThat(ids(new LetterFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(early)), 10))
                    .as("since %s", early).containsExactly("2:0");
        }
        assertThat(ids(new LetterFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(Instant.MAX)), 10)).isEmpty();
    }

    @Test
    void shouldShowALetterWithAllThatItHolds() {
        cluster.send(List.of(letter(2, "a/1", "one", 1, 40)));
        replay(ONCE, new LetterId(2, 0));

        try (DeadLetterReader reader = new DeadLetterReader(cluster.kafkaProps(), names.deadLetters())) {
            WholeLetter letter = WholeLetter.read(reader, new LetterId(2, 0)).orElseThrow();
            assertThat(letter.value()).asString().isEqualTo("one");
            assertThat(letter.letter().from()).contains(new Place(names.jobStateEvents(), 1, 40));
            assertThat(letter.letter().source()).contains("a");
            assertThat(letter.headers().lastHeader("__streams.errors.message").value()).asString().isEqualTo("BAD_KEY: on purpose");
            assertThat(letter.replayed()).isPresent();
            assertThat(WholeLetter.read(reader, new LetterId(2, 1))).as("the end of the transaction").isEmpty();
            assertThat(WholeLetter.read(reader, new LetterId(1, 0))).isEmpty();
            assertThat(WholeLetter.read(reader, new LetterId(7, 0))).isEmpty();
        }
    }

    @Test
    void shouldSayThatTopicsAreNotSetUp() {
        assertThatThrownBy(() -> new DeadLetterReader(cluster.kafkaProps(), "nowhere")).isInstanceOf(TopicException.class)
                .hasMessageContaining("topic nowhere is missing").hasMessageContaining("jobwatch setup");
    }

    private List<Outcome> replay(Mode mode, LetterId... letters) {
        List<Outcome> outcomes = new ArrayList<>();
        try (DeadLetterReplay replay = new DeadLetterReplay(cluster.kafkaProps(), names, application, mode)) {
            replay.replay(List.of(letters), outcomes::add);
        }
        return outcomes;
    }

    private LetterList list(LetterFilter filter, int limit) {
        try (DeadLetterReader reader = new DeadLetterReader(cluster.kafkaProps(), names.deadLetters())) {
            return LetterList.read(reader, filter, limit);
        }
    }

    private List<String> ids(LetterFilter filter, int limit) {
        return list(filter, limit).items().stream().map(item -> item.letter().id().toString()).toList();
    }

    private static LetterFilter everything() {
        return new LetterFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private List<ConsumerRecord<byte[], byte[]>> events() {
        return cluster.read(names.jobStateEvents());
    }

    private static LetterId replayedFrom(ConsumerRecord<byte[], byte[]> record) {
        return LetterId.parse(text(record.headers().lastHeader("jobwatch.replayed-from").value())).orElseThrow();
    }

    private static Refusal refusal(Outcome outcome) {
        return ((Refused) outcome).reason().refusal();
    }

    /** {@return a letter of a record that stood at this place} */
    private ProducerRecord<byte[], byte[]> letter(int in, String key, String value, int partition, long offset) {
        return new ProducerRecord<>(names.deadLetters(), in, utf8(key), utf8(value), headers(names.jobStateEvents(), partition, offset));
    }

    private static Headers headers(String topic, int partition, long offset) {
        return DeadLetterHeaders.ofRecord("BAD_KEY", new IllegalStateException("BAD_KEY: on purpose"), topic, partition, offset);
    }

    private static ProducerRecord<byte[], byte[]> with(ProducerRecord<byte[], byte[]> record, String header, String value) {
        Headers headers = new RecordHeaders(record.headers());
        DeadLetterHeaders.add(headers, header, value);
        return new ProducerRecord<>(record.topic(), record.partition(), record.key(), record.value(), headers);
    }

    private static ProducerRecord<byte[], byte[]> at(long time, ProducerRecord<byte[], byte[]> record) {
        return new ProducerRecord<>(record.topic(), record.partition(), BASE + time, record.key(), record.value(), record.headers());
    }

    private static byte[] utf8(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
    }
}
