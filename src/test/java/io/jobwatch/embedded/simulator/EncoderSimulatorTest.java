package io.jobwatch.embedded.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jobwatch.embedded.EmbeddedException;
import io.jobwatch.event.JobState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class EncoderSimulatorTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration LONG_ENOUGH = Duration.ofHours(2);

    private final HttpClient http = HttpClient.newHttpClient();
    private final ManualClock clock = new ManualClock("2026-03-01T10:00:00Z");

    @Test
    void shouldSayThatThePortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            SimulatorSettings settings = SimulatorSettings.of(1, 1, 1).withPort(taken.getLocalPort());

            assertThatThrownBy(() -> EncoderSimulator.start(settings)).isInstanceOf(EmbeddedException.class)
                    .hasMessageContaining("127.0.0.1:" + taken.getLocalPort()).hasMessageContaining("--port");
        }
    }

    @Test
    void shouldShowTheFirstJobAtOnceAndTheOthersAsTimeGoesBy() throws Exception {
        try (EncoderSimulator simulator = EncoderSimulator.start(SimulatorSettings.of(20, 1, 1), clock)) {
            assertThat(jobs(simulator, "")).hasSize(1).first().satisfies(job -> assertThat(job.path("State").intValue()).isZero());
            clock.advance(Duration.ofSeconds(2));
            assertThat(jobs(simulator, "").get(0).path("State").intValue()).isEqualTo(2);
            assertThat(simulator.allDone()).isFalse();
            clock.advance(LONG_ENOUGH);
            assertThat(jobs(simulator, "")).hasSize(20).allMatch(job -> Set.of(3, 4, 5).contains(job.path("State").intValue()));
            assertThat(simulator.allDone()).isTrue();
        }
    }

    @Test
    void shouldFollowTheTruthInEveryListing() throws Exception {
        try (EncoderSimulator simulator = EncoderSimulator.start(SimulatorSettings.of(40, 2, 1), clock)) {
            while (!simulator.allDone()) {
                List<JobHistory> truth = simulator.history();
                List<JsonNode> listed = jobs(simulator, "");
                assertThat(listed).hasSameSizeAs(truth);
                for (int i = 0; i < truth.size(); i++) {
                    assertThat(listed.get(i).path("Id").textValue()).isEqualTo(truth.get(i).jobId());
                    assertThat(listed.get(i).path("State").intValue()).isEqualTo(JobDocuments.code(truth.get(i).state()));
                    assertThat(instant(listed.get(i).path("Created"))).isEqualTo(truth.get(i).changes().get(0).at());
                }
                clock.advance(Duration.ofMillis(2500));
            }
        }
    }

    @Test
    void shouldTellTheSameHistoryForTheSameSeed() {
        SimulatorSettings settings = SimulatorSettings.of(60, 77, 3);
        try (EncoderSimulator one = EncoderSimulator.start(settings, clock);
                EncoderSimulator other = EncoderSimulator.start(settings, clock)) {
            clock.advance(Duration.ofSeconds(30));
            assertThat(one.history()).isEqualTo(other.history());
            clock.advance(LONG_ENOUGH);
            assertThat(one.history()).isEqualTo(other.history()).hasSize(60);
        }
    }

    @Test
    void shouldRunTheSameStoryFasterAtAHigherSpeed() {
        try (EncoderSimulator slow = EncoderSimulator.start(SimulatorSettings.of(30, 5, 1), clock);
                EncoderSimulator fast = EncoderSimulator.start(SimulatorSettings.of(30, 5, 10), clock)) {
            clock.advance(Duration.ofSeconds(20));
            assertThat(fast.allDone()).isTrue();
            assertThat(slow.allDone()).isFalse();
            clock.advance(LONG_ENOUGH);
            assertThat(fast.history()).extracting(JobHistory::path).isEqualTo(slow.history().stream().map(JobHistory::path).toList());
        }
    }

    @Test
    void shouldNotTakeBackWhatHappenedWhenTheClockIsSetBack() {
        try (EncoderSimulator simulator = EncoderSimulator.start(SimulatorSettings.of(5, 5, 1), clock)) {
            clock.advance(Duration.ofSeconds(10));
            List<JobHistory> before = simulator.history();
            clock.advance(Duration.ofSeconds(-9));
            assertThat(simulator.history()).isEqualTo(before);
        }
    }

    @Test
    void shouldTellErrorsInTheTasksOfAFailedJob() throws Exception {
        try (EncoderSimulator simulator = EncoderSimulator.start(SimulatorSettings.of(1, 3, 1), clock)) {
            clock.advance(LONG_ENOUGH);
            JobHistory truth = simulator.history().get(0);
            assertThat(truth.state()).isEqualTo(JobState.ERROR);
            assertThat(truth.errors()).isNotEmpty();
            List<JobHistory.TaskError> told = new ArrayList<>();
            for (JsonNode task : values(json(simulator, job(truth.jobId()) + "/Tasks", ""))) {
                for (JsonNode error : task.path("ErrorDetails")) {
                    told.add(new JobHistory.TaskError(task.path("Id").textValue(), error.path("Code").textValue(),
                            error.path("Message").textValue()));
                }
            }
            assertThat(told).isEqualTo(truth.errors());
        }
    }

    @Test
    void shouldSpeakTheVerboseShapeWhereItIsAccepted() throws Exception {
        try (EncoderSimulator simulator = EncoderSimulator.start(SimulatorSettings.of(1, 3, 1), clock)) {
            clock.advance(LONG_ENOUGH);
            String id = simulator.history().get(0).jobId();
            String verbose = "application/json;odata=verbose";
            JsonNode jobs = JSON.readTree(get(simulator, "/Jobs", "Accept", verbose).body());
            assertThat(jobs.at("/d/results/0/Id").textValue()).isEqualTo(id);
            assertThat(jobs.at("/d/results/0/__metadata/type").textValue()).endsWith(".Job");
            JsonNode one = JSON.readTree(get(simulator, job(id), "Accept", verbose).body());
            assertThat(one.at("/d/Id").textValue()).isEqualTo(id);
            JsonNode tasks = JSON.readTree(get(simulator, job(id) + "/Tasks", "Accept", verbose).body());
            assertThat(StreamSupport.stream(tasks.at("/d/results").spliterator(), false)
                    .mapToInt(task -> task.at("/ErrorDetails/results").size()).sum()).isPositive();
        }
    }

    @Test
    void shouldPageFilterAndSelect() throws Exception {
        try (EncoderSimulator simulator = EncoderSimulator.start(SimulatorSettings.of(1100, 3, 1), clock)) {
            clock.advance(LONG_ENOUGH);
            assertThat(jobs(simulator, "?$top=5000")).hasSize(1000);
            assertThat(jobs(simulator, "?$skip=1000&$top=1000")).hasSize(100);
            List<JobHistory> failed = simulator.history().stream().filter(job -> job.state() == JobState.ERROR).toList();
            assertThat(jobs(simulator, "?" + filter("State eq 4"))).extracting(job -> job.path("Id").textValue())
                    .containsExactlyElementsOf(failed.stream().map(JobHistory::jobId).toList());
            String since = "datetime'2026-03-01T11:00:00'";
            assertThat(jobs(simulator, "?" + filter("(State eq 4 or State eq 5) and Created ge " + since)))
                    .isNotEmpty().allMatch(job -> !instant(job.path("Created")).isBefore(Instant.parse("2026-03-01T11:00:00Z")));
            assertThat(jobs(simulator, "?$top=1&$select=Id,State").get(0).fieldNames()).toIterable().containsExactly("Id", "State");
        }
    }

    @Test
    void shouldRefuseWhatTheServiceDoesNotSupport() throws Exception {
        try (EncoderSimulator simulator = EncoderSimulator.start(SimulatorSettings.of(1, 3, 1), clock)) {
            for (String query : List.of("$inlinecount=allpages", "$expand=Tasks", "$top=-1", "$skip=x", filter("State like 4"),
                    filter("State eq"), filter("Shape eq 4"), filter("State eq 'x'"), filter("(State eq 4"),
                    filter("Created ge datetime'x'"))) {
                HttpResponse<String> answer = get(simulator, "/Jobs?" + query);
                assertThat(answer.statusCode()).as(query).isEqualTo(400);
                assertThat(JSON.readTree(answer.body()).at("/odata.error/message/value").textValue()).as(query).isNotEmpty();
            }
            assertThat(get(simulator, "/Jobs", "x-ms-version", "latest").statusCode()).isEqualTo(400);
            assertThat(get(simulator, "/Jobs", "Accept", "application/xml").statusCode()).isEqualTo(406);
            assertThat(get(simulator, job("nb:jid:UUID:none")).statusCode()).isEqualTo(404);
            assertThat(get(simulator, "/Assets").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void shouldLetInOnlyWhoeverHasTheToken() throws Exception {
        try (EncoderSimulator simulator = EncoderSimulator.start(SimulatorSettings.of(1, 3, 1).withBearerToken("s3cret"), clock)) {
            assertThat(get(simulator, "/Jobs").statusCode()).isEqualTo(401);
            assertThat(get(simulator, "/Jobs", "Authorization", "Bearer other").statusCode()).isEqualTo(401);
            assertThat(get(simulator, "/Jobs", "Authorization", "Bearer s3cret").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void shouldSendWhoeverCallsTheRootToTheAccount() throws Exception {
        try (EncoderSimulator simulator = EncoderSimulator.start(SimulatorSettings.of(1, 3, 1).withRootRedirects(), clock)) {
            HttpResponse<String> answer = get(simulator, "/Jobs");
            assertThat(answer.statusCode()).isEqualTo(301);
            assertThat(answer.headers().firstValue("Location")).hasValue(simulator.url() + "/api/");
            assertThat(get(simulator, "/").statusCode()).isEqualTo(301);
            assertThat(get(URI.create(simulator.url() + "/api/Jobs")).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void shouldAnswer503WithRetryAfter() throws Exception {
        try (EncoderSimulator simulator = struckBy(Fault.UNAVAILABLE)) {
            HttpResponse<String> answer = get(simulator, "/Jobs");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(answer.body()).contains("Server is busy");
        }
    }

    @Test
    void shouldAnswer500() throws Exception {
        try (EncoderSimulator simulator = struckBy(Fault.SERVER_ERROR)) {
            assertThat(get(simulator, "/Jobs").statusCode()).isEqualTo(500);
        }
    }

    @Test
    void shouldCutTheBody() {
        try (EncoderSimulator simulator = struckBy(Fault.CUT)) {
            assertThatThrownBy(() -> get(simulator, "/Jobs")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void shouldLetTheBodyDripAndYetComplete() throws Exception {
        try (EncoderSimulator simulator = struckBy(Fault.SLOW)) {
            List<byte[]> drops = new CopyOnWriteArrayList<>();
            HttpResponse<Void> answer = http.send(HttpRequest.newBuilder(URI.create(simulator.url() + "/Jobs")).build(),
                    BodyHandlers.ofByteArrayConsumer(part -> part.ifPresent(drops::add)));
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            drops.forEach(body::writeBytes);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(drops).hasSizeGreaterThan(10);
            assertThat(values(JSON.readTree(body.toByteArray()))).hasSize(1);
        }
    }

    @Test
    void shouldMixBadItemsAmongAllTheGoodOnes() throws Exception {
        try (EncoderSimulator simulator = EncoderSimulator.start(
                SimulatorSettings.of(50, 3, 1).withFaults(Set.of(Fault.BAD_ITEMS), 1.0), clock)) {
            clock.advance(LONG_ENOUGH);
            List<String> good = simulator.history().stream().map(JobHistory::jobId).toList();
            for (int i = 0; i < 10; i++) {
                List<String> ids = jobs(simulator, "").stream().map(job -> job.path("Id").asText()).toList();
                assertThat(ids).hasSize(51).containsAll(good);
            }
        }
    }

    @Test
    void shouldCloseWhileABodyDrips() throws Exception {
        EncoderSimulator simulator = struckBy(Fault.SLOW);
        HttpRequest request = HttpRequest.newBuilder(URI.create(simulator.url() + "/Jobs")).build();
        HttpResponse<InputStream> answer = http.send(request, BodyHandlers.ofInputStream());
        simulator.close();
        assertThatThrownBy(() -> answer.body().readAllBytes()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> get(simulator.url().resolve("/api/Jobs"))).isInstanceOf(IOException.class);
    }

    private EncoderSimulator struckBy(Fault fault) {
        return EncoderSimulator.start(SimulatorSettings.of(1, 3, 1).withFaults(Set.of(fault), 1.0), clock);
    }

    private List<JsonNode> jobs(EncoderSimulator simulator, String query) throws Exception {
        return values(json(simulator, "/Jobs", query));
    }

    private JsonNode json(EncoderSimulator simulator, String path, String query) throws Exception {
        HttpResponse<String> answer = get(simulator, path + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static List<JsonNode> values(JsonNode feed) {
        return StreamSupport.stream(feed.path("value").spliterator(), false).toList();
    }

    private HttpResponse<String> get(EncoderSimulator simulator, String path, String... headers) throws Exception {
        return get(URI.create(simulator.url() + path), headers);
    }

    private HttpResponse<String> get(URI uri, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static String job(String id) {
        return "/Jobs('" + URLEncoder.encode(id, StandardCharsets.UTF_8) + "')";
    }

    private static String filter(String text) {
        return "$filter=" + URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Instant instant(JsonNode date) {
        return LocalDateTime.parse(date.textValue()).toInstant(ZoneOffset.UTC);
    }
}
