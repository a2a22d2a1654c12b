package io.jobwatch.topology;

import static io.jobwatch.topology.DrivenTopology.TOPICS;
import static io.jobwatch.topology.DrivenTopology.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jobwatch.config.ProcessConfig.StateStore;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStateEvent;
import io.jobwatch.event.JobTransition;
import io.jobwatch.job.JobEvents;
import io.jobwatch.job.StateMachine;
import io.jobwatch.registry.MalformedValueException;
import io.jobwatch.registry.RegistryException;
import io.jobwatch.source.Bounds;
import io.jobwatch.topic.DeadLetterHeaders;
import io.jobwatch.topic.EventHeaders;
import io.jobwatch.topic.JobKey;
import io.jobwatch.topology.BadRecordException.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.AbstractRecords;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BadRecordTest {
    private static final JobStateEvent GOOD = JobEvents.event("7", JobState.QUEUED, 10_000);
    private static final byte[] KEY = DrivenTopology.key(GOOD);

    @TempDir
    private Path stateDir;
    private DrivenTopology topology;

    @BeforeEach
    void start() {
        topology = new DrivenTopology(StateStore.MEMORY, stateDir);
    }

    @AfterEach
    void stop() {
        topology.close();
    }

    @Test
    void shouldNotTakeARecordWithoutKey() {
        assertDeadLetter(null, topology.encoded(GOOD), Reason.BAD_KEY);
    }

    @Test
    void shouldNotTakeAKeyThatIsNotUtf8() {
        assertDeadLetter(new byte[] {'a', '/', (byte) 0xff}, topology.encoded(GOOD), Reason.BAD_KEY);
    }

    @Test
    void shouldNotTakeAKeyWithoutSlash() {
        assertDeadLetter(utf8("encoder-eu"), topology.encoded(GOOD), Reason.BAD_KEY);
    }

    @Test
    void shouldNotTakeAKeyWithoutSource() {
        assertDeadLetter(utf8("/7"), topology.encoded(GOOD), Reason.BAD_KEY);
    }

    @Test
    void shouldNotTakeAKeyWithoutJobId() {
        assertDeadLetter(utf8("encoder-eu/"), topology.encoded(GOOD), Reason.BAD_KEY);
    }

    @Test
    void shouldNotTakeATombstone() {
        assertDeadLetter(KEY, null, Reason.NULL_VALUE);
    }

    @Test
    void shouldNotTakeBytesThatAreNoAvro() {
        assertDeadLetter(KEY, utf8("{\"state\": \"QUEUED\"}"), Reason.MALFORMED_VALUE);
    }

    @Test
    void shouldNotTakeAnEmptyValue() {
        assertDeadLetter(KEY, new byte[0], Reason.MALFORMED_VALUE);
    }

    @Test
    void shouldNotTakeACutEvent() {
        byte[] whole = topology.encoded(GOOD);
        assertDeadLetter(KEY, Arrays.copyOf(whole, whole.length / 2), Reason.MALFORMED_VALUE);
    }

    /** Whoever believes it takes gigabytes of memory before the first task is read. */
    @Test
    void shouldNotTakeAnEventThatClaimsToHaveAThousandMillionTasks() {
        byte[] whole = topology.encoded(GOOD);
        assertThat(Arrays.copyOfRange(whole, whole.length - 2, whole.length)).as("no tasks, no attributes").containsExactly(0, 0);
        byte[] claims = {(byte) 0x80, (byte) 0xa8, (byte) 0xd6, (byte) 0xb9, 0x07};
        byte[] value = Arrays.copyOf(whole, whole.length - 2 + claims.length);
        System.arraycopy(claims, 0, value, whole.length - 2, claims.length);

        assertDeadLetter(KEY, value, Reason.MALFORMED_VALUE);
    }

    @Test
    void shouldNotTakeAnEventOfASchemaThatTheRegistryDoesNotKnow() {
        byte[] value = topology.encoded(GOOD);
        value[1] = 0x7f;
        assertDeadLetter(KEY, value, Reason.MALFORMED_VALUE);
    }

    @Test
    void shouldNotTakeAnEventThatWasSeenBefore1970() {
        JobStateEvent early = JobEvents.event("7", JobState.QUEUED, -1);
        assertDeadLetter(KEY, topology.encoded(early), Reason.MALFORMED_VALUE);
    }

    /** No broker takes a record from further ahead. */
    @Test
    void shouldNotTakeAnEventThatWasSeenInTheFuture() {
        topology.pipe(JobEvents.event("8", JobState.QUEUED, DrivenTopology.START.plus(Duration.ofHours(1)).toEpochMilli()));
        assertThat(topology.transitions()).hasSize(1);
        topology.store().delete(Bytes.wrap("encoder-eu/8".getBytes(StandardCharsets.UTF_8)));
        topology.output(TOPICS.jobStatus());

        topology.pipe(JobEvents.event("7", JobState.QUEUED, DrivenTopology.START.plus(Duration.ofHours(1)).toEpochMilli() + 1));

        assertNoTrace(KEY, Reason.MALFORMED_VALUE);
    }

    @Test
    void shouldNotTakeAnEventOfAnotherJobThanTheKeys() {
        assertDeadLetter(KEY, topology.encoded(JobEvents.event("8", JobState.QUEUED, 10_000)), Reason.KEY_CONTRADICTS_VALUE);
    }

    @Test
    void shouldNotTakeAnEventWhoseStatusWouldNotFitInARecord() {
        JobStateEvent large = JobEvents.event("7", JobState.QUEUED, 10_000);
        large.setNativeReason("x".repeat(999_900 - 200));
        byte[] value = topology.encoded(large);
        assertThat(value.length).as("fits as an event").isLessThan(1_000_000);

        topology.pipe(KEY, value);

        assertNoTrace(KEY, Reason.TOO_LARGE);
    }

    /** Headers hold the job's id twice, beside key and value. */
    @Test
    void shouldCountKeyAndHeadersAsPartOfARecord() {
        JobStateEvent longId = JobEvents.event("7".repeat(210_000), JobState.QUEUED, 10_000);

        topology.pipe(longId);

        assertNoTrace(DrivenTopology.key(longId), Reason.TOO_LARGE);
    }

    /** Nothing may be left of a record of which only the last output does not fit. */
    @Test
    void shouldLeaveNoTraceOfAStopWhoseReportDoesNotFit() {
        topology.pipe(GOOD);
        byte[] before = topology.store().get(Bytes.wrap(KEY));
        outputs();
        JobStateEvent failed = JobEvents.event("7", JobState.ERROR, 20_000);
        failed.setNativeReason("x".repeat(999_700));

        topology.pipe(failed);

        assertThat(outputs()).isEmpty();
        assertThat(topology.store().get(Bytes.wrap(KEY))).isEqualTo(before);
        assertThat(topology.output(TOPICS.deadLetters())).hasSize(1);
    }

    /** A record that was compressed on its way, or is as large as records can be, is larger than a dead letter with its headers can be. */
    @Test
    void shouldCutADeadLetterThatWouldNotFit() {
        byte[] key = utf8("k".repeat(200_000));
        byte[] value = utf8("v".repeat(5_000_000));

        topology.pipe(key, value);

        assertThat(topology.output(TOPICS.deadLetters())).singleElement().satisfies(letter -> {
            assertThat(letter.key()).isEqualTo(Arrays.copyOf(key, 100_000));
            assertThat(letter.value()).isEqualTo(Arrays.copyOf(value, 900_000));
            assertThat(header(letter, DeadLetterHeaders.KEY_LENGTH)).isEqualTo("200000");
            assertThat(header(letter, DeadLetterHeaders.VALUE_LENGTH)).isEqualTo("5000000");
            assertThat(header(letter, "__streams.errors.message").length()).isLessThan(1_100);
        });
    }

    @Test
    void shouldTellOfALetterThatItsRecordWasPutBackBefore() {
        topology.pipe(KEY, utf8("no Avro"), new RecordHeader("jobwatch.replayed-from", utf8("2:17")));

        assertThat(topology.output(TOPICS.deadLetters())).singleElement()
                .satisfies(letter -> assertThat(header(letter, "jobwatch.replayed-from")).isEqualTo("2:17"));
    }

    @Test
    void shouldKeepTheHeadersByWhichTheEventIsKnown() {
        topology.pipe(KEY, utf8("no Avro"), new RecordHeader("ce_id", utf8("encoder-eu/7#1")),
                new RecordHeader("traceparent", utf8("00-1")), new RecordHeader("content-type", utf8("application/avro")),
                new RecordHeader("ce_subject", utf8("7".repeat(6_001))), new RecordHeader("ce_source", utf8("7".repeat(1_001))),
                new RecordHeader("ce_time", null));

        assertThat(topology.output(TOPICS.deadLetters())).singleElement().satisfies(letter -> {
            assertThat(header(letter, "ce_id")).isEqualTo("encoder-eu/7#1");
            assertThat(header(letter, "traceparent")).isEqualTo("00-1");
            assertThat(header(letter, "content-type")).isEqualTo("application/avro");
            assertThat(letter.headers().lastHeader("ce_subject")).as("too long").isNull();
            assertThat(letter.headers().lastHeader("ce_source")).as("too long").isNull();
            assertThat(letter.headers().lastHeader("ce_time")).isNull();
        });
    }

    /** An id may have 512 characters, and CloudEvents wants some of them percent-encoded: a replay would make another event of it. */
    @ParameterizedTest
    @ValueSource(strings = {"7", "%", "\u65e5", "\u0080", "\ufffe"})
    void shouldKeepTheWholeIdOfAnEventHoweverLongItIs(String character) {
        byte[] key = new JobKey("e".repeat(100), character.repeat(Bounds.JOB_ID_CHARS)).bytes();
        Headers own = new EventHeaders("a".repeat(100)).maker().of(GOOD.getSchema(), key, "1763806530000",
                Instant.ofEpochMilli(1_763_806_530_000L));

        topology.pipe(key, utf8("no Avro"), own.toArray());

        assertThat(topology.output(TOPICS.deadLetters())).singleElement()
                .satisfies(letter -> assertThat(letter.headers().toArray()).contains(own.toArray()));
    }

    /** As the producer measures it before it sends: a letter that it refuses would stop the stream for good. */
    @ParameterizedTest
    @ValueSource(ints = {1_000, 6_000})
    void shouldMakeNoDeadLetterThatDoesNotFitWhateverHeadersTheRecordHas(int length) {
        Header[] headers = Stream.of("ce_specversion", "ce_id", "ce_type", "ce_source", "ce_subject", "ce_time", "content-type",
                "traceparent").map(name -> new RecordHeader(name, utf8("x".repeat(length)))).toArray(Header[]::new);

        topology.pipe(utf8("\u65e5".repeat(100_000)), utf8("v".repeat(5_000_000)), headers);

        assertThat(topology.output(TOPICS.deadLetters())).singleElement().satisfies(letter -> assertThat(
                AbstractRecords.estimateSizeInBytesUpperBound(RecordBatch.CURRENT_MAGIC_VALUE, CompressionType.NONE, letter.key(),
                        letter.value(), letter.headers().toArray())).isLessThan(1 << 20));
    }

    @Test
    void shouldNotTakeOverAnyOtherHeaderOfTheRecord() {
        topology.pipe(KEY, utf8("no Avro"), new RecordHeader("jobwatch.replayed-from", utf8("2:17\n")),
                new RecordHeader("jobwatch.origin", utf8("poll")), new RecordHeader("other", utf8("x")));

        assertThat(topology.output(TOPICS.deadLetters())).singleElement().satisfies(letter -> {
            assertThat(letter.headers().lastHeader("jobwatch.replayed-from")).isNull();
            assertThat(letter.headers().headers("jobwatch.origin")).hasSize(1);
            assertThat(letter.headers().lastHeader("other")).isNull();
        });
    }

    /** The work of a punctuator goes through the same handler, with no record. */
    @Test
    void shouldNotTakeAFailureThatIsNotAboutARecordForABadRecord() {
        BadRecordHandler handler = new BadRecordHandler();
        handler.configure(Map.of(BadRecordHandler.TOPIC_CONFIG, TOPICS.deadLetters()));

        assertThat(handler.handleError(null, null, new BadRecordException(Reason.TOO_LARGE, "an alert")).result())
                .isEqualTo(ProcessingExceptionHandler.Result.FAIL);
    }

    @Test
    void shouldNotTakeAnOutageOfTheRegistryForABadRecord() {
        for (RegistryException.Kind kind : List.of(RegistryException.Kind.UNAVAILABLE, RegistryException.Kind.UNAUTHORIZED)) {
            try (DrivenTopology cutOff = new DrivenTopology(StateStore.MEMORY, stateDir.resolve(kind.name()))) {
                byte[] value = cutOff.encoded(GOOD);
                cutOff.registry.failWith(new RegistryException(kind, "no answer"));

                assertThatThrownBy(() -> cutOff.pipe(KEY, value)).hasRootCauseInstanceOf(RegistryException.class);

                assertThat(cutOff.driver.producedTopicNames()).isEmpty();
                assertThat(cutOff.count("jobwatch.dead.letters")).isZero();
            }
        }
    }

    @Test
    void shouldNotTakeABugForABadRecord() {
        StateMachine broken = new StateMachine(null);
        try (DrivenTopology buggy = new DrivenTopology(StateStore.MEMORY, stateDir.resolve("buggy"), broken)) {
            JobStateEvent ended = JobEvents.event("7", JobState.FINISHED, 10_000);
            ended.setEndedAt(Instant.ofEpochMilli(9_000));

            assertThatThrownBy(() -> buggy.pipe(ended)).hasRootCauseInstanceOf(NullPointerException.class);

            assertThat(buggy.driver.producedTopicNames()).isEmpty();
        }
    }

    @Test
    void shouldNotTakeAFailingStoreForABadRecord() {
        DrivenTopology failing = new DrivenTopology(StateStore.ROCKSDB, stateDir.resolve("failing"));
        failing.store().close();

        assertThatThrownBy(() -> failing.pipe(GOOD)).hasRootCauseInstanceOf(InvalidStateStoreException.class);

        assertThat(failing.driver.producedTopicNames()).isEmpty();
        assertThatThrownBy(failing::close).isInstanceOf(InvalidStateStoreException.class);
    }

    @Test
    void shouldNotTakeADamagedStatusInTheStoreForABadRecord() {
        topology.store().put(Bytes.wrap(KEY), new byte[] {1, 2, 3});

        assertThatThrownBy(() -> topology.pipe(GOOD)).hasRootCauseInstanceOf(MalformedValueException.class);

        assertThat(topology.output(TOPICS.deadLetters())).isEmpty();
    }

    private void assertDeadLetter(byte[] key, byte[] value, Reason reason) {
        topology.pipe(key, value);

        List<TestRecord<byte[], byte[]>> letters = topology.output(TOPICS.deadLetters());
        assertThat(letters).singleElement().satisfies(letter -> {
            assertThat(letter.key()).isEqualTo(key);
            assertThat(letter.value()).isEqualTo(value);
            assertThat(header(letter, "jobwatch.origin")).isEqualTo("stream");
            assertThat(header(letter, "jobwatch.reason")).isEqualTo(reason.name());
            assertThat(header(letter, "__streams.errors.exception")).isEqualTo(BadRecordException.class.getName());
            assertThat(header(letter, "__streams.errors.message")).startsWith(reason + ": ");
            assertThat(header(letter, "__streams.errors.topic")).isEqualTo(TOPICS.jobStateEvents());
            assertThat(header(letter, "__streams.errors.partition")).isEqualTo("0");
            assertThat(header(letter, "__streams.errors.offset")).isEqualTo("0");
            assertThat(letter.headers().lastHeader(DeadLetterHeaders.VALUE_LENGTH)).isNull();
        });
        assertThat(topology.count("jobwatch.dead.letters", "origin", "stream", "reason", reason.name())).isEqualTo(1);
        assertThat(outputs()).isEmpty();
        assertThat(topology.store().approximateNumEntries()).isZero();
        assertGoesOn();
    }

    private void assertNoTrace(byte[] key, Reason reason) {
        assertThat(topology.output(TOPICS.deadLetters())).singleElement()
                .satisfies(letter -> assertThat(header(letter, "__streams.errors.message")).startsWith(reason + ": "));
        assertThat(topology.count("jobwatch.dead.letters", "origin", "stream", "reason", reason.name())).isEqualTo(1);
        assertThat(outputs()).isEmpty();
        assertThat(topology.store().get(Bytes.wrap(key))).isNull();
        assertGoesOn();
    }

    private void assertGoesOn() {
        topology.pipe(GOOD);
        assertThat(topology.transitions()).extracting(JobTransition::getCurrentState).containsExactly(JobState.QUEUED);
    }

    /** {@return what came, whatever it is, since it was last asked for} */
    private List<TestRecord<byte[], byte[]>> outputs() {
        return List.of(TOPICS.jobTransitions(), TOPICS.jobErrorReports(), TOPICS.jobStatus()).stream()
                .flatMap(topic -> topology.output(topic).stream()).toList();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
