package io.jobwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.jobwatch.source.FakeService;
import io.jobwatch.source.FakeService.Reply;
import io.jobwatch.source.FakeService.Request;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands against a server that speaks the API with prepared answers. */
@Timeout(60)
class CannedCommandsTest {
    private static final String DATE = "Sun, 22 Nov 2026 10:15:30 GMT";

    private final Deque<Reply> replies = new ArrayDeque<>();
    private FakeService service;

    @BeforeEach
    void start() throws Exception {
        service = new FakeService(request -> replies.size() > 1 ? replies.remove() : replies.peek());
    }

    @AfterEach
    void stop() throws Exception {
        service.close();
    }

    @Test
    void shouldListFailuresWithTheirFirstErrorAndGoOnAtTheCursor() throws Exception {
        answer("""
                {"items":[{"source":"s","jobId":"1","attempt":2,"observedAt":"2026-11-22T10:12:10.500Z","detailsAvailable":true,"tasks":[
                {"taskId":"t","errors":[{"code":"BadInput","message":"broken\\nfile"},{"code":"Other","message":""}]}]}],
                "nextCursor":"a+b"}""");
        answer("""
                {"items":[{"source":"s","jobId":"2","attempt":1,"observedAt":"2026-11-22T10:00:00Z","detailsAvailable":false,"tasks":[]},
                {"source":"s","jobId":"3","attempt":1,"observedAt":"2026-11-22T09:00:00Z","nativeReason":"OutOfMemory","tasks":[]}],
                "nextCursor":null}""");

        CommandRun failures = run("failures", "--source", "s", "--code", "Bad Input", "--since", "1d");

        assertThat(failures.err()).isEmpty();
        assertThat(failures.lines()).containsExactly(
                "SEEN                         AGO  KEY  ATTEMPT  CODE         MESSAGE",
                "2026-11-22 10:12:10Z  3 min 19 s  s/1        2  BadInput +1  broken\\nfile",
                "2026-11-22 10:00:00Z  15 min 30 s  s/2        1  -            (details not available)",
                "2026-11-22 09:00:00Z   1 h 15 min  s/3        1  -            OutOfMemory");
        assertThat(targets()).containsExactly("/api/v1/failures?source=s&code=Bad%20Input&since=1d&limit=50",
                "/api/v1/failures?source=s&code=Bad%20Input&since=1d&limit=49&cursor=a%2Bb");
    }

    @Test
    void shouldListActiveAlertsUnlessAllAreWished() {
        answer("""
                {"items":[{"source":"s","jobId":"1","jobName":null,"kind":"STUCK","active":true,"state":"QUEUED",
                "since":"2026-11-22T09:15:30Z","detectedAt":"2026-11-22T10:15:31Z","message":"queued for 1 h"},
                {"source":"t","jobId":null,"kind":"SOURCE_DOWN","active":false,"state":null,"since":"2026-11-22T10:00:30Z",
                "detectedAt":"2026-11-22T10:10:00Z","message":"answers again"}],"nextCursor":"x"}""");

        CommandRun alerts = run("alerts", "--kind", "stuck", "--limit", "2");

        assertThat(alerts.lines()).containsExactly(
                "KIND         ACTIVE  SINCE                    AGO  NOTICED               STATE   KEY  MESSAGE",
                "STUCK        yes     2026-11-22 09:15:30Z     1 h  2026-11-22 10:15:31Z  Queued  s/1  queued for 1 h",
                "SOURCE_DOWN  ended   2026-11-22 10:00:30Z  15 min  2026-11-22 10:10:00Z  -       t    answers again");
        assertThat(alerts.err()).contains("there are more: --limit N shows N");
        run("alerts", "--all", "--limit", "2");
        run("alerts", "--active", "--source", "t", "--limit", "2");
        assertThat(targets()).containsExactly("/api/v1/alerts?kind=STUCK&active=true&limit=2", "/api/v1/alerts?limit=2",
                "/api/v1/alerts?source=t&active=true&limit=2");
        replies.clear();
        answer("{\"items\":[],\"nextCursor\":null}");
        assertThat(run("alerts").out()).isEqualTo("no active alerts\n");
        assertThat(run("alerts", "--all").out()).isEqualTo("no alerts\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "null", value = {
        "10:15:29 | 10:15:29 |   1000 |  0 | 0 | ok",
        "10:13:50 | 10:15:29 |   1000 |  0 | 0 | ok",
        "10:13:48 | 10:15:29 |   1000 |  0 | 0 | silent",
        "10:13:48 | 10:15:29 |   5000 |  0 | 0 | ok",
        "10:15:29 | 10:14:31 |   1000 |  0 | 0 | ok",
        "10:15:29 | 10:14:29 |   1000 |  0 | 0 | late",
        "10:15:29 | 10:12:31 |  60000 |  0 | 0 | ok",
        "10:15:29 | 10:12:29 |  60000 |  0 | 0 | late",
        "10:15:29 | 10:15:29 |   1000 |  0 | 2 | bad items",
        "10:00:00 | 10:00:00 |   1000 |  0 | 2 | silent, bad items",
        "10:15:29 | 10:00:00 |   1000 |  4 | 0 | failed x4",
        "10:00:00 | 10:00:00 |   1000 |  4 | 0 | failed x4, silent",
        "10:15:29 | null     |   1000 |  0 | 0 | not polled yet",
        "10:00:00 | null     |   1000 |  0 | 0 | silent",
    })
    void shouldNotCallASourceFineThatNobodyPolls(String updated, String success, long interval, int failures, int bad, String health) {
        answer("{\"items\":[{\"source\":\"s\",\"updatedAt\":\"2026-11-22T" + updated + "Z\",\"lastSuccessAt\":"
                + (success == null ? "null" : "\"2026-11-22T" + success + "Z\"") + ",\"pollIntervalMillis\":" + interval
                + ",\"failuresInRow\":" + failures + ",\"badItems\":" + bad + "}]}");

        assertThat(run("sources").lines().get(1)).startsWith("s       " + health + "  ");
    }

