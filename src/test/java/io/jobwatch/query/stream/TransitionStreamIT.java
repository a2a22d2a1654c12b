package io.jobwatch.query.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jobwatch.config.QueryConfig;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobTransition;
import io.jobwatch.event.TransitionKind;
import io.jobwatch.query.FakeView;
import io.jobwatch.query.Records;
import io.jobwatch.query.http.EventJson;
import io.jobwatch.query.http.QueryServer;
import io.jobwatch.query.http.Services;
import io.jobwatch.query.stream.EventClient.Event;
import io.jobwatch.registry.InMemorySchemaRegistry;
import io.jobwatch.registry.RegistryException;
import io.jobwatch.topic.TestTopics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stream over a real broker and real connections. */
class TransitionStreamIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final StreamSettings SETTINGS = new StreamSettings(600, 5_000, 16 << 20, Duration.ofSeconds(15), 4, 128 << 10);
    private static final StreamSettings SHORT_RING = new StreamSettings(600, 20, 16 << 20, Duration.ofMillis(200), 2, 4 << 10);

    @TempDir
    private static Path dir;
    private static TestTopics topics;
    private static HttpClient client;
    private static int jobs;

    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final List<EventClient> clients = new ArrayList<>();
    private final AtomicLong encoded = new AtomicLong();
    private KafkaTransitionStream stream;
    private QueryServer server;

    @BeforeAll
    static void startBroker() {
        topics = new TestTopics(dir);
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @AfterAll
    static void stopBroker() {
        topics.close();
    }

    @AfterEach
    void close() {
        clients.forEach(EventClient::close);
        if (server != null) {
            server.close();
            stream.close();
        }
    }

    /** Through aborted transactions and a restart of the broker. */
    @Test
    void shouldStreamEachTransitionOnceToFiveHundredReaders() {
        start(SETTINGS);
        List<EventClient> readers = IntStream.range(0, 500).mapToObj(i -> connect("", null)).toList();
        await().atMost(SOON).until(() -> readers.stream().allMatch(reader -> reader.lastId() != null));
        assertThat(gauge("jobwatch_stream_readers")).isEqualTo(500);

        List<String> sent = new ArrayList<>(send(100));
        topics.begin(transitions(20));
        topics.abort();
        sent.addAll(send(100));
        await().atMost(SOON).until(() -> readers.stream().allMatch(reader -> reader.count("transition") == 200));
        topics.stopBroker();
        topics.startBroker();
        topics.begin(transitions(20));
        topics.abort();
        sent.addAll(send(100));

        await().atMost(SOON).until(() -> readers.stream().allMatch(reader -> reader.count("transition") >= 300));
        for (EventClient reader : readers) {
            assertEachOnceInOrder(reader.events("transition"), sent);
            assertThat(reader.count("gap")).isZero();
        }
        assertThat(gauge("jobwatch_stream_dropped_total")).isZero();
        assertThat(gauge("jobwatch_stream_events_total")).isGreaterThanOrEqualTo(300);
    }

    /** The ring holds 20 of 600: those who come back late read the topic, the others the ring, while more is written. */
    @Test
    void shouldResumeWithoutGapOrRepetitionWhereverItWasCut() throws Exception {
        start(SHORT_RING);
        Random random = new Random(7);
        List<String> sent = new ArrayList<>();
        List<EventClient> present = new ArrayList<>();
        List<List<Event>> got = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            present.add(connect("", null));
            got.add(new ArrayList<>());
        }
        await().atMost(SOON).until(() -> present.stream().allMatch(reader -> reader.lastId() != null));
        String[] ids = present.stream().map(EventClient::lastId).toArray(String[]::new);
        for (int round = 0; round < 30; round++) {
            sent.addAll(send(20));
            if (random.nextInt(3) == 0) {
                topics.begin(transitions(3));
                topics.abort();
            }
            for (int i = 0; i < ids.length; i++) {
                int chance = random.nextInt(4);
                if (present.get(i) != null && chance < 2) {
                    ids[i] = leave(present.get(i), got.get(i), ids[i]);
                    present.set(i, null);
                } else if (present.get(i) == null && chance == 2) {
                    present.set(i, connect("", ids[i]));
                }
            }
        }
        for (int i = 0; i < ids.length; i++) {
            EventClient reader = present.get(i) == null ? connect("", ids[i]) : present.get(i);
            int before = got.get(i).size();
            await().atMost(SOON).until(() -> before + reader.count("transition") >= sent.size() || reader.answer().isDone());
            String id = leave(reader, got.get(i), ids[i]);
            while (got.get(i).size() < sent.size()) {
                // It was dropped as too slow, and goes on.
                EventClient next = connect("", id);
                int so = got.get(i).size();
                await().atMost(SOON).until(() -> so + next.count("transition") >= sent.size() || next.answer().isDone());
                id = leave(next, got.get(i), id);
            }
            assertEachOnceInOrder(got.get(i), sent);
        }
    }

    /** As after an outage. The ring holds 500, and those who have caught up have no more than 200 before them. */
    @Test
    void shouldReadOnceForManyReadersThatComeFromTheSamePlace() {
        start(new StreamSettings(600, 500, 16 << 20, Duration.ofSeconds(15), 2, 8 << 10));
        EventClient first = connect("", null);
        await().atMost(SOON).until(() -> first.lastId() != null);
        String early = first.lastId();
        List<String> sent = new ArrayList<>(send(1_000));
        await().atMost(SOON).until(() -> first.count("transition") == 1_000 || first.answer().isDone());
        long before = encoded.get();

        List<EventClient> readers = IntStream.range(0, 200).mapToObj(i -> connect("", early)).toList();
        for (int round = 0; round < 10; round++) {
            sent.addAll(send(20));
        }

        await().atMost(SOON).until(() -> readers.stream().allMatch(reader -> reader.count("transition") >= sent.size()));
        for (EventClient reader : readers) {
            assertThat(reader.count("transition")).isEqualTo(sent.size());
            assertThat(reader.count("gap")).isZero();
        }
        assertEachOnceInOrder(readers.get(0).events("transition"), sent);
        assertEachOnceInOrder(readers.get(199).events("transition"), sent);
        assertThat(encoded.get() - before).as("each for itself would be 200 times 1,000").isLessThan(20_000);
    }

    /** All that are there come back at once after a restart, and the ring is as large as the bounds allow. */
    @Test
    void shouldBeginWithAFullRing() {
        send(4_000);

        start(SETTINGS);

        await().atMost(SOON).until(() -> gauge("jobwatch_stream_events_total") >= 4_000);
    }

    /** {@return where to go on} */
    private static String leave(EventClient reader, List<Event> got, String id) {
        reader.close();
        synchronized (reader) {
            got.addAll(reader.events("transition"));
            assertThat(reader.count("gap")).isZero();
            return reader.lastId() == null ? id : reader.lastId();
        }
    }

    @Test
    void shouldTellOfWhatIsLostAndGoOnBehindIt() throws Exception {
        start(SHORT_RING);
        EventClient first = connect("", null);
        await().atMost(SOON).until(() -> first.lastId() != null);
        String early = first.lastId();
        send(60);
        await().atMost(SOON).until(() -> first.count("transition") == 60);
        first.close();
        removeAll();
        List<String> later = send(30);

        EventClient resumed = connect("", early);

        await().atMost(SOON).until(() -> resumed.count("transition") >= later.size());
        List<Event> events = resumed.blocks().stream().filter(event -> event.type() != null).toList();
        assertThat(events.get(0).type()).isEqualTo("gap");
        JsonNode gap = JSON.readTree(events.get(0).data());
        assertThat(gap.get("partitions")).hasSize(TestTopics.PARTITIONS);
        long lost = 0;
        for (JsonNode one : gap.get("partitions")) {
            lost += one.get("to").asLong() - one.get("from").asLong();
        }
        assertThat(lost).as("records, and the marks of their transactions").isBetween(60L, 66L);
        assertEachOnceInOrder(resumed.events("transition"), later);
        // The gap is behind it.
        EventClient again = connect("", resumed.lastId());
        await().atMost(SOON).until(() -> again.lastId() != null);
        assertThat(again.count("gap")).isZero();
    }

    @Test
    void shouldTellOpenReadersWhenTheTopicIsMadeAnew() throws Exception {
        start(SETTINGS);
        EventClient reader = connect("", null);
        await().atMost(SOON).until(() -> reader.lastId() != null);
        send(60);
        await().atMost(SOON).until(() -> reader.count("transition") == 60);
        String id = reader.lastId();
        topics.recreate(topics.names().jobTransitions());

        List<String> later = send(3);

        await().atMost(SOON).until(() -> reader.count("transition") == 63);
        assertThat(reader.count("gap")).isEqualTo(1);
        EventClient resumed = connect("", id);
        await().atMost(SOON).until(() -> resumed.count("transition") == 3);
        assertThat(resumed.count("gap")).isEqualTo(1);
        assertThat(JSON.readTree(resumed.events("gap").get(0).data()).at("/partitions/0/to").asLong()).isZero();
        assertEachOnceInOrder(resumed.events("transition"), later);
    }

    @Test
    void shouldDropAReaderThatDoesNotReadAndServeTheOthers() throws Exception {
        start(new StreamSettings(600, 2_000, 1 << 20, Duration.ofSeconds(15), 2, 64 << 10));
        EventClient good = connect("", null);
        try (Socket lazy = new Socket()) {
            lazy.setReceiveBufferSize(4 << 10);
            lazy.connect(new InetSocketAddress("127.0.0.1", server.port()));
            lazy.getOutputStream().write("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            await().atMost(SOON).until(() -> gauge("jobwatch_stream_readers") == 2);
            await().atMost(SOON).until(() -> good.lastId() != null);
            List<String> sent = new ArrayList<>();

            String padding = "x".repeat(20_000);
            for (int i = 0; i < 60 && gauge("jobwatch_stream_dropped_total") == 0; i++) {
                sent.addAll(send(20, padding));
                await().atMost(SOON).until(() -> good.count("transition") == sent.size());
            }

            await().atMost(SOON).until(() -> gauge("jobwatch_stream_dropped_total") == 1);
            assertThat(gauge("jobwatch_stream_readers")).isEqualTo(1);
            assertThat(sent.size()).as("buffers of the kernel and the ring, and no more").isBetween(50, 1_199);
            assertEachOnceInOrder(good.events("transition"), sent);
            assertThat(endOf(lazy)).isTrue();
        }
    }

    /** {@return whether the connection was ended by the other side} */
    private static boolean endOf(Socket socket) throws IOException {
        socket.setSoTimeout((int) SOON.toMillis());
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[64 << 10];
        try {
            while (in.read(buffer) >= 0) {
                continue;
            }
        } catch (SocketException reset) {
            return true;
        }
        return true;
    }

    @Test
    void shouldFilterAndTellThePositionAllTheSame() throws Exception {
        start(SHORT_RING);
        EventClient filtered = connect("?source=b&state=ERROR&state=FINISHED", null);
        await().atMost(SOON).until(() -> filtered.lastId() != null);
        String before = filtered.lastId();

        topics.send(List.of(transition("a", "1", JobState.ERROR, 1, ""), transition("b", "2", JobState.QUEUED, 1, ""),
                transition("b", "3", JobState.ERROR, 1, ""), transition("b", "4", JobState.FINISHED, 1, "")));

        await().atMost(SOON).until(() -> filtered.count("transition") == 2);
        assertThat(filtered.events("transition")).extracting(event -> JSON.readTree(event.data()).get("jobId").asText())
                .containsExactlyInAnyOrder("3", "4");
        JsonNode first = JSON.readTree(filtered.events("transition").get(0).data());
        assertThat(first.get("kind").asText()).isEqualTo("DISCOVERED");
        assertThat(first.get("occurredAt").asText()).isEqualTo("2026-11-22T12:00:00Z");
        // Keep-alives come every 200 ms, with a position that moves where nothing passes the filter, too.
        await().atMost(SOON).until(() -> filtered.blocks().stream().filter(event -> event.type() == null).count() > 3);
        topics.send(List.of(transition("a", "5", JobState.ERROR, 1, "")));
        String settled = filtered.lastId();
        await().atMost(SOON).until(() -> !filtered.lastId().equals(settled));
        assertThat(filtered.lastId()).isNotEqualTo(before);
        EventClient behind = connect("?source=a", filtered.lastId());
        await().atMost(SOON).until(() -> behind.lastId() != null);
        assertThat(behind.count("transition")).isZero();
    }

    @Test
    void shouldLeaveOutWhatCannotBeRead() {
        start(SHORT_RING);
        EventClient reader = connect("", null);
        await().atMost(SOON).until(() -> reader.lastId() != null);
        ProducerRecord<byte[], byte[]> bad = new ProducerRecord<>(topics.names().jobTransitions(), "s/1".getBytes(StandardCharsets.UTF_8),
                "nonsense".getBytes(StandardCharsets.UTF_8));

        topics.send(List.of(bad, transition("s", "1", JobState.QUEUED, 1, ""),
                new ProducerRecord<>(topics.names().jobTransitions(), bad.key(), null)));

        await().atMost(SOON).until(() -> gauge("jobwatch_stream_unreadable_total") == 2 && reader.count("transition") == 1);
        EventClient resumed = connect("", reader.blocks().get(0).id());
        await().atMost(SOON).until(() -> resumed.count("transition") == 1);
    }

    @Test
    void shouldKeepReadersWhileTheRegistryIsAway() throws Exception {
        removeAll();   // so that no schema is known from the ring's warm-up
        start(SHORT_RING);
        EventClient reader = connect("", null);
        await().atMost(SOON).until(() -> reader.lastId() != null);
        String before = reader.lastId();
        InMemorySchemaRegistry registry = (InMemorySchemaRegistry) topics.registry();
        registry.failWith(new RegistryException(RegistryException.Kind.UNAVAILABLE, "away"));
        try {
            topics.send(List.of(transition("s", "1", JobState.QUEUED, 1, "")));
            EventClient resumed = connect("", before);

            // Keep-alives come every 200 ms.
            await().atMost(SOON).until(() -> reader.blocks().size() > 8 && resumed.blocks().size() > 8);
            assertThat(reader.count("transition") + resumed.count("transition")).isZero();
            registry.failWith(null);

            await().atMost(SOON).until(() -> reader.count("transition") == 1 && resumed.count("transition") == 1);
        } finally {
            registry.failWith(null);
        }
    }

    @Test
    void shouldRefuseWhatIsNoPositionAndTooManyReaders() throws Exception {
        start(new StreamSettings(2, 100, 1 << 20, Duration.ofSeconds(15), 1, 64 << 10));
        String foreign = StreamPosition.encode(new TopicIdentity("other.job-transitions", 1, TestTopics.PARTITIONS),
                new long[TestTopics.PARTITIONS]);
        String wider = StreamPosition.encode(new TopicIdentity(topics.names().jobTransitions(), 1, 9), new long[9]);
        for (String id : List.of("garbage", "-1", "AAAA", foreign, wider)) {
            HttpResponse<String> refused = get("/api/v1/events", "Last-Event-ID", id);
            assertThat(refused.statusCode()).as(id).isEqualTo(400);
            assertThat(JSON.readTree(refused.body()).get("parameter").asText()).isEqualTo("Last-Event-ID");
        }
        assertThat(get("/api/v1/events?state=DONE").statusCode()).isEqualTo(400);
        assertThat(get("/api/v1/events?jobId=1").statusCode()).isEqualTo(400);
        HttpResponse<String> head = client.send(HttpRequest.newBuilder(URI.create(server.url() + "/api/v1/events"))
                .method("HEAD", HttpRequest.BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("Content-Type")).contains("text/event-stream");
        EventClient one = connect("", null);
        EventClient two = connect("", null);
        await().atMost(SOON).until(() -> one.lastId() != null && two.lastId() != null);

        HttpResponse<String> third = get("/api/v1/events");

        assertThat(third.statusCode()).isEqualTo(503);
        assertThat(third.headers().firstValue("Retry-After")).contains("5");
        one.close();
        // A connection that was closed is noticed when something is written to it.
        await().atMost(SOON).until(() -> {
            send(1);
            return gauge("jobwatch_stream_readers") < 2;
        });
    }

    @Test
    void shouldEndOpenStreamsWhenTheServerEnds() throws Exception {
        start(SETTINGS);
        List<EventClient> readers = IntStream.range(0, 20).mapToObj(i -> connect("", null)).toList();
        await().atMost(SOON).until(() -> readers.stream().allMatch(reader -> reader.lastId() != null));

        server.close();
        stream.close();

        for (EventClient reader : readers) {
            assertThat(reader.answer().get(SOON.toSeconds(), TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
        await().atMost(SOON).until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("jobwatch-stream")));
        assertThat(gauge("jobwatch_stream_readers")).isZero();
    }

    private void start(StreamSettings settings) {
        stream = new KafkaTransitionStream(topics.kafkaProps(), topics.names().jobTransitions(), topics.registry(), this::encode, metrics,
                Clock.systemUTC(), settings);
        server = QueryServer.start(new QueryConfig("127.0.0.1", 0), new Services(new FakeView(), (job, status) -> {
            throw new UnsupportedOperationException("nothing here explains");
        }, stream, metrics));
        stream.start();
        await().atMost(SOON).until(() -> get("/api/v1/events", "Last-Event-ID", "x").statusCode() == 400);
    }

    /** Leaves nothing in the topic, as retention does. */
    private static void removeAll() throws Exception {
        Map<TopicPartition, RecordsToDelete> deletion = new HashMap<>();
        for (int partition = 0; partition < TestTopics.PARTITIONS; partition++) {
            deletion.put(new TopicPartition(topics.names().jobTransitions(), partition), RecordsToDelete.beforeOffset(-1));
        }
        topics.admin().deleteRecords(deletion).all().get(20, TimeUnit.SECONDS);
    }

    private byte[] encode(JobTransition transition) {
        encoded.incrementAndGet();
        return EventJson.of(transition);
    }

    private EventClient connect(String query, String lastEventId) {
        EventClient reader = new EventClient(client, server.url() + "/api/v1/events" + query, lastEventId);
        clients.add(reader);
        return reader;
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path)).timeout(SOON);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private double gauge(String name) {
        return metrics.scrape().lines().filter(line -> line.startsWith(name + " ")).findFirst()
                .map(line -> Double.parseDouble(line.substring(name.length() + 1))).orElse(0.0);
    }

    private static void assertEachOnceInOrder(List<Event> events, List<String> sent) {
        List<String> got = new ArrayList<>();
        Map<String, Long> last = new HashMap<>();
        for (Event event : events) {
            try {
                JsonNode transition = JSON.readTree(event.data());
                String job = transition.get("jobId").asText();
                long sequence = transition.get("sequence").asLong();
                assertThat(last.getOrDefault(job, 0L)).as("order of " + job).isLessThan(sequence);
                last.put(job, sequence);
                got.add(job + "#" + sequence);
            } catch (IOException e) {
                throw new AssertionError("no JSON: " + event.data(), e);
            }
        }
        assertThat(got).containsExactlyInAnyOrderElementsOf(sent);
    }

    /** {@return what was sent: jobs of two transitions each} */
    private static List<String> send(int count) {
        return send(count, "");
    }

    private static List<String> send(int count, String padding) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String job = Integer.toString(jobs + i / 2);
            records.add(transition("s", job, i % 2 == 0 ? JobState.QUEUED : JobState.PROCESSING, i % 2 + 1, padding));
            sent.add(job + "#" + (i % 2 + 1));
        }
        jobs += (count + 1) / 2;
        topics.send(records);
        return sent;
    }

    private static List<ProducerRecord<byte[], byte[]>> transitions(int count) {
        return IntStream.range(0, count).mapToObj(i -> transition("s", "aborted-" + i, JobState.QUEUED, 1, "")).toList();
    }

    private static ProducerRecord<byte[], byte[]> transition(String source, String jobId, JobState state, long sequence, String padding) {
        return topics.record(topics.names().jobTransitions(), source + "/" + jobId, JobTransition.newBuilder().setSource(source)
                .setSourceType("ams-v2").setAccount("contoso").setJobId(jobId).setJobName("Job\n" + jobId + padding).setSequence(sequence)
                .setKind(TransitionKind.DISCOVERED).setCurrentState(state).setNativeState("Native").setSkippedStates(List.of())
                .setOccurredAt(Records.NOON).setObservedAt(Records.NOON).build());
    }
}
