package io.jobwatch.query.http;

import static io.jobwatch.query.Records.NOON;
import static io.jobwatch.query.Records.alert;
import static io.jobwatch.query.Records.report;
import static io.jobwatch.query.Records.source;
import static io.jobwatch.query.Records.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jobwatch.config.QueryConfig;
import io.jobwatch.event.AlertKind;
import io.jobwatch.event.JobAlert;
import io.jobwatch.event.JobErrorReport;
import io.jobwatch.event.JobState;
import io.jobwatch.event.JobStatus;
import io.jobwatch.query.FakeView;
import io.jobwatch.query.QueryException;
import io.jobwatch.report.ReportText;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final FakeView view = new FakeView();
    private static QueryServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        server = QueryServer.start(new QueryConfig("127.0.0.1", 0), services(),
                Clock.fixed(NOON, ZoneOffset.UTC), Duration.ofSeconds(30));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void clear() {
        view.clear();
    }

    @Test
    void shouldAnswerAJobWithAllFieldsOfItsSchema() throws Exception {
        view.put(status("s", "1", JobState.QUEUED, NOON).setStartedAt(NOON.plusMillis(5)).build());

        HttpResponse<String> answer = get("/api/v1/jobs/s/1");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        JsonNode job = JSON.readTree(answer.body());
        Set<String> names = new HashSet<>();
        job.fieldNames().forEachRemaining(names::add);
        assertThat(names).isEqualTo(new HashSet<>(JobStatus.getClassSchema().getFields().stream().map(Schema.Field::name).toList()));
        assertThat(job.get("state").asText()).isEqualTo("QUEUED");
        assertThat(job.get("changedAt").asText()).isEqualTo("2026-11-22T12:00:00Z");
        assertThat(job.get("startedAt").asText()).isEqualTo("2026-11-22T12:00:00.005Z");
        assertThat(job.get("endedAt").isNull()).isTrue();
        assertThat(job.get("attempt").isInt()).isTrue();
        assertThat(job.at("/history/0/state").asText()).isEqualTo("QUEUED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nb:jid:UUID:1", "transform/job", "a b", "50%", "%2F", "a+b", "Größe😀", "../../etc", "..", ".", "a;b=c",
            "a?b#c", "a//b",
        "<script>", "report", "\"quoted\\", "line\nend", "/"})
    void shouldFindAnyJobIdInAPath(String jobId) throws Exception {
        view.put(status("s", jobId, JobState.ERROR, NOON).build());
        view.put(report("s", jobId, NOON, "X").build());

        HttpResponse<String> job = get("/api/v1/jobs/s/" + encode(jobId));
        HttpResponse<String> text = get("/api/v1/jobs/s/" + encode(jobId) + "/report");

        assertThat(job.statusCode()).as(job.body()).isEqualTo(200);
        assertThat(JSON.readTree(job.body()).get("jobId").asText()).isEqualTo(jobId);
        assertThat(text.statusCode()).isEqualTo(200);
        assertThat(text.body()).contains("Error Code: X");
    }

    @Test
    void shouldListTheNewestChangeFirstAndPageToTheEnd() throws Exception {
        for (int i = 0; i < 7; i++) {
            view.put(status("s", Integer.toString(i), JobState.QUEUED, NOON.plusSeconds(i)).build());
        }

        List<String> ids = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = json("/api/v1/jobs?limit=3&cursor=" + cursor);
            page.get("items").forEach(job -> ids.add(job.get("jobId").asText()));
            cursor = page.get("nextCursor").isNull() ? null : page.get("nextCursor").asText();
        } while (cursor != null);

        assertThat(ids).containsExactly("6", "5", "4", "3", "2", "1", "0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "source=a                          | 1 2",
        "source=b                          | 3",
        "source=nowhere                    | ''",
        "account=fabrikam                  | 3",
        "state=QUEUED                      | 1",
        "state=QUEUED&state=ERROR          | 1 3",
        "name=BUNNY                        | 1 2",
        "name=big%20b                      | 2",
        "changedSince=2026-11-22T11:59:00Z | 1 2",
        "changedSince=2026-11-22T12:59:00%2B01:00 | 1 2",
        "changedSince=1m                   | 1 2",
        "changedSince=2h                   | 1 2 3",
        "source=a&state=FINISHED&name=b    | 2",
        "source=&state=&name=&limit=       | 1 2 3",
    })
    void shouldFilterJobs(String query, String expected) throws Exception {
        view.put(status("a", "1", JobState.QUEUED, NOON).setJobName("Bunny").build());
        view.put(status("a", "2", JobState.FINISHED, NOON.minusSeconds(60)).setJobName("Big Bunny").build());
        view.put(status("b", "3", JobState.ERROR, NOON.minusSeconds(3600)).setJobName(null).setAccount("fabrikam").build());

        assertThat(ids("/api/v1/jobs?" + query)).isEqualTo(Arrays.stream(expected.split(" ")).filter(id -> !id.isEmpty()).toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "limit=0             | limit        | a number from 1 to 500",
        "limit=501           | limit        | a number from 1 to 500",
        "limit=many          | limit        | a number from 1 to 500",
        "limit=1&limit=2     | limit        | one value",
        "state=queued        | state        | QUEUED, SCHEDULED, PROCESSING, FINISHED, ERROR, CANCELED, CANCELING, UNKNOWN",
        "changedSince=soon   | changedSince | a time as 2026-11-22T10:15:30Z, or a duration before now as 90s, 15m, 12h or 7d",
        "changedSince=2026-11-22 | changedSince | a time as 2026-11-22T10:15:30Z, or a duration before now as 90s, 15m, 12h or 7d",
        "cursor=abc          | cursor       | the nextCursor of the page before, as it is",
        "sourec=a            | sourec       | source, account, state, name, changedSince, limit, cursor",
    })
    void shouldSayWhichParameterIsWrongAndWhatIsAllowed(String query, String parameter, String allowed) throws Exception {
        HttpResponse<String> answer = get("/api/v1/jobs?" + query);

        JsonNode problem = problem(answer, 400);
        assertThat(problem.get("parameter").asText()).isEqualTo(parameter);
        assertThat(problem.get("allowed").asText()).isEqualTo(allowed);
        assertThat(problem.get("detail").asText()).contains(parameter, allowed);
    }

    @Test
    void shouldAnswerTheReportAsTextOrAsJson() throws Exception {
        view.put(status("s", "1", JobState.ERROR, NOON).setAttempt(2).build());
        view.put(report("s", "1", NOON, "X").build());
        view.put(report("s", "1", NOON, "Y").setAttempt(2).build());

        HttpResponse<String> text = get("/api/v1/jobs/s/1/report");
        assertThat(text.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).isEqualToIgnoringCase("text/plain;charset=utf-8"));
        assertThat(text.body()).isEqualTo(ReportText.render(report("s", "1", NOON, "Y").setAttempt(2).build()));
        assertThat(get("/api/v1/jobs/s/1/report?attempt=1").body()).contains("Error Code: X");
        assertThat(get("/api/v1/jobs/s/1/report", "Accept", "text/html, */*;q=0.5").body()).contains("Error Code: Y");
        HttpResponse<String> json = get("/api/v1/jobs/s/1/report", "Accept", "text/plain;q=0.5, application/json");
        assertThat(json.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(JSON.readTree(json.body()).at("/tasks/0/errors/0/code").asText()).isEqualTo("Y");
    }

    @Test
    void shouldTellAnUnknownJobFromAMissingReport() throws Exception {
        view.put(status("s", "1", JobState.FINISHED, NOON).build());

        assertThat(problem(get("/api/v1/jobs/s/2"), 404).get("detail").asText()).contains("no job s/2");
        assertThat(problem(get("/api/v1/jobs/s/2/report"), 404).get("detail").asText()).contains("no job s/2");
        assertThat(problem(get("/api/v1/jobs/s/1/report"), 404).get("detail").asText()).contains("s/1 has no report");
        assertThat(problem(get("/api/v1/jobs/s/1/report?attempt=3"), 404).get("detail").asText()).contains("attempt 3");
        assertThat(problem(get("/api/v1/jobs/s/1/report?attempt=0"), 400).get("parameter").asText()).isEqualTo("attempt");
        problem(get("/api/v1/nothing"), 404);
        problem(get("/api/v1/jobs/s/a/b"), 404);
    }

    @Test
    void shouldSumUp() throws Exception {
        view.put(status("a", "1", JobState.QUEUED, NOON).build());
        view.put(status("a", "2", JobState.QUEUED, NOON.minusSeconds(5)).setJobName(null).build());
        view.put(status("b", "3", JobState.ERROR, NOON).build());
        view.put(report("b", "3", NOON, "X").build());

        JsonNode summary = json("/api/v1/summary");

        assertThat(summary.get("jobs").asInt()).isEqualTo(3);
        assertThat(summary.at("/states/QUEUED").asInt()).isEqualTo(2);
        assertThat(summary.at("/states/FINISHED").asInt()).isZero();
        assertThat(summary.get("sources")).hasSize(2);
        assertThat(summary.at("/sources/1/source").asText()).isEqualTo("b");
        assertThat(summary.at("/sources/1/states/ERROR").asInt()).isEqualTo(1);
        assertThat(summary.get("oldestQueued").toString())
                .isEqualTo("{\"source\":\"a\",\"jobId\":\"2\",\"jobName\":null,\"changedAt\":\"2026-11-22T11:59:55Z\"}");
        assertThat(summary.get("failures").toString()).isEqualTo("[{\"source\":\"b\",\"code\":\"X\",\"count\":1}]");
    }

    @Test
    void shouldListFailuresWithAllFieldsAndPageToTheEnd() throws Exception {
        for (int i = 0; i < 5; i++) {
            view.put(report("s", Integer.toString(i), NOON.plusSeconds(i), "X", "Y").build());
        }
        view.put(report("s", "canceled", NOON, "X").setState(JobState.CANCELED).build());

        List<String> ids = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = json("/api/v1/failures?code=X&limit=2&cursor=" + cursor);
            page.get("items").forEach(failure -> ids.add(failure.get("jobId").asText()));
            cursor = page.get("nextCursor").isNull() ? null : page.get("nextCursor").asText();
        } while (cursor != null);

        assertThat(ids).containsExactly("4", "3", "2", "1", "0");
        JsonNode failure = json("/api/v1/failures?limit=1").at("/items/0");
        assertThat(failure.fieldNames()).toIterable()
                .containsExactlyElementsOf(JobErrorReport.getClassSchema().getFields().stream().map(Schema.Field::name).toList());
        assertThat(failure.at("/tasks/0/errors/1/code").asText()).isEqualTo("Y");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "source=a                   | 1 2",
        "source=nowhere             | ''",
        "code=X                     | 1 3",
        "code=Y                     | 1 2",
        "code=x                     | ''",
        "source=a&code=X            | 1",
        "since=2026-11-22T11:59:00Z | 1 2",
        "since=2h                   | 1 2 3",
        "source=&code=&since=       | 1 2 3",
    })
    void shouldFilterFailures(String query, String expected) throws Exception {
        view.put(report("a", "1", NOON, "X", "Y").build());
        view.put(report("a", "2", NOON.minusSeconds(60), "Y").build());
        view.put(report("b", "3", NOON.minusSeconds(3600), "X").build());

        assertThat(ids("/api/v1/failures?" + query)).isEqualTo(Arrays.stream(expected.split(" ")).filter(id -> !id.isEmpty()).toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''                      | 1 null 2",
        "active=true             | 1 2",
        "active=false            | null",
        "source=b                | 2",
        "kind=STUCK              | 1",
        "kind=SOURCE_DOWN        | null",
        "kind=LOST&active=false  | ''",
        "active=&source=&kind=   | 1 null 2",
        "jobId=                  | 1 null 2",
        "source=a&jobId=1        | 1",
        "source=a&jobId=2        | ''",
        "source=a&jobId=1&active=false | ''",
        "source=b&jobId=2&kind=LOST    | 2",
        "source=b&jobId=2&kind=STUCK   | ''",
    })
    void shouldFilterAlerts(String query, String expected) throws Exception {
        view.put(alert("a", "1", AlertKind.STUCK, false, NOON.minusSeconds(1)).build());
        view.put(alert("a", "1", AlertKind.STUCK, true, NOON).build());
        view.put(alert("a", null, AlertKind.SOURCE_DOWN, false, NOON.minusSeconds(60)).build());
        view.put(alert("b", "2", AlertKind.LOST, true, NOON.minusSeconds(3600)).build());

        assertThat(ids("/api/v1/alerts?" + query)).isEqualTo(Arrays.stream(expected.split(" ")).filter(id -> !id.isEmpty()).toList());
    }

    @Test
    void shouldListAlertsWithAllFieldsAndPageToTheEnd() throws Exception {
        view.put(alert("a", "1", AlertKind.STUCK, true, NOON).build());
        view.put(alert("a", "1", AlertKind.LOST, true, NOON).build());

        JsonNode first = json("/api/v1/alerts?limit=1");
        JsonNode second = json("/api/v1/alerts?limit=1&cursor=" + first.get("nextCursor").asText());

        assertThat(first.at("/items/0").fieldNames()).toIterable()
                .containsExactlyElementsOf(JobAlert.getClassSchema().getFields().stream().map(Schema.Field::name).toList());
        assertThat(first.at("/items/0/kind").asText()).isEqualTo("LOST");
        assertThat(second.at("/items/0/kind").asText()).isEqualTo("STUCK");
        assertThat(second.get("nextCursor").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "failures?since=soon | since  | a time as 2026-11-22T10:15:30Z, or a duration before now as 90s, 15m, 12h or 7d",
        "failures?limit=501  | limit  | a number from 1 to 500",
        "failures?cursor=abc | cursor | the nextCursor of the page before, as it is",
        "failures?state=X    | state  | source, code, since, limit, cursor",
        "alerts?active=yes   | active | true, false",
        "alerts?kind=stuck   | kind   | UNSPECIFIED, STUCK, LOST, SOURCE_DOWN",
        "alerts?since=1h     | since  | active, source, jobId, kind, limit, cursor",
        "alerts?jobId=1      | jobId  | the id of a job, together with source",
    })
    void shouldSayWhatIsAllowedForFailuresAndAlerts(String query, String parameter, String allowed) throws Exception {
        JsonNode problem = problem(get("/api/v1/" + query), 400);

        assertThat(problem.get("parameter").asText()).isEqualTo(parameter);
        assertThat(problem.get("allowed").asText()).isEqualTo(allowed);
    }

    @Test
    void shouldListSources() throws Exception {
        view.put(source("b").setFailuresInRow(2).setFailure("timed out").build());
        view.put(source("a").build());

        JsonNode sources = json("/api/v1/sources");

        assertThat(sources.get("items")).extracting(source -> source.get("source").asText()).containsExactly("a", "b");
        assertThat(sources.at("/items/1/failure").asText()).isEqualTo("timed out");
        assertThat(sources.at("/items/0/lastPollAt").isNull()).isTrue();
    }

    @Test
    void shouldTellItsAgeOnEveryAnswerAndSayWhenItIsStale() throws Exception {
        view.put(status("s", "1", JobState.QUEUED, NOON).build());
        for (String path : List.of("/", "/console/main.js", "/metrics", "/health/live", "/api/v1/jobs", "/api/v1/jobs/s/1", "/api/v1/jobs/s/2",
                "/nothing")) {
            assertThat(get(path).headers().firstValue("X-Jobwatch-View-Lag")).as(path).contains("0.250");
            assertThat(get(path).headers().firstValue("X-Content-Type-Options")).as(path).contains("nosniff");
            assertThat(get(path).headers().firstValue("Cache-Control")).as(path).isPresent();
        }
        assertThat(json("/api/v1/jobs/s/1").has("stale")).isFalse();

        view.setLag(Duration.ofMillis(30_001));

        for (String path : List.of("/api/v1/jobs", "/api/v1/jobs/s/1", "/api/v1/summary", "/api/v1/sources")) {
            assertThat(json(path).get("stale").asBoolean()).as(path).isTrue();
        }
        assertThat(get("/api/v1/jobs").headers().firstValue("X-Jobwatch-View-Lag")).contains("30.001");
    }

    @Test
    void shouldSayThatItIsStaleWhileTheTopologyIsBehind() throws Exception {
        view.setProcessingLag(Duration.ofMillis(30_000));
        assertThat(json("/api/v1/jobs").has("stale")).isFalse();

        view.setProcessingLag(Duration.ofMillis(30_001));

        for (String path : List.of("/api/v1/jobs", "/api/v1/failures", "/api/v1/alerts", "/api/v1/summary", "/api/v1/sources")) {
            assertThat(json(path).get("stale").asBoolean()).as(path).isTrue();
        }
        assertThat(json("/api/v1/summary").get("viewLagSeconds").asText()).isEqualTo("0.25");
        assertThat(json("/api/v1/summary").get("processingLagSeconds").decimalValue()).isEqualByComparingTo("30.001");
        assertThat(get("/metrics").body()).contains("jobwatch_processing_lag_seconds 30.001");
    }

    @Test
    void shouldSayUpOrDown() throws Exception {
        assertThat(get("/health/ready").body()).isEqualTo("{\"status\":\"UP\"}");

        view.setReady(false);

        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
        assertThat(get("/health/ready").body()).isEqualTo("{\"status\":\"DOWN\"}");
        assertThat(get("/health/live").body()).isEqualTo("{\"status\":\"UP\"}");
        HttpResponse<String> answer = get("/api/v1/jobs");
        problem(answer, 503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
    }

    @Test
    void shouldShowMetrics() throws Exception {
        get("/api/v1/jobs");

        HttpResponse<String> answer = get("/metrics");

        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
        assertThat(answer.body()).contains("jobwatch_view_lag_seconds 0.25", "jobwatch_view_ready 1.0",
                "jobwatch_query_answers_seconds_count{route=\"/api/v1/jobs\",status=\"200\"}");
    }

    /** Paths hold ids, and whatever a client makes up. */
    @Test
    void shouldNameRoutesInMetricsAndNeverPaths() throws Exception {
        get("/api/v1/jobs/none/hidden-1");
        get("/api/v1/jobs/none/hidden-2/report");
        get("/hidden-3");
        get("/");
        get("/console/main.js");

        String shown = get("/metrics").body();

        assertThat(shown).doesNotContain("hidden-").contains(
                "jobwatch_query_answers_seconds_count{route=\"/api/v1/jobs/{source}/{jobId}\",status=\"404\"}",
                "jobwatch_query_answers_seconds_count{route=\"/api/v1/jobs/{source}/{jobId}/report\",status=\"404\"}",
                "jobwatch_query_answers_seconds_count{route=\"other\",status=\"404\"}",
                "jobwatch_query_answers_seconds_count{route=\"console\",status=\"200\"}",
                "jobwatch_processing_lag_records 7.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY"})
    void shouldRefuseEverythingButGetAndHead(String method) throws Exception {
        HttpResponse<String> answer = client.send(request("/api/v1/jobs").method(method, HttpRequest.BodyPublishers.noBody()).build(),
                HttpResponse.BodyHandlers.ofString());

        problem(answer, 405);
        assertThat(answer.headers().firstValue("Allow")).contains("GET, HEAD");
    }

    @Test
    void shouldAnswerHeadAsGetWithoutABody() throws Exception {
        view.put(status("s", "1", JobState.QUEUED, NOON).build());

        assertThat(head("/api/v1/jobs/s/1").statusCode()).isEqualTo(200);
        assertThat(head("/api/v1/jobs/s/1").body()).isEmpty();
        assertThat(head("/api/v1/jobs/s/2").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({"localhost, 200", "LOCALHOST:1234, 200", "127.0.0.1:8080, 200", "[::1]:80, 200", "evil.example, 421",
            "evil.example:8080, 421",
        "127.0.0.1.evil.example, 421", "localhost.evil.example, 421", "127.0.0.2:8080, 200", "128.0.0.1, 421", "[::2], 421"})
    void shouldAnswerOnlyThoseWhoMeanThisMachine(String host, int status) throws Exception {
        for (String path : List.of("/", "/api/v1/jobs", "/metrics")) {
            assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 " + status + " ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "nonsense\r\n\r\n",
        "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", "GET /api/v1/jobs?name=%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nSec-WebSocket-Version: 13\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n"})
    void shouldNotSayWhatItRunsOnWhateverTheRequest(String request) throws Exception {
        String answer = raw(request);

        assertThat(answer).startsWith("HTTP/1.1 4").contains("application/problem+json").doesNotContainIgnoringCase("jetty")
                .doesNotContainIgnoringCase("javalin").doesNotContain("\tat ").doesNotContainIgnoringCase("\r\nserver:");
    }

    @Test
    void shouldServeAPageThatLoadsNothingFromElsewhere() throws Exception {
        HttpResponse<String> page = get("/");

        assertThat(page.headers().firstValue("Content-Type")).hasValueSatisfying(type -> assertThat(type).startsWith("text/html"));
        assertThat(page.headers().firstValue("Content-Security-Policy")).hasValueSatisfying(policy -> assertThat(policy)
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'")
                .doesNotContain("unsafe"));
        assertThat(page.body()).doesNotContain("https://", "<style", "style=", "onclick");
        List<String> names = Pattern.compile("\"/(console/[^\"]+)\"").matcher(page.body()).results().map(found -> found.group(1)).toList();
        assertThat(names).contains("console/main.js", "console/console.css");
        assertThat(get("/console/dom.js").body()).doesNotContain("innerHTML", "insertAdjacentHTML", "document.write", "eval(");
        assertThat(get("/console/console.css").body()).doesNotContain("url(", "@import");
    }

    @Test
    void shouldServeEveryFileOfThePageOnceAndThenOnlyWhenItChanged() throws Exception {
        Path folder = Path.of(QueryServer.class.getResource("console").toURI());
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(file -> !file.endsWith("index.html")).toList()) {
                HttpResponse<String> answer = get("/console/" + file.getFileName());
                assertThat(answer.statusCode()).as("%s is in the list of files", file).isEqualTo(200);
                assertThat(answer.body()).isEqualTo(Files.readString(file)).doesNotContain("innerHTML", "insertAdjacentHTML", "document.write",
                        "eval(", "https://");
                String tag = answer.headers().firstValue("ETag").orElseThrow();
                assertThat(get("/console/" + file.getFileName(), "If-None-Match", tag).statusCode()).isEqualTo(304);
            }
        }
        assertThat(get("/console/../QueryServer.class").statusCode()).isEqualTo(404);
    }

    @Test
    void shouldSayWhenThePortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            QueryConfig config = new QueryConfig("127.0.0.1", taken.getLocalPort());

            assertThatThrownBy(() -> QueryServer.start(config, services()))
                    .isInstanceOfSatisfying(QueryException.class, e -> assertThat(e.portTaken()).isTrue())
                    .hasMessage("port " + taken.getLocalPort()
                    + " on 127.0.0.1 is taken, so nothing can be answered there: stop what listens there, or "
                            + "set query.port to another port (0 takes any free one)");
        }
    }

    @Test
    void shouldNotListenToOtherMachines() {
        assertThatThrownBy(() -> QueryServer.start(new QueryConfig("0.0.0.0", 0), services()))
                .isInstanceOf(QueryException.class).hasMessageContaining("query.auth.type is none").hasMessageContaining("jobwatch token")
                .hasMessageNotContaining("\n");
    }

    private static Services services() {
        return TestServices.of(view);
    }

    private List<String> ids(String path) throws Exception {
        List<String> ids = new ArrayList<>();
        json(path).get("items").forEach(item -> ids.add(item.get("jobId").asText()));
        return ids;
    }

    private JsonNode json(String path) throws Exception {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static JsonNode problem(HttpResponse<String> answer, int status) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = JSON.readTree(answer.body());
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("title").asText()).isNotEmpty();
        assertThat(problem.get("type").asText()).isEqualTo("about:blank");
        return problem;
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = request(path);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> head(String path) throws Exception {
        return client.send(request(path).method("HEAD", HttpRequest.BodyPublishers.noBody()).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path)).timeout(Duration.ofSeconds(20));
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** All but the unreserved characters of RFC 3986; dots too, as a client may take dot segments out of a path. */
    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace(".", "%2E");
    }
}