    @Test
    void shouldNotCountTheTimeOfAJobThatHasEnded() {
        String job = """
                {"source":"s","jobId":"1","state":"%s","stateSince":"2026-11-22T10:00:30Z","endedAt":null,"lostAt":%s,"history":[
                {"state":"QUEUED","occurredAt":"2026-11-22T10:00:00Z","attempt":1},
                {"state":"%s","occurredAt":"2026-11-22T10:00:30Z","attempt":1}]}""";

        answer(job.formatted("FINISHED", "null", "FINISHED"));
        assertThat(run("job", "s/1").lines()).contains("  2026-11-22 10:00:00Z  Queued    30 s  1",
                "  2026-11-22 10:00:30Z  Finished     -  1");
        replies.clear();
        answer(job.formatted("PROCESSING", "\"2026-11-22T10:10:00Z\"", "PROCESSING"));
        assertThat(run("job", "s/1").lines()).contains("  state         Processing, lost", "  2026-11-22 10:00:30Z  Processing     -  1");
        replies.clear();
        answer(job.formatted("PROCESSING", "null", "PROCESSING"));
        assertThat(run("job", "s/1").lines()).contains("  state         Processing for 15 min",
                "  2026-11-22 10:00:30Z  Processing  15 min  1");
    }

    @Test
    void shouldExplainWhatWasDecidedOfEachObservation() throws Exception {
        String answer = """
                {"source":"s","jobId":"a/b","topic":"jobwatch.job-state-events","partition":3,"firstOffset":0,"readTo":9,"endOffset":9,
                "complete":true,"leftOut":0,"notes":["2 older ones are not listed.\\u001b[2J"],"observations":[
                {"topic":"jobwatch.job-state-events","partition":3,"offset":1,"writtenAt":null,"seen":{"observedAt":"2026-11-22T10:00:00Z",
                "attempt":1,"state":"QUEUED"},"decision":{"type":"CHANGED","kind":"DISCOVERED","previousState":null,"currentState":"QUEUED",
                "skippedStates":[],"sequence":1,"occurredAt":"2026-11-22T10:00:00Z"},"certain":true,"why":"the first look"},
                {"offset":2,"seen":{"observedAt":"2026-11-22T10:00:01Z","attempt":1,"state":"PROCESSING"},"decision":{"type":"CHANGED",
                "kind":"ADVANCED","previousState":"QUEUED","currentState":"PROCESSING","skippedStates":["SCHEDULED"],"sequence":null},
                "certain":false,"why":"a step forward"},
                {"offset":30,"seen":{"observedAt":"2026-11-22T10:00:02Z","attempt":1,"state":"QUEUED"},"decision":{"type":"DROPPED",
                "reason":"BACKWARD","kept":true},"certain":true,"why":"a stale read"},
                {"offset":31,"seen":null,"decision":{"type":"DEAD_LETTER","reason":"MALFORMED_VALUE"},"certain":true,"why":"no schema 7"},
                {"offset":32,"seen":{"observedAt":"2026-11-22T10:00:03Z","attempt":2,"state":"QUEUED"},"decision":{"type":"REFRESHED"},
                "certain":true,"why":"still Queued"},
                {"offset":33,"seen":{"observedAt":"2026-11-22T10:00:04Z","attempt":2,"state":"PAUSED"},"decision":{"type":"PUZZLED"},
                "certain":true,"why":""}]}""";
        answer(answer);

        CommandRun explained = run("explain", "s/a/b");

        assertThat(explained.out()).isEqualTo("""
                s/a/b, in jobwatch.job-state-events-3
                OFFSET  SEEN                  ATTEMPT  STATE         DECISION
                     1  2026-11-22 10:00:00Z        1  Queued        #1 -> Queued (discovered)
                      the first look
                     2  2026-11-22 10:00:01Z        1  Processing    Queued -> Processing (skipped Scheduled) (uncertain)
                      a step forward
                    30  2026-11-22 10:00:02Z        1  Queued        dropped: BACKWARD, kept in part
                      a stale read
                    31  -                           -  (unreadable)  dead letter: MALFORMED_VALUE
                      no schema 7
                    32  2026-11-22 10:00:03Z        2  Queued        newer facts
                      still Queued
                    33  2026-11-22 10:00:04Z        2  PAUSED        PUZZLED
                Note: 2 older ones are not listed.\\u001b[2J
                """);
        assertThat(targets()).containsExactly("/api/v1/jobs/s/a%2Fb/explain");
        assertThat(new ObjectMapper().readTree(run("explain", "s/a/b", "-o", "json").out())).isEqualTo(new ObjectMapper().readTree(answer));
    }

