package io.jobwatch.query;

import static io.jobwatch.query.Records.NOON;
import static io.jobwatch.query.Records.report;
import static io.jobwatch.query.Records.source;
import static io.jobwatch.query.Records.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jobwatch.event.AlertKind;
import io.jobwatch.event.EventRecord;
import io.jobwatch.event.JobAlert;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.query.Summary.Failures;
import io.jobwatch.poll.SettableClock;
import io.jobwatch.registry.AvroEncoder;
import io.jobwatch.registry.InMemorySchemaRegistry;
import io.jobwatch.registry.RegistryException;
import io.jobwatch.topic.TopicNames;
import io.jobwatch.topic.TopicSchemas;
import io.jobwatch.topic.TopicSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ViewTopologyTest {
    private final TopicNames topics = new TopicNames("jobwatch.");
    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private final TopicSchemas schemas = TopicSchemas.register(registry, TopicSpec.all(topics, 1));
    private final LongAdder unreadable = new LongAdder();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final SettableClock clock = new SettableClock(NOON);
    private final ViewTopology view = new ViewTopology(registry, clock, unreadable, closing, this::jobChanged);
    private final List<String> changes = new ArrayList<>();
    private TopologyTestDriver driver;

    @BeforeEach
    void start() {
        Properties settings = new Properties();
        settings.putAll(Map.of("application.id", "test", "bootstrap.servers", "none:1"));
        driver = new TopologyTestDriver(view.build(topics, true), settings);
    }

    @AfterEach
    void close() {
        closing.countDown();
        driver.close();
    }

    @Test
    void shouldKeepTheRawRecordAndTheIndexTogether() {
        byte[] queued = encode(topics.jobStatus(), status("s", "1", JobState.QUEUED, NOON).build());
        byte[] processing = encode(topics.jobStatus(), status("s", "1", JobState.PROCESSING, NOON.plusSeconds(1)).build());

        pipe(topics.jobStatus(), "s/1", queued);
        assertThat(view.jobs().counts()).isEqualTo(Map.of("s", Map.of(JobState.QUEUED, 1L)));
        pipe(topics.jobStatus(), "s/1", processing);

        assertThat(view.jobs().counts()).isEqualTo(Map.of("s", Map.of(JobState.PROCESSING, 1L)));
        assertThat(store(ViewTopology.JOBS).get(Bytes.wrap("s/1".getBytes()))).isEqualTo(processing);
    }

    /** {@link #jobChanged} looks, as a waiting reader would. */
    @Test
    void shouldTellOfAJobsChangeWhenItCanBeRead() {
        pipe(topics.jobStatus(), "s/1", encode(topics.jobStatus(), status("s", "1", JobState.QUEUED, NOON).build()));
        pipe(topics.jobStatus(), "s/1", null);
        pipe(topics.sourceStatus(), "s", encode(topics.sourceStatus(), source("s").build()));

        assertThat(changes).containsExactly("s/1 in store and index", "s/1 in neither");
    }

    private void jobChanged(String key) {
        boolean stored = store(ViewTopology.JOBS).get(Bytes.wrap(key.getBytes())) != null;
        changes.add(key + (stored && view.jobs().size() == 1 ? " in store and index" : !stored && view.jobs().size() == 0
                ? " in neither" : " in one of both"));
    }

    @Test
    void shouldForgetAJobAtItsTombstone() {
        pipe(topics.jobStatus(), "s/1", encode(topics.jobStatus(), status("s", "1", JobState.QUEUED, NOON).build()));

        pipe(topics.jobStatus(), "s/1", null);
        pipe(topics.jobStatus(), "s/never-seen", null);

        assertThat(view.jobs().size()).isZero();
        assertThat(store(ViewTopology.JOBS).get(Bytes.wrap("s/1".getBytes()))).isNull();
    }

    @Test
    void shouldKeepEveryAttemptsReportAndCountItOnce() {
        byte[] first = encode(topics.jobErrorReports(), report("s", "1", NOON, "X").build());
        byte[] second = encode(topics.jobErrorReports(), report("s", "1", NOON, "Y").setAttempt(2).build());

        pipe(topics.jobErrorReports(), "s/1", first);
        pipe(topics.jobErrorReports(), "s/1", second);
        pipe(topics.jobErrorReports(), "s/1", second);

        assertThat(store(ViewTopology.REPORTS).get(new ReportKey("s/1", 1).bytes())).isEqualTo(first);
        assertThat(store(ViewTopology.REPORTS).get(new ReportKey("s/1", 2).bytes())).isEqualTo(second);
        assertThat(view.failures().counts()).containsExactly(new Failures("s", "X", 1), new Failures("s", "Y", 1));
    }

    @Test
    void shouldDropReportsThatTheTopicKeepsNoLonger() {
        pipe(topics.jobErrorReports(), "s/1",
                encode(topics.jobErrorReports(), report("s", "1", NOON.minus(Duration.ofDays(90)).minusMillis(1), "X").build()));
        pipe(topics.jobErrorReports(), "s/2",
                encode(topics.jobErrorReports(), report("s", "2", NOON.minus(Duration.ofDays(90)), "Y").build()));

        assertThat(store(ViewTopology.REPORTS).get(new ReportKey("s/1", 1).bytes())).isNull();
        assertThat(store(ViewTopology.REPORTS).get(new ReportKey("s/2", 1).bytes())).isNotNull();
        assertThat(view.failures().counts()).containsExactly(new Failures("s", "Y", 1));
    }

    /** Nothing comes that would remove it. */
    @Test
    void shouldNotTellOfReportsThatHaveBecomeTooOldInAQuietTime() {
        JobErrorReport first = report("s", "1", NOON, "X").build();
        pipe(topics.jobErrorReports(), "s/1", encode(topics.jobErrorReports(), first));
        pipe(topics.jobErrorReports(), "s/2", encode(topics.jobErrorReports(), report("s", "2", NOON.plusMillis(1), "X", "Y").build()));
        clock.advance(Duration.ofDays(90));
        assertThat(view.failures().counts()).containsExactly(new Failures("s", "X", 2), new Failures("s", "Y", 1));
        assertThat(view.keeps(first)).isTrue();

        clock.advance(Duration.ofMillis(1));

        assertThat(view.failures().page(FailureQuery.all(9)).items()).extracting(Place::key).containsExactly("s/2/1");
        assertThat(view.failures().counts()).containsExactly(new Failures("s", "X", 1), new Failures("s", "Y", 1));
        assertThat(view.keeps(first)).isFalse();
        // What is counted no longer is not taken off again as it leaves.
        pipe(topics.jobErrorReports(), "s/3", encode(topics.jobErrorReports(), report("s", "3", clock.instant(), "Y").build()));
        assertThat(store(ViewTopology.REPORTS).get(ReportKey.of(first).bytes())).isNull();
        assertThat(view.failures().counts()).containsExactly(new Failures("s", "Y", 2), new Failures("s", "X", 1));
    }

    @Test
    void shouldNotTellOfAlertsThatEndedTooLongAgoInAQuietTime() {
        alert(Records.alert("s", "1", AlertKind.STUCK, true, NOON));
        alert(Records.alert("s", "2", AlertKind.STUCK, false, NOON));
        clock.advance(Duration.ofDays(30));
        assertThat(alerts(AlertQuery.all(9))).containsExactly("s/1/STUCK", "s/2/STUCK");

        clock.advance(Duration.ofMillis(1));

        assertThat(alerts(AlertQuery.all(9))).containsExactly("s/1/STUCK");
    }

    @Test
    void shouldCountAndListTheSameFailures() {
        pipe(topics.jobErrorReports(), "s/1", encode(topics.jobErrorReports(), report("s", "1", NOON, "X", "Y").build()));
        pipe(topics.jobErrorReports(), "s/2", encode(topics.jobErrorReports(), report("s", "2", NOON, "X").build()));
        pipe(topics.jobErrorReports(), "s/3",
                encode(topics.jobErrorReports(), report("s", "3", NOON, "X").setState(JobState.CANCELED).build()));
        // A state that this release does not know is read as UNKNOWN, and no failure as far as it can tell.
        pipe(topics.jobErrorReports(), "s/4",
                encode(topics.jobErrorReports(), report("s", "4", NOON, "X").setState(JobState.UNKNOWN).build()));

        assertThat(view.failures().counts()).containsExactly(new Failures("s", "X", 2), new Failures("s", "Y", 1));
        assertThat(view.failures().page(FailureQuery.all(9)).items()).extracting(Place::key).containsExactly("s/1/1", "s/2/1");
    }

    @Test
    void shouldKeepTheLatestOfEachAlertAndKind() {
        alert(Records.alert("s", "1", AlertKind.STUCK, true, NOON));
        alert(Records.alert("s", "1", AlertKind.LOST, true, NOON));
        alert(Records.alert("s", null, AlertKind.SOURCE_DOWN, true, NOON));
        byte[] ended = alert(Records.alert("s", "1", AlertKind.STUCK, false, NOON.plusSeconds(1)));

        assertThat(alerts(AlertQuery.all(9))).containsExactly("s/1/STUCK", "s/1/LOST", "s/SOURCE_DOWN");
        assertThat(alerts(new AlertQuery(Optional.of(true), Optional.empty(), Optional.empty(), Optional.empty(), 9, Optional.empty())))
                .containsExactly("s/1/LOST", "s/SOURCE_DOWN");
        assertThat(store(ViewTopology.ALERTS).get(Bytes.wrap("s/1/STUCK".getBytes()))).isEqualTo(ended);
        assertThat(store(ViewTopology.ALERTS).approximateNumEntries()).isEqualTo(3);
    }

    @Test
    void shouldDropAlertsThatEndedLongAgoAndKeepThoseThatHold() {
        Instant old = NOON.minus(Duration.ofDays(30)).minusMillis(1);
        alert(Records.alert("s", "1", AlertKind.STUCK, true, old));
        alert(Records.alert("s", "2", AlertKind.STUCK, false, old));
        alert(Records.alert("s", "3", AlertKind.STUCK, false, old.plusMillis(1)));

        assertThat(alerts(AlertQuery.all(9))).containsExactly("s/3/STUCK", "s/1/STUCK");
        assertThat(store(ViewTopology.ALERTS).get(Bytes.wrap("s/2/STUCK".getBytes()))).isNull();
    }

    @Test
    void shouldKeepTheLatestOfEachSource() {
        pipe(topics.sourceStatus(), "s", encode(topics.sourceStatus(), source("s").build()));
        byte[] later = encode(topics.sourceStatus(), source("s").setFailuresInRow(3).build());

        pipe(topics.sourceStatus(), "s", later);

        assertThat(store(ViewTopology.SOURCES).get(Bytes.wrap("s".getBytes()))).isEqualTo(later);
    }

    @Test
    void shouldGoWithoutWhatCannotBeReadAndCountIt() {
        byte[] good = encode(topics.jobStatus(), status("s", "1", JobState.QUEUED, NOON).build());
        pipe(topics.jobStatus(), "s/1", good);

        pipe(topics.jobStatus(), "s/1", new byte[] {1, 2, 3});
        pipe(topics.jobStatus(), null, good);

        assertThat(unreadable.sum()).isEqualTo(2);
        assertThat(store(ViewTopology.JOBS).get(Bytes.wrap("s/1".getBytes()))).isEqualTo(good);
        assertThat(view.jobs().size()).isEqualTo(1);
    }

    @Test
    void shouldWaitForARegistryThatDoesNotAnswer() throws Exception {
        byte[] value = encode(topics.jobStatus(), status("s", "1", JobState.QUEUED, NOON).build());
        registry.failWith(new RegistryException(RegistryException.Kind.UNAVAILABLE, "down"));
        ExecutorService streamThread = Executors.newSingleThreadExecutor();
        try {
            Future<?> piped = streamThread.submit(() -> pipe(topics.jobStatus(), "s/1", value));
            await().during(Duration.ofMillis(300)).until(() -> !piped.isDone());

            registry.failWith(null);

            piped.get();
            assertThat(view.jobs().size()).isEqualTo(1);
            assertThat(unreadable.sum()).isZero();
        } finally {
            streamThread.shutdownNow();
        }
    }

    private byte[] alert(JobAlert.Builder alert) {
        byte[] value = encode(topics.jobAlerts(), alert.build());
        pipe(topics.jobAlerts(), AlertIndex.keyOf(alert.build()), value);
        return value;
    }

    private List<String> alerts(AlertQuery query) {
        return view.alerts().page(query).items().stream().map(Place::key).toList();
    }

    private <T extends EventRecord> byte[] encode(String topic, T value) {
        AvroEncoder<T> encoder = schemas.encoder(topic);
        return encoder.encode(value);
    }

    private void pipe(String topic, String key, byte[] value) {
        driver.createInputTopic(topic, new StringSerializer(), new ByteArraySerializer()).pipeInput(key, value);
    }

    private KeyValueStore<Bytes, byte[]> store(String name) {
        return driver.getKeyValueStore(name);
    }
}
