package io.jobwatch.query.http;

import static io.jobwatch.query.Records.NOON;
import static io.jobwatch.query.Records.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jobwatch.config.QueryConfig;
import io.jobwatch.event.JobState;
import io.jobwatch.query.FakeView;
import io.jobwatch.query.JobExplainer;
import io.jobwatch.query.stream.TransitionReader;
import io.jobwatch.query.stream.TransitionStream;
import io.jobwatch.topology.Explanation;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits small enough to be reached. */
@Timeout(60)
class HttpLimitsTest {
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final int LARGE = 6 << 20;
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final FakeView VIEW = new FakeView();
    private static final String END = "Host: localhost\r\nConnection: close\r\n\r\n";

    private static final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();

    @BeforeAll
    static void fill() {
        VIEW.put(status("s", "1", JobState.QUEUED, NOON).build());
    }

    @AfterAll
    static void stop() {
        later.shutdownNow();
    }

    private static QueryServer start(HttpLimits limits, JobExplainer explainer) {
        return QueryServer.start(new QueryConfig("127.0.0.1", 0),
                TestServices.of(VIEW, explainer), Clock.systemUTC(), LONG, limits);
    }

    private static QueryServer start(HttpLimits limits) {
        return start(limits, (job, status) -> new Explanation(job, "t", 0, 0, 1, 1, List.of(), 0, true));
    }

    @ParameterizedTest
    @CsvSource({"/?a=, , 414", "'', 'X-Long: ', 431", "'', 'Host: localhost\r\nCookie: ', 431"})
    void shouldRefuseLongPathsAndHeaders(String path, String header, int status) throws IOException {
        try (QueryServer server = start(new HttpLimits(8, 100, 100, 2048, LONG, LONG, LONG))) {
            String request = "GET /health/live" + (path.isEmpty() ? "" : path + "a".repeat(3000)) + " HTTP/1.1\r\n"
                    + (header == null ? "" : header + "a".repeat(3000) + "\r\n") + END;

            assertThat(RawHttp.answer(server.port(), request)).startsWith("HTTP/1.1 " + status + " ")
                    .contains("application/problem+json", "2048 bytes").doesNotContainIgnoringCase("jetty");
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, 'Content-Length: 5', 413", "GET, 'Transfer-Encoding: chunked', 413", "POST, 'Content-Length: 5', 405",
        "GET, 'Content-Length: 0', 200", "GET, 'Content-Length: -1', 400", "GET, 'Content-Length: 99999999999999999999', 400",
        "GET, 'Content-Length: 5\r\nTransfer-Encoding: chunked', 400"})
    void shouldTakeNoBodies(String method, String header, int status) throws IOException {
        try (QueryServer server = start(HttpLimits.DEFAULT)) {
            String body = header.contains("chunked") ? "5\r\nhello\r\n0\r\n\r\n" : header.endsWith("5") ? "hello" : "";

            assertThat(RawHttp.answer(server.port(), method + " /api/v1/jobs HTTP/1.1\r\n" + header + "\r\n" + END + body))
                    .startsWith("HTTP/1.1 " + status + " ").doesNotContainIgnoringCase("jetty").doesNotContain("\tat ");
        }
    }