    @Test
    void shouldWaitForAChangeByLongPolls() {
        answer(job(4, "QUEUED"));
        answer(job(4, "QUEUED"));
        answer(job(5, "PROCESSING"));

        CommandRun job = run("job", "s/1", "--wait", "10m");

        assertThat(job.status()).as(job.err()).isZero();
        assertThat(job.out()).contains("state         Processing");
        assertThat(targets()).containsExactly("/api/v1/jobs/s/1", "/api/v1/jobs/s/1?wait=50000ms&sequence=4",
                "/api/v1/jobs/s/1?wait=50000ms&sequence=4");
    }

    @Test
    void shouldFailWhenAJobDoesNotChangeInTime() {
        answer(job(4, "QUEUED"));

        CommandRun job = run("job", "s/1", "--wait", "10ms");

        assertThat(job.status()).isEqualTo(1);
        assertThat(job.out()).contains("state         Queued");
        assertThat(job.err()).contains("the job did not change within the wait");
    }

    @Test
    void shouldWaitForAJobThatIsNotKnownYetAndForAServerThatComesBack() {
        replies.add(problem(404, "no job s/1 is known"));
        replies.add(problem(500, "the answer failed"));
        answer(job(1, "QUEUED"));

        CommandRun job = run("job", "s/1", "--wait", "5m");

        assertThat(job.status()).as(job.err()).isZero();
        assertThat(job.err()).contains("the answer failed; trying again until the wait is over");
        assertThat(targets()).last().isEqualTo(targets().get(1)).asString().endsWith("&sequence=0");
    }

    @Test
    void shouldWaitForAChangeAfterASequence() {
        answer(job(5, "QUEUED"));

        assertThat(run("job", "s/1", "--wait", "30s", "--sequence", "4").status()).isZero();
        assertThat(targets()).hasSize(1).first().asString().matches("/api/v1/jobs/s/1\\?wait=(30000|29\\d{3})ms&sequence=4");
    }

    private void answer(String json) {
        replies.add(Reply.json(json).with("X-Jobwatch-View-Lag", "0.1").with("Date", DATE));
    }

    private static String job(long sequence, String state) {
        return "{\"source\":\"s\",\"jobId\":\"1\",\"sequence\":" + sequence + ",\"state\":\"" + state + "\"}";
    }

    private static Reply problem(int status, String detail) {
        return new Reply(status, Map.of("Content-Type", "application/problem+json", "X-Jobwatch-View-Lag", "0.1"),
                "{\"status\":" + status + ",\"detail\":\"" + detail + "\"}");
    }

    private List<String> targets() {
        return service.requests().stream().map(Request::target).toList();
    }

    private CommandRun run(String... arguments) {
        return CommandRun.of(Stream.concat(Arrays.stream(arguments), Stream.of("--url", service.url().toString())).toArray(String[]::new));
    }
}
