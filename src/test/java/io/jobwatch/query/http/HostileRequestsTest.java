package io.jobwatch.query.http;

import static io.jobwatch.query.Records.NOON;
import static io.jobwatch.query.Records.report;
import static io.jobwatch.query.Records.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.jobwatch.config.QueryConfig;
import io.jobwatch.event.JobState;
import io.jobwatch.query.FakeView;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys, paths and parameters as no client would send them, on the wire as they are. */
class HostileRequestsTest {
    private static FakeView view;
    private static QueryServer server;

    @BeforeAll
    static void start() {
        view = new FakeView();
        view.put(status("s", "1", JobState.ERROR, NOON).build());
        view.put(report("s", "1", NOON, "X").build());
        server = QueryServer.start(new QueryConfig("127.0.0.1", 0), TestServices.of(view),
                Clock.fixed(NOON, ZoneOffset.UTC), Duration.ofSeconds(30));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "/", "//", "/a/", "a/../b", "..", ".", "../../etc/passwd", "nb:jid:UUID:1", ":", "100%", "%",
        "%2F", "%2f", "%25", "%00", "a b", " ", "\t", "a\r\nSet-Cookie: b", "Größe", "😀", "\u2028", "\u202e", "é", ";", "a;b=c", ";jsessionid=1", "a+b",
        "+", "\\", "..\\..", "?", "a?b=c", "#", "&", "=", "*", "{jobId}", "<*>", "<script>alert(1)</script>", "'\"", "report", "explain",
        "a/report", "a/explain", "~", "|", "^", "`", "[", "@", "!$'()*,", "\uffff", "ÿ"})
    void shouldFindAJobWhateverItsKey(String jobId) throws Exception {
        view.put(status("s", jobId, JobState.ERROR, NOON).build());
        view.put(report("s", jobId, NOON, "X").build());
        for (String encoded : List.of(everyByte(jobId), usual(jobId))) {
            for (String path : List.of("", "/report", "/explain")) {
                String target = "/api/v1/jobs/s/" + encoded + path;
                RawHttp.Answer answer = get(target);

                assertThat(answer.status()).as("%s: %s", target, answer).isEqualTo(200);
                assertThat(answer.json().get("jobId").asText()).as(target).isEqualTo(jobId);
                assertThat(answer.head()).doesNotContain("Set-Cookie");
            }
            assertThat(get("/api/v1/jobs/other/" + encoded).status()).isEqualTo(404);
            assertThat(get("/api/v1/jobs/s/" + encoded + "x").status()).isEqualTo(404);
        }
    }

    /** The one key that cannot be asked for: Jetty takes no NUL in a path, however it is written. */
    @Test
    void shouldRefuseANulInAPath() throws Exception {
        view.put(status("s", "a\0b", JobState.ERROR, NOON).build());

        RawHttp.Answer answer = get("/api/v1/jobs/s/a%00b");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.head()).contains("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/jobs/s/%", "/api/v1/jobs/s/%2", "/api/v1/jobs/s/%zz", "/api/v1/jobs/s/%C0%AF",
        "/api/v1/jobs/s/%ED%A0%80", "/api/v1/jobs/s/%FF", "/api/v1/jobs/s/a\\b", "/api/v1/jobs/s/ä", "/api/v1/jobs/s/\u0001", "/api/v1/jobs/s/../../../etc/passwd",
        "/api/v1/jobs/../jobs", "/api/v1/jobs/s/.", "/api/v1/jobs/s/..", "/api/v1/jobs/s/;", "/api/v1/jobs/s//", "/api/v1/jobs//1",
        "//api/v1/jobs", "/api/v1/jobs/s/%u0041", "http://evil.example/api/v1/jobs", "http://localhost/api/v1/jobs/%zz", "*", "api/v1/jobs",
        "/..", "/../", "/%2e%2e/", "/.;/api/v1/jobs", "/console/main.js/../../index.html", "/api/v1/jobs?name=%", "/api/v1/jobs?%=1",
        "/?\u0001", "/#a", "/api/v1/jobs/s/1 HTTP/1.1\r\nHost: localhost\r\n\r\nGET /", "/api/v1/jobs/\ud800"})
    void shouldAnswerOddPathsWithoutAnErrorOfItsOwn(String target) throws Exception {
        RawHttp.Answer answer = get(target);

        assertThat(answer.status()).as("%s: %s", target, answer).isLessThan(500);
        assertThat(answer.head() + answer.body()).doesNotContainIgnoringCase("jetty").doesNotContainIgnoringCase("javalin")
                .doesNotContain("\tat ", "Exception", "root:");
        if (answer.status() >= 400) {
            assertThat(answer.head()).contains("application/problem+json");
            assertThat(answer.json().get("status").asInt()).isEqualTo(answer.status());
        }
    }

    private static RawHttp.Answer get(String target) throws IOException {
        return RawHttp.get(server.port(), target);
    }

    private static String everyByte(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            encoded.append(String.format("%%%02x", b));
        }
        return encoded.toString();
    }

    /** As JavaScript's encodeURIComponent, but for dots, which clients take for steps in a path. */
    private static String usual(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("%7E", "~").replace("%21", "!")
                .replace("%27", "'").replace("%28", "(").replace("%29", ")").replace(".", "%2E");
    }
}
