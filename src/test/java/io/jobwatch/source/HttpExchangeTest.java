package io.jobwatch.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.jobwatch.config.AuthConfig;
import io.jobwatch.config.ConfigException;
import io.jobwatch.config.Secret;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.config.StartFrom;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HttpExchangeTest {

    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Duration SHORT = Duration.ofMillis(700);
    private static final Duration AMPLE = Duration.ofSeconds(30);
    private static final String OK = "HTTP/1.1 200 OK\r\nConnection: close\r\n";

    @Test
    void shouldGiveTheWholeAnswer() throws Exception {
        try (HostileServer server = HostileServer.status(200, "Date: Sun, 01 Mar 2026 09:59:58 GMT\r\n", "{\"a\":\"ü\"}")) {
            HttpAnswer answer = get(server, AMPLE, new AuthConfig.None());
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.json().path("a").textValue()).isEqualTo("ü");
            assertThat(answer.date()).contains(Instant.parse("2026-03-01T09:59:58Z"));
        }
    }

    @Test
    void shouldSendTheCredentialsOfEachKind() throws Exception {
        try (HostileServer server = HostileServer.status(200, "", "{}")) {
            get(server, AMPLE, new AuthConfig.None());
            get(server, AMPLE, new AuthConfig.Bearer(new Secret("t0ken")));
            get(server, AMPLE, new AuthConfig.Basic("anna", new Secret("pä:ss")));
            get(server, AMPLE, new AuthConfig.Headers(Map.of("X-Api-Key", new Secret("k3y"))));
            get(server, AMPLE, new AuthConfig.SlurmJwt("alice", new Secret("j.w.t")));
            assertThat(server.requests().get(0)).startsWith("GET /api/Jobs HTTP/1.1\n").doesNotContainIgnoringCase("authorization");
            assertThat(server.requests().get(1)).contains("Authorization: Bearer t0ken\n");
            assertThat(server.requests().get(2)).contains("Authorization: Basic YW5uYTpww6Q6c3M=\n");
            assertThat(server.requests().get(3)).contains("X-Api-Key: k3y\n");
            assertThat(server.requests().get(4)).contains("X-SLURM-USER-NAME: alice\n", "X-SLURM-USER-TOKEN: j.w.t\n");
        }
    }

    @Test
    void shouldEndAStalledBodyAtTheDeadlineAndDropTheConnection() throws Exception {
        try (HostileServer server = new HostileServer(connection -> {
            connection.send(OK + "Content-Length: 1000\r\n\r\n{");
            connection.closingWithin(60_000);
        })) {
            assertThat(failure(server, SHORT)).hasMessage(prefix(server) + "no complete answer within 700 ms");
            assertThat(server.droppedByClient()).isTrue();
        }
    }

    @Test
    void shouldEndADrippingBodyAtTheDeadline() throws Exception {
        try (HostileServer server = new HostileServer(connection -> {
            connection.send(OK + "Content-Length: 100000\r\n\r\n");
            while (!connection.closingWithin(20)) {
                connection.send(" ");
            }
        })) {
            assertThat(failure(server, SHORT)).hasMessageEndingWith("no complete answer within 700 ms");
            assertThat(server.droppedByClient()).isTrue();
        }
    }

    @Test
    void shouldEndAServiceThatAcceptsAndSaysNothing() throws Exception {
        try (HostileServer server = new HostileServer(connection -> connection.closingWithin(60_000))) {
            assertThat(failure(server, SHORT)).hasMessageEndingWith("no complete answer within 700 ms");
        }
    }

    @Test
    void shouldDropAnEndlessBodyAtTheLimit() throws Exception {
        try (HostileServer server = new HostileServer(connection -> {
            connection.send(OK + "\r\n");
            String block = "x".repeat(8192);
            while (!connection.closingWithin(0)) {
                connection.send(block);
            }
        })) {
            assertThat(failure(server, AMPLE)).hasMessage(prefix(server) + "the answer is larger than 100000 bytes");
            assertThat(server.droppedByClient()).isTrue();
        }
    }

    @Test
    void shouldNotReadABodyThatIsAnnouncedAsTooLarge() throws Exception {
        try (HostileServer server = new HostileServer(connection -> {
            connection.send(OK + "Content-Length: 100001\r\n\r\n");
            connection.closingWithin(60_000);
        })) {
            assertThat(failure(server, AMPLE)).hasMessageEndingWith("the answer is larger than 100000 bytes");
        }
    }

    @Test
    void shouldTakeABodyOfJustTheLimit() throws Exception {
        try (HostileServer server = HostileServer.status(200, "", "x".repeat(100_000))) {
            assertThat(get(server, AMPLE, new AuthConfig.None()).body()).hasSize(100_000);
        }
    }

    @Test
    void shouldTellThatABodyWasCutOff() throws Exception {
        try (HostileServer server = HostileServer.saying(OK, "Content-Length: 1000\r\n\r\n", "{\"value\":[")) {
            assertThat(failure(server, AMPLE)).hasMessageStartingWith(prefix(server) + "the answer was cut off (");
        }
        try (HostileServer chunked = HostileServer.saying(OK, "Transfer-Encoding: chunked\r\n\r\n", "40\r\n{\"value\":[")) {
            assertThat(failure(chunked, AMPLE)).hasMessageStartingWith(prefix(chunked) + "the answer was cut off (");
        }
        try (HostileServer mute = HostileServer.saying("")) {
            assertThat(failure(mute, AMPLE)).hasMessageStartingWith(prefix(mute) + "the answer was cut off (");
        }
    }

    @Test
    void shouldTellThatTheConnectionWasReset() throws Exception {
        try (HostileServer server = new HostileServer(connection -> {
            connection.send(OK + "Content-Length: 1000\r\n\r\n{");
            connection.socket().setSoLinger(true, 0);
        })) {
            assertThat(failure(server, AMPLE)).hasMessageMatching(".*: (the connection broke: Connection reset|the answer was cut off .*)");
        }
    }

    @Test
    void shouldTellThatNothingListens() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        URI nobody = URI.create("http://127.0.0.1:" + port + "/Jobs");
        assertThat(failure(nobody, AMPLE, new AuthConfig.None())).hasMessageStartingWith("GET " + nobody + ": no connection");
    }

    @Test
    void shouldTellThatAHostIsNotKnown() {
        URI nowhere = URI.create("http://nowhere.invalid/Jobs");
        assertThat(failure(nowhere, AMPLE, new AuthConfig.None())).hasMessage("GET " + nowhere
                + ": the host nowhere.invalid is not known: check the source's url");
    }

    @Test
    void shouldTellThatTlsFailed() throws Exception {
        try (HostileServer server = HostileServer.saying("HTTP/1.1 400 Bad Request\r\n\r\n")) {
            URI tls = URI.create(server.url().toString().replace("http:", "https:") + "/Jobs");
            assertThat(failure(tls, AMPLE, new AuthConfig.None())).hasMessageStartingWith("GET " + tls + ": TLS failed");
        }
    }

    @Test
    void shouldQuoteTheServicesOwnWords() throws Exception {
        String odata = "{\"odata.error\":{\"code\":\"\",\"message\":{\"lang\":\"en-US\",\"value\":\"Server is\\r\\nbusy\\u0007\"}}}";
        try (HostileServer server = HostileServer.status(503, "Retry-After: 7\r\n", odata)) {
            SourceException refused = refused(server);
            assertThat(refused).hasMessage(prefix(server) + "HTTP 503: Server is\\r\\nbusy\\u0007");
            assertThat(refused.retryAfter()).contains(Duration.ofSeconds(7));
        }
        try (HostileServer server = HostileServer.status(500, "", "x".repeat(5000))) {
            assertThat(refused(server)).hasMessage(prefix(server) + "HTTP 500: " + "x".repeat(200) + "…");
        }
        try (HostileServer server = HostileServer.status(502, "", "<html><head><title>502 Bad Gateway</title></head></html>")) {
            assertThat(refused(server)).hasMessage(prefix(server) + "HTTP 502: an HTML page titled \"502 Bad Gateway\"");
        }
        try (HostileServer server = HostileServer.status(500, "", "{\"errors\":[{\"error\":\"slurm_load_jobs\",\"error_number\":2017}]}")) {
            assertThat(refused(server)).hasMessage(prefix(server) + "HTTP 500: slurm_load_jobs");
        }
    }

    @Test
    void shouldPointToTheCredentialsAtA401() throws Exception {
        try (HostileServer server = HostileServer.status(401, "", "")) {
            assertThat(refused(server)).hasMessage(prefix(server) + "HTTP 401 (check the source's auth)");
        }
    }

    @Test
    void shouldReadRetryAfterAsADateByTheServicesClock() throws Exception {
        String later = "Retry-After: Sun, 01 Mar 2026 10:00:30 GMT\r\n";
        try (HostileServer server = HostileServer.status(429, later, "")) {
            assertThat(refused(server).retryAfter()).contains(Duration.ofSeconds(30));
        }
        try (HostileServer server = HostileServer.status(429, later + "Date: Sun, 01 Mar 2026 10:00:10 GMT\r\n", "")) {
            assertThat(refused(server).retryAfter()).contains(Duration.ofSeconds(20));
        }
    }

    @Test
    void shouldBoundRetryAfterAndIgnoreWhatIsNone() {
        assertThat(RetryAfter.parse("Sun, 01 Mar 2020 10:00:00 GMT", NOW)).contains(Duration.ZERO);
        assertThat(RetryAfter.parse("999999999", NOW)).contains(RetryAfter.MAX);
        assertThat(RetryAfter.parse("Fri, 31 Dec 9999 23:59:59 GMT", NOW)).contains(RetryAfter.MAX);
        assertThat(RetryAfter.parse("soon", NOW)).isEmpty();
        assertThat(RetryAfter.parse("-1", NOW)).isEmpty();
        assertThat(RetryAfter.parse("99999999999999999999", NOW)).isEmpty();
    }

    @Test
    void shouldRejectWhatIsNotJson() throws Exception {
        try (HostileServer server = HostileServer.status(200, "", "<!DOCTYPE html><html>sign in</html>")) {
            assertThat(notJson(server)).hasMessageContaining("HTML or XML instead of JSON");
        }
        try (HostileServer server = HostileServer.status(200, "", "  ")) {
            assertThat(notJson(server)).hasMessageContaining("an empty body instead of JSON");
        }
        try (HostileServer server = HostileServer.status(200, "", "{\"a\":1,\n oops}")) {
            assertThat(notJson(server)).hasMessageContaining("not valid JSON").hasMessageContaining("at line 2");
        }
        try (HostileServer server = HostileServer.status(200, "", "{} {}")) {
            assertThat(notJson(server)).hasMessageContaining("not valid JSON");
        }
        try (HostileServer server = HostileServer.status(200, "", "[".repeat(50_000))) {
            assertThat(notJson(server)).hasMessageContaining("not valid JSON").hasMessageContaining("depth");
        }
        try (HostileServer server = HostileServer.status(200, "Content-Encoding: gzip\r\n", "abc")) {
            assertThat(notJson(server)).hasMessageContaining("content encoding gzip");
        }
    }

    @Test
    void shouldNeverGoToAnotherHost() throws Exception {
        try (HostileServer other = HostileServer.status(200, "", "{}");
                HostileServer server = HostileServer.status(301, "Location: " + other.url() + "/api/?token=tell\r\n", "")) {
            HttpAnswer answer = get(server, AMPLE, new AuthConfig.Bearer(new Secret("t0ken")));
            assertThatThrownBy(answer::redirect).isInstanceOf(SourceException.class)
                    .hasMessageContaining("HTTP 301 sends to another host, " + other.url() + "/api/;").hasMessageNotContaining("tell");
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void shouldTellWhereARedirectWithinTheHostLeads() throws Exception {
        try (HostileServer server = HostileServer.status(301, "Location: /other/api/\r\n", "")) {
            assertThat(get(server, AMPLE, new AuthConfig.None()).redirect()).contains(URI.create(server.url() + "/other/api/"));
        }
        try (HostileServer server = HostileServer.status(301, "", "")) {
            HttpAnswer answer = get(server, AMPLE, new AuthConfig.None());
            assertThatThrownBy(answer::redirect).isInstanceOf(SourceException.class).hasMessageContaining("without a Location");
        }
        try (HostileServer server = HostileServer.status(301, "Location: http://[oops\r\n", "")) {
            HttpAnswer answer = get(server, AMPLE, new AuthConfig.None());
            assertThatThrownBy(answer::redirect).isInstanceOf(SourceException.class).hasMessageContaining("cannot be read");
        }
    }

    @Test
    void shouldKeepSecretsOutOfEveryMessage() throws Exception {
        String echo = "{\"message\":\"no such token: t0ps3cret\"}";
        try (HostileServer server = HostileServer.status(403, "", echo)) {
            URI uri = URI.create(server.url().toString().replace("http://", "http://user:pw@") + "/Jobs?api-key=k3y");
            HttpAnswer answer = exchange(AMPLE, new AuthConfig.Bearer(new Secret("t0ps3cret"))).get(uri, Map.of());
            StringWriter text = new StringWriter();
            answer.refused().printStackTrace(new PrintWriter(text));
            assertThat(text.toString()).contains("HTTP 403: no such token: ******").doesNotContain("t0ps3cret", "k3y", "pw@");
        }
    }

    @Test
    void shouldRefuseCredentialsThatCannotBeSentWithoutTellingThem() {
        assertThatThrownBy(() -> exchange(AMPLE, new AuthConfig.Bearer(new Secret("s3cret\n"))))
                .isInstanceOf(ConfigException.class).hasMessageStartingWith("source enc: auth: the header \"Authorization\" cannot be sent")
                .hasMessageNotContaining("s3cret").hasNoCause();
        assertThatThrownBy(() -> exchange(AMPLE, new AuthConfig.Headers(Map.of("Host", new Secret("s3cret")))))
                .isInstanceOf(ConfigException.class).hasMessageContaining("\"Host\"").hasMessageNotContaining("s3cret");
    }

    @Test
    void shouldGiveUpWhenInterrupted() throws Exception {
        try (HostileServer server = new HostileServer(connection -> connection.closingWithin(60_000))) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread poller = new Thread(() -> {
                try {
                    get(server, AMPLE, new AuthConfig.None());
                } catch (Exception e) {
                    thrown.set(e);
                }
            });
            poller.start();
            await().until(() -> !server.requests().isEmpty());
            poller.interrupt();
            poller.join();
            assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
            assertThat(server.droppedByClient()).isTrue();
        }
    }

    private static SourceException notJson(HostileServer server) throws Exception {
        HttpAnswer answer = get(server, AMPLE, new AuthConfig.None());
        return catchThrowableOfType(SourceException.class, answer::json);
    }

    private static SourceException refused(HostileServer server) throws Exception {
        HttpAnswer answer = get(server, AMPLE, new AuthConfig.None());
        return catchThrowableOfType(SourceException.class, answer::requireOk);
    }

    private static SourceException failure(HostileServer server, Duration deadline) {
        return failure(URI.create(server.url() + "/api/Jobs"), deadline, new AuthConfig.None());
    }

    private static SourceException failure(URI uri, Duration deadline, AuthConfig auth) {
        return catchThrowableOfType(SourceException.class, () -> {
            try (HttpExchange exchange = exchange(deadline, auth)) {
                exchange.get(uri, Map.of());
            }
        });
    }

    private static HttpAnswer get(HostileServer server, Duration deadline, AuthConfig auth) throws Exception {
        try (HttpExchange exchange = exchange(deadline, auth)) {
            return exchange.get(URI.create(server.url() + "/api/Jobs"), Map.of("Accept", "application/json"));
        }
    }

    private static HttpExchange exchange(Duration deadline, AuthConfig auth) {
        SourceConfig config = new SourceConfig("enc", "ams-v2", URI.create("http://127.0.0.1"), "contoso", Optional.empty(),
                SourceConfig.DEFAULT_POLL_INTERVAL, deadline, SourceConfig.DEFAULT_DETAILS_TIMEOUT, new StartFrom.Now(), auth);
        return new HttpExchange(config, 100_000, CLOCK, RequestLimits.alone(config));
    }

    private static String prefix(HostileServer server) {
        return "GET " + server.url() + "/api/Jobs: ";
    }
}