    @Test
    void shouldCloseConnectionsWhoseHeadersTrickle() throws Exception {
        try (QueryServer server = start(new HttpLimits(8, 100, 100, 8192, LONG, SHORT, LONG));
                Socket first = RawHttp.open(server.port()); Socket second = RawHttp.open(server.port());
                Socket silent = RawHttp.open(server.port()); Socket polite = RawHttp.open(server.port())) {
            ask(polite, "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
            readAnswer(polite);
            ask(second, "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
            readAnswer(second);
            ask(first, "GET /health/live HTTP/1.1\r\n");
            ask(second, "GET /health/live HTTP/1.1\r\n");

            for (Socket socket : List.of(first, second)) {
                // Each byte begins an idle timeout anew, so only the deadline of the headers ends this.
                await().pollInterval(Duration.ofMillis(20)).untilAsserted(() -> assertThat(isClosed(socket, "X")).isTrue());
            }
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            ask(polite, "GET /health/live HTTP/1.1\r\n" + END);
            assertThat(RawHttp.rest(polite)).as("an idle one is kept").startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void shouldCloseIdleConnectionsButNotThoseThatWaitForAnAnswer() throws Exception {
        JobExplainer slow = (job, status) -> {
            CountDownLatch done = new CountDownLatch(1);
            later.schedule(done::countDown, SHORT.toMillis() * 4, TimeUnit.MILLISECONDS);
            try {
                done.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new Explanation(job, "t", 0, 0, 1, 1, List.of(), 0, true);
        };
        try (QueryServer server = start(new HttpLimits(8, 100, 100, 8192, SHORT, SHORT, LONG), slow);
                Socket idle = RawHttp.open(server.port()); Socket waiting = RawHttp.open(server.port())) {
            ask(idle, "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
            ask(waiting, "GET /api/v1/jobs/s/1/explain HTTP/1.1\r\n" + END);

            assertThat(RawHttp.rest(idle)).startsWith("HTTP/1.1 200 ");
            assertThat(RawHttp.rest(waiting)).startsWith("HTTP/1.1 200 ").contains("\"observations\":[]");
        }
    }

    @Test
    void shouldAnswer503WhenTooManyRequestsAreInProgressButStillTellThatItLives() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        JobExplainer blocked = (job, status) -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new Explanation(job, "t", 0, 0, 1, 1, List.of(), 0, true);
        };
        try (QueryServer server = start(new HttpLimits(8, 100, 3, 8192, LONG, LONG, LONG), blocked)) {
            List<Socket> waiting = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Socket socket = RawHttp.open(server.port());
                waiting.add(socket);
                ask(socket, "GET /api/v1/jobs/s/1/explain HTTP/1.1\r\n" + END);
            }
            await().untilAsserted(() -> assertThat(RawHttp.answer(server.port(), "GET /api/v1/jobs HTTP/1.1\r\n" + END))
                    .startsWith("HTTP/1.1 503 ").contains("Retry-After: 1", "application/problem+json", "3 requests are in progress"));
            assertThat(RawHttp.answer(server.port(), "GET /health/live HTTP/1.1\r\n" + END)).startsWith("HTTP/1.1 200 ");

            release.countDown();

            for (Socket socket : waiting) {
                assertThat(RawHttp.rest(socket)).startsWith("HTTP/1.1 200 ");
                socket.close();
            }
            assertThat(RawHttp.answer(server.port(), "GET /api/v1/jobs HTTP/1.1\r\n" + END)).startsWith("HTTP/1.1 200 ");
            // A connection is there until the server has noticed its end.
            await().untilAsserted(() -> assertThat(RawHttp.answer(server.port(), "GET /metrics HTTP/1.1\r\n" + END))
                    .containsPattern("jobwatch_query_refused_total\\{reason=\"requests\"} [1-9]").contains("jobwatch_query_connections 1.0"));
        }
    }

    @Test
    void shouldTakeNoMoreConnectionsThanTheMostAndMakeRoomByClosingIdleOnes() throws Exception {
        try (QueryServer server = start(new HttpLimits(8, 5, 100, 8192, LONG, LONG, LONG))) {
            List<Socket> open = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                Socket socket = RawHttp.open(server.port());
                open.add(socket);
                ask(socket, "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
                readAnswer(socket);
            }

            await().untilAsserted(() -> assertThat(RawHttp.answer(server.port(), "GET /health/live HTTP/1.1\r\n" + END))
                    .startsWith("HTTP/1.1 200 "));

            assertThat(open).anySatisfy(socket -> assertThat(socket.getInputStream().read()).isEqualTo(-1));
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    /** Whoever writes an answer waits for its client, so a few of these could hold all threads. */
    @Test
    void shouldTellThatItLivesThoughAsManyClientsAsThreadsReadNothing() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try (QueryServer server = startLarge(new HttpLimits(8, 100, 100, 8192, LONG, LONG, LONG))) {
            for (int i = 0; i < 8; i++) {
                silent.add(askAndReadNothing(server.port(), "/api/v1/jobs/s/large"));
            }
            await().untilAsserted(() -> assertThat(silent.stream().filter(socket -> isClosed(socket, "X")))
                    .as("half of the threads wait, those beyond make room").hasSize(4));

            assertThat(RawHttp.answer(server.port(), "GET /health/live HTTP/1.1\r\n" + END)).startsWith("HTTP/1.1 200 ");
            assertThat(RawHttp.answer(server.port(), "GET /api/v1/summary HTTP/1.1\r\n" + END)).startsWith("HTTP/1.1 200 ");
        }
        for (Socket socket : silent) {
            socket.close();
        }
    }

    @Test
    void shouldCutOffClientsThatReadTooSlowlyButNotThoseOfAStream() throws Exception {
        try (QueryServer server = startLarge(new HttpLimits(8, 100, 100, 8192, LONG, LONG, SHORT));
                Socket stream = askAndReadNothing(server.port(), "/api/v1/events");
                Socket slow = askAndReadNothing(server.port(), "/api/v1/jobs/s/large")) {
            await().untilAsserted(() -> assertThat(isClosed(slow, "X")).isTrue());

            assertThat(stream.getInputStream().readNBytes(LARGE)).hasSize(LARGE);
        }
    }

    /** A job and a stream of events that no buffers on the way to a client can hold. */
    private static QueryServer startLarge(HttpLimits limits) {
        FakeView view = new FakeView();
        view.put(status("s", "large", JobState.QUEUED, NOON).setNativeState("x".repeat(LARGE)).build());
        TransitionStream flood = (filter, lastEventId, wakeUp) -> new TransitionReader() {
            private volatile boolean closed;

            @Override
            public Optional<byte[]> next() {
                return closed ? Optional.empty() : Optional.of((": " + "x".repeat(32_000) + "\n\n").getBytes(StandardCharsets.US_ASCII));
            }

            @Override
            public boolean ended() {
                return closed;
            }

            @Override
            public void close() {
                closed = true;
            }
        };
        return QueryServer.start(new QueryConfig("127.0.0.1", 0), TestServices.of(view, TestServices.of(view).explainer(), flood),
                Clock.systemUTC(), LONG, limits);
    }

    /** {@return a connection on which the answer has begun, and nothing more of it is read} */
    private static Socket askAndReadNothing(int port, String path) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        ask(socket, "GET " + path + " HTTP/1.1\r\n" + END);
        assertThat(socket.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 200");
        return socket;
    }

    private static void ask(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** An answer of a probe. */
    private static void readAnswer(Socket socket) throws IOException {
        StringBuilder answer = new StringBuilder();
        while (!answer.toString().endsWith("\"UP\"}")) {
            int next = socket.getInputStream().read();
            assertThat(next).as("%s", answer).isNotEqualTo(-1);
            answer.append((char) next);
        }
    }

    private static boolean isClosed(Socket socket, String byteToSend) {
        try {
            ask(socket, byteToSend);
            return socket.getInputStream().available() < 0;
        } catch (SocketException e) {
            return true;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
