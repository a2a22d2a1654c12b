package io.jobwatch.query.http;

import static io.jobwatch.query.Records.NOON;
import static io.jobwatch.query.Records.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jobwatch.config.QueryConfig;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStatus;
import io.jobwatch.query.FakeView;
import io.jobwatch.topic.JobKey;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobWaitTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SOON = Duration.ofSeconds(20);

    private final FakeView view = new FakeView();
    private final HttpClient client = HttpClient.newHttpClient();
    private QueryServer server;

    @BeforeEach
    void start() {
        server = QueryServer.start(new QueryConfig("127.0.0.1", 0), TestServices.of(view));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldAnswerWhenTheJobChanges() throws Exception {
        put("1", 3);
        CompletableFuture<HttpResponse<String>> answer = get("/api/v1/jobs/s/1?wait=60s");
        await().atMost(SOON).until(() -> view.watched() == 1);
        put("2", 9);
        assertThat(answer).isNotDone();
        view.setLag(Duration.ofMillis(125));

        put("1", 4);

        assertThat(sequence(answer)).isEqualTo(4);
        assertThat(answer.get().headers().firstValue("X-Jobwatch-View-Lag")).as("the age at the time of the answer").contains("0.125");
        assertThat(view.watched()).isZero();
    }

    @Test
    void shouldAnswerAtOnceWhatIsLaterAlready() throws Exception {
        put("1", 3);

        assertThat(sequence(get("/api/v1/jobs/s/1?wait=60s&sequence=2"))).isEqualTo(3);
        assertThat(view.watched()).isZero();
    }

    @Test
    void shouldNotTakeWhatIsKnownAlreadyForAChange() throws Exception {
        put("1", 3);
        CompletableFuture<HttpResponse<String>> answer = get("/api/v1/jobs/s/1?wait=60s&sequence=3");
        await().atMost(SOON).until(() -> view.watched() == 1);

        put("1", 3);   // other facts, the same state
        put("1", 4);

        assertThat(sequence(answer)).isEqualTo(4);
    }

    @Test
    void shouldWaitForAJobThatIsNotKnownYet() throws Exception {
        CompletableFuture<HttpResponse<String>> answer = get("/api/v1/jobs/s/new?wait=60s");
        await().atMost(SOON).until(() -> view.watched() == 1);

        put("new", 1);

        assertThat(sequence(answer)).isEqualTo(1);
    }

    @Test
    void shouldAnswerWhatIsKnownAtTheEndOfTheWait() throws Exception {
        put("1", 3);

        assertThat(sequence(get("/api/v1/jobs/s/1?wait=50ms"))).isEqualTo(3);
        problem(get("/api/v1/jobs/s/none?wait=50ms"), 404);
        assertThat(view.watched()).isZero();
    }

    @Test
    void shouldRefuseWhenTheViewIsLost() throws Exception {
        put("1", 3);
        CompletableFuture<HttpResponse<String>> answer = get("/api/v1/jobs/s/1?wait=60s");
        await().atMost(SOON).until(() -> view.watched() == 1);

        view.setReady(false);

        problem(answer, 503);
        assertThat(answer.get().headers().firstValue("Retry-After")).contains("1");
        problem(get("/api/v1/jobs/s/1?wait=60s"), 503);
        assertThat(view.watched()).isZero();
    }

    @Test
    void shouldAnswerAtOnceWhenTheServerEnds() throws Exception {
        put("1", 3);
        CompletableFuture<HttpResponse<String>> known = get("/api/v1/jobs/s/1?wait=60s");
        CompletableFuture<HttpResponse<String>> unknown = get("/api/v1/jobs/s/2?wait=60s");
        await().atMost(SOON).until(() -> view.watched() == 2);

        server.close();

        assertThat(sequence(known)).isEqualTo(3);
        problem(unknown, 404);
        assertThat(view.watched()).isZero();
    }

    /** There are 64 threads. */
    @Test
    void shouldLetManyMoreWaitThanThereAreThreads() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            answers.add(get("/api/v1/jobs/s/" + i + "?wait=60s"));
        }
        await().atMost(SOON).until(() -> view.watched() == 300);
        problem(get("/api/v1/jobs/s/other"), 404);

        for (int i = 0; i < 300; i++) {
            put(Integer.toString(i), i);
        }

        for (int i = 0; i < 300; i++) {
            assertThat(sequence(answers.get(i))).isEqualTo(i);
        }
    }

    @Test
    void shouldAnswerHeadAsGetWithoutABody() throws Exception {
        put("1", 3);
        HttpResponse<String> answer = client.send(request("/api/v1/jobs/s/1?wait=10ms").method("HEAD",
                HttpRequest.BodyPublishers.noBody()).build(), HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"wait=61s, wait", "wait=2m, wait", "wait=30, wait", "wait=-1s, wait", "wait=1s&wait=2s, wait", "wait=1s&sequence=x, sequence",
        "wait=1s&sequence=-1, sequence", "wait=1s&sequence=9999999999999999999, sequence", "sequence=1, sequence", "waits=1s, waits"})
    void shouldNameAWrongParameter(String query, String parameter) throws Exception {
        put("1", 3);

        JsonNode problem = problem(get("/api/v1/jobs/s/1?" + query), 400);

        assertThat(problem.get("parameter").asText()).isEqualTo(parameter);
        assertThat(problem.get("allowed").asText()).isNotEmpty();
    }

    @Test
    void shouldLimitTheNumberOfWaits() throws Exception {
        try (JobWaits waits = new JobWaits(view, Runnable::run, 2)) {
            CompletableFuture<Optional<JobStatus>> first = begin(waits, "1").orElseThrow();
            begin(waits, "2").orElseThrow();
            assertThat(begin(waits, "3")).isEmpty();

            put("1", 1);

            assertThat(first.get(1, TimeUnit.SECONDS)).map(JobStatus::getSequence).contains(1L);
            assertThat(begin(waits, "3")).isPresent();
        }
        assertThat(view.watched()).isZero();
    }

    @Test
    void shouldMissNoChangeBetweenLookingAndWaiting() throws Exception {
        FakeView between = new FakeView() {
            private int looks;

            @Override
            public Optional<JobStatus> job(JobKey key) {
                Optional<JobStatus> before = super.job(key);
                // The first look tells the sequence to wait from, the second that it is not reached yet.
                if (++looks == 2) {
                    put(status("s", "1", JobState.FINISHED, NOON).setSequence(2).build());
                }
                return before;
            }
        };
        between.put(status("s", "1", JobState.QUEUED, NOON).setSequence(1).build());
        try (JobWaits waits = new JobWaits(between, Runnable::run, 2)) {
            assertThat(begin(waits, "1").orElseThrow().get(5, TimeUnit.SECONDS)).map(JobStatus::getSequence).contains(2L);
        }
    }

    /** A client that had its answer, and asked again, could meet its own old wait and be refused. */
    @Test
    void shouldHoldNothingForAWaitWhoseAnswerIsThere() throws Exception {
        try (JobWaits waits = new JobWaits(view, Runnable::run, 1)) {
            CompletableFuture<Integer> held = begin(waits, "1").orElseThrow().thenApply(status -> view.watched() + waits.size());

            put("1", 1);

            assertThat(held.get(1, TimeUnit.SECONDS)).isZero();
        }
    }

    /** It was answered 500. */
    @Test
    void shouldAnswerAWaitThatBeginsJustWhenAllEnd() throws Exception {
        put("1", 3);
        AtomicReference<JobWaits> ending = new AtomicReference<>();
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1) {
            @Override
            public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
                ending.get().close();
                return super.schedule(task, delay, unit);
            }
        };
        try (JobWaits waits = new JobWaits(view, Runnable::run, 2, timer)) {
            ending.set(waits);

            assertThat(begin(waits, "1").orElseThrow().get(1, TimeUnit.SECONDS)).map(JobStatus::getSequence).contains(3L);

            assertThat(waits.size()).isZero();
            assertThat(view.watched()).isZero();
        }
    }

    private static Optional<CompletableFuture<Optional<JobStatus>>> begin(JobWaits waits, String job) {
        return waits.begin(new JobKey("s", job), OptionalLong.empty(), Duration.ofSeconds(60));
    }

    private void put(String jobId, long sequence) {
        view.put(status("s", jobId, JobState.QUEUED, NOON).setSequence(sequence).build());
    }

    private static long sequence(CompletableFuture<HttpResponse<String>> answer) throws Exception {
        HttpResponse<String> response = within(answer);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body()).get("sequence").asLong();
    }

    private static JsonNode problem(CompletableFuture<HttpResponse<String>> answer, int status) throws Exception {
        HttpResponse<String> response = within(answer);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        return JSON.readTree(response.body());
    }

    private static HttpResponse<String> within(CompletableFuture<HttpResponse<String>> answer) throws Exception {
        try {
            return answer.get(SOON.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("no answer", e);
        }
    }

    private CompletableFuture<HttpResponse<String>> get(String path) {
        return client.sendAsync(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path)).timeout(SOON);
    }
}
