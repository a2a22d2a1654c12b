package io.jobwatch.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jobwatch.config.ConfigException;
import io.jobwatch.event.ErrorDetail;
import io.jobwatch.registry.RegistryException.Kind;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a registry, or what stands in its place, may answer over a real connection: each is told apart and says what to do. */
class RegistryAnswersTest {
    private static final Schema SCHEMA = ErrorDetail.getClassSchema();
    private static final RegistryTimeouts SHORT =
            new RegistryTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofMillis(1));
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{\"id\": 7}";

    private static HttpSchemaRegistry client(URI url, RegistryTimeouts timeouts, Map<String, String> properties) {
        return new HttpSchemaRegistry(List.of(url), properties, timeouts, () -> 1);
    }

    private static RegistryException failure(URI url, RegistryTimeouts timeouts, Map<String, String> properties) {
        try (HttpSchemaRegistry registry = client(url, timeouts, properties)) {
            return catchThrowableOfType(RegistryException.class, () -> registry.register("a-value", SCHEMA));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        401 | {"error_code": 40101, "message": "Unauthorized"} | UNAUTHORIZED | check basic.auth.user.info or bearer.auth.token
        403 | {"error_code": 40301, "message": "no right"} | UNAUTHORIZED | no right; check basic.auth.user.info or bearer
        404 | {"error_code": 40401, "message": "Subject not found."} | NOT_FOUND | (error 40401) Subject not found.
        404 | {"error_code": 40402, "message": "Version not found."} | NOT_FOUND | (error 40402) Version not found.
        404 | {"error_code": 40403, "message": "Schema not found"} | NOT_FOUND | (error 40403) Schema not found
        404 | <html>nginx</html> | REJECTED | is the path of the address right?
        409 | {"error_code": 409, "message": "incompatible: NAME_MISMATCH"} | INCOMPATIBLE | incompatible: NAME_MISMATCH
        422 | {"error_code": 42201, "message": "Invalid schema: x"} | REJECTED | 422 (error 42201) Invalid schema: x
        429 | {"error_code": 429, "message": "slow down"} | UNAVAILABLE | 429 slow down
        500 | {"error_code": 50001, "message": "Error in the backend data store"} | UNAVAILABLE | Error in the backend data store
        503 | <html>down for maintenance</html> | UNAVAILABLE | 503
        200 | <html>welcome</html> | UNAVAILABLE | the answer is not JSON but text/html; is this a Schema Registry? Check schema
        200 | x\u0001\u0002y | UNAVAILABLE | the answer is not JSON
        301 | {} | REJECTED | redirects are not followed, configure the address it leads to
        """)
    void shouldSayWhatIsWrongWhereAndWhatToDo(int status, String body, Kind kind, String message) throws Exception {
        try (StubRegistry stub = new StubRegistry().answer(status, body, Map.of("Content-Type", "text/html"))) {
            RegistryException failure = failure(stub.url(), SHORT, Map.of());

            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure).hasMessageContaining(message)
                    .hasMessageStartingWith("POST " + stub.url() + "/subjects/a-value/versions: ").message().hasLineCount(1);
        }
    }

    @Test
    void shouldGiveTheWholeReasonOfARefusalInOneLineUpToALimit() throws Exception {
        String reason = "x".repeat(1_900);
        try (StubRegistry stub = new StubRegistry()
                .answer(409, "{\"error_code\": 409, \"message\": \"" + reason + "\\n\\tend\"}")
                .answer(409, "{\"error_code\": 409, \"message\": \"" + reason.repeat(2) + "\"}")) {
            assertThat(failure(stub.url(), SHORT, Map.of())).hasMessageContaining(reason + " end");
            assertThat(failure(stub.url(), SHORT, Map.of()).getMessage()).hasSizeLessThan(2_200).endsWith("x…");
        }
    }

    @Test
    void shouldSayThatTheConnectionWasClosedInsteadOfAnAnswer() throws Exception {
        try (RawRegistry closing = new RawRegistry((in, out) -> RawRegistry.request(in))) {
            RegistryException failure = failure(closing.url(), SHORT, Map.of());

            assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
            assertThat(failure).hasMessageContaining("the connection was closed before the whole answer");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"id\"",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"id\"",
        "HTTP/1.1 200",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "\u0015\u0003\u0001\u0000\u0002\u0002F",
    })
    void shouldNotTakeACutOrForeignAnswerForOne(String answer) throws Exception {
        try (RawRegistry cutting = new RawRegistry((in, out) -> {
            RawRegistry.request(in);
            out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
        })) {
            RegistryException failure = failure(cutting.url(), SHORT, Map.of("max.retries", "0"));

            assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
            assertThat(failure).hasMessageContaining(cutting.url().toString()).message().hasLineCount(1);
        }
    }

    @Test
    void shouldAskAgainWhereAConnectionThatWasKeptHasBeenClosedMeanwhile() throws Exception {
        try (RawRegistry halfClosing = new RawRegistry((in, out) -> {
            RawRegistry.request(in);
            out.write(bytes(OK));   // and closes, though HTTP/1.1 lets the client take the connection for open
        }); HttpSchemaRegistry registry = client(halfClosing.url(), SHORT, Map.of())) {
            for (int i = 0; i < 5; i++) {
                assertThat(registry.register("subject-" + i, SCHEMA)).isEqualTo(7);
            }
        }
    }

    @Test
    void shouldEndACallInTimeWhereTheAnswerTricklesOrNeverComes() throws Exception {
        RegistryTimeouts impatient =
                new RegistryTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofMillis(1));
        try (RawRegistry silent = new RawRegistry((in, out) -> in.transferTo(OutputStream.nullOutputStream()))) {
            assertThat(failure(silent.url(), impatient, Map.of("http.read.timeout.ms", "60000", "max.retries", "100")))
                    .hasMessageContaining("no whole answer within");
            assertThat(silent.connections()).isBetween(2, 4);
        }
    }

    @Test
    void shouldRepeatACallAsOftenAsItIsTold() throws Exception {
        try (StubRegistry stub = new StubRegistry().answer(503, "{}")) {
            failure(stub.url(), SHORT, Map.of("max.retries", "1"));
            assertThat(stub.asked()).hasSize(2);
            failure(stub.url(), SHORT, Map.of("max.retries", "0"));
            assertThat(stub.asked()).hasSize(3);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        Retry-After=1
        Retry-After=Sun, 01 Mar 2026 10:00:01 GMT;Date=Sun, 01 Mar 2026 10:00:00 GMT
        """)
    void shouldWaitAsLongAsTheRegistryAsks(String given) throws Exception {
        Map<String, String> headers = headers(given);
        // The server would replace a date of ours.
        String head = "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\nConnection: close\r\n"
                + String.join("", headers.entrySet().stream().map(header -> header.getKey() + ": " + header.getValue() + "\r\n").toList());
        List<Long> times = new CopyOnWriteArrayList<>();
        try (RawRegistry busy = new RawRegistry((in, out) -> {
            RawRegistry.request(in);
            times.add(System.nanoTime());
            out.write(bytes(times.size() == 1 ? head + "\r\n" : OK));
        }); HttpSchemaRegistry registry = client(busy.url(), SHORT, Map.of())) {
            assertThat(registry.register("a-value", SCHEMA)).isEqualTo(7);

            assertThat(Duration.ofNanos(times.get(1) - times.get(0))).isGreaterThanOrEqualTo(Duration.ofMillis(990));
        }
    }

    private static Map<String, String> headers(String given) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String header : given.split(";")) {
            headers.put(header.substring(0, header.indexOf('=')), header.substring(header.indexOf('=') + 1));
        }
        return headers;
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void shouldNotWaitWhereTheRegistryAsksForMoreTimeThanThereIs(int status) throws Exception {
        try (StubRegistry stub = new StubRegistry().answer(status, "{}", Map.of("Retry-After", "3600"))) {
            RegistryException failure = failure(stub.url(), SHORT, Map.of());

            assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
            assertThat(failure).hasMessageContaining("it asks to wait 3600 s");
            assertThat(stub.asked()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-1", "99999999999", "Sun, 01 Mar 2020 10:00:00 GMT"})
    void shouldNotStumbleOverARetryAfterThatSaysNothing(String value) throws Exception {
        try (StubRegistry stub = new StubRegistry().answer(503, "{}", Map.of("Retry-After", value)).answer(200, "{\"id\": 7}");
             HttpSchemaRegistry registry = client(stub.url(), SHORT, Map.of())) {
            assertThat(registry.register("a-value", SCHEMA)).isEqualTo(7);
        }
    }

    @Test
    void shouldAskTheNextAddressAtOnceWhereOneAsksToWait() throws Exception {
        try (StubRegistry busy = new StubRegistry().answer(429, "{}", Map.of("Retry-After", "3600"));
             StubRegistry free = new StubRegistry().answer(200, "{\"id\": 7}");
             HttpSchemaRegistry registry = new HttpSchemaRegistry(List.of(busy.url(), free.url()), Map.of(), SHORT)) {
            assertThat(registry.register("a-value", SCHEMA)).isEqualTo(7);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldWaitForAnAddressThatAsksForItThoughAnotherOneIsDead(boolean busyFirst) throws Exception {
        StubRegistry closed = new StubRegistry();
        closed.close();
        List<Long> times = new CopyOnWriteArrayList<>();
        String busyAnswer = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        try (RawRegistry busy = new RawRegistry((in, out) -> {
            RawRegistry.request(in);
            times.add(System.nanoTime());
            out.write(bytes(times.size() == 1 ? busyAnswer : OK));
        }); HttpSchemaRegistry registry = new HttpSchemaRegistry(
                busyFirst ? List.of(busy.url(), closed.url()) : List.of(closed.url(), busy.url()), Map.of("max.retries", "1"), SHORT)) {
            assertThat(registry.register("a-value", SCHEMA)).isEqualTo(7);

            assertThat(Duration.ofNanos(times.get(1) - times.get(0))).isGreaterThanOrEqualTo(Duration.ofMillis(990));
        }
    }

    @Test
    void shouldRepeatACallAtTheOthersWhereOneAsksForMoreTimeThanThereIs() throws Exception {
        try (StubRegistry busy = new StubRegistry().answer(429, "{}", Map.of("Retry-After", "3600"));
             StubRegistry sick = new StubRegistry().answer(503, "{}").answer(200, "{\"id\": 7}");
             HttpSchemaRegistry registry = new HttpSchemaRegistry(List.of(busy.url(), sick.url()), Map.of(), SHORT)) {
            assertThat(registry.register("a-value", SCHEMA)).isEqualTo(7);

            assertThat(busy.asked()).hasSize(1);
        }
    }

    /** To wait for the busy one left next to no time for the one that was well again after a moment. */
    @Test
    void shouldNotSpendTheCallWaitingForAnAddressWhileAnotherOneWouldAnswer() throws Exception {
        RegistryTimeouts twelveSeconds =
                new RegistryTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(3), Duration.ofSeconds(12), Duration.ofMillis(1));
        try (StubRegistry busy = new StubRegistry().answer(429, "{}", Map.of("Retry-After", "10"));
             StubRegistry sick = new StubRegistry().answer(503, "{}").answer(200, "{\"id\": 7}");
             HttpSchemaRegistry registry = new HttpSchemaRegistry(List.of(busy.url(), sick.url()), Map.of(), twelveSeconds)) {
            long began = System.nanoTime();
            assertThat(registry.register("a-value", SCHEMA)).isEqualTo(7);

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(9));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 301, 401, 403, 404, 409, 422, 429, 500})
    void shouldNeverShowASecret(int status) throws Exception {
        Map<String, String> properties = Map.of("request.header.X-Key", "s3cret-header");
        Map<String, String> token = Map.of("bearer.auth.token", "s3cret-token", "max.retries", "1");
        try (StubRegistry stub = new StubRegistry().answer(status, "<html>")) {
            URI withUser = URI.create("http://alice:s3cret-password@127.0.0.1:" + stub.port() + "/path/");
            for (RegistryException failure : List.of(failure(withUser, SHORT, properties), failure(stub.url(), SHORT, token))) {
                StringWriter trace = new StringWriter();
                failure.printStackTrace(new PrintWriter(trace));
                assertThat(trace.toString()).doesNotContain("s3cret", "alice", "YWxpY2U6");
            }
            try (HttpSchemaRegistry registry = client(withUser, SHORT, properties)) {
                assertThat(registry).asString().doesNotContain("s3cret", "alice").contains("http://127.0.0.1:");
            }
        }
    }

    @Test
    void shouldNeverShowThePasswordOfAnAddressThatIsNone() {
        for (String url : List.of("http://alice:s3cret^@host:8081", "http://alice:s3/cret@host", "http://alice:s3@cret@host",
                "ftp://a:s3cret@h")) {
            Exception failure = catchThrowableOfType(ConfigException.class,
                    () -> new HttpSchemaRegistry(HttpSchemaRegistry.urls(url), Map.of()).close());

            assertThat(failure).as(url).hasMessageContaining("expected http(s)://host:port[/path]")
                    .message().doesNotContain("s3", "cret", "alice");
        }
    }
}
