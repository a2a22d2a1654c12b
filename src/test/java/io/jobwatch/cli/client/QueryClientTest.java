package io.jobwatch.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.jobwatch.cli.client.ClientException.Kind;
import io.jobwatch.config.Secret;
import io.jobwatch.config.TestKeys;
import io.jobwatch.embedded.Ports;
import io.jobwatch.source.FakeService;
import io.jobwatch.source.FakeService.Reply;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class QueryClientTest {
    private static final Target JOBS = Target.of("jobs");
    private static final Reply FINE = Reply.json("{\"items\":[]}").with("X-Jobwatch-View-Lag", "1.500");

    private final Deque<Reply> replies = new ArrayDeque<>();
    private final List<String> news = new ArrayList<>();
    private final List<Duration> pauses = new ArrayList<>();
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
    void shouldTellWhatWasAnsweredAndHowOldItIs() {
        replies.add(Reply.json("{\"stale\":true}").with("X-Jobwatch-View-Lag", "1.500").with("Date", "Sun, 22 Nov 2026 10:15:30 GMT"));

        Answer answer = client().get(JOBS.with("name", "ü"));

        assertThat(answer.stale()).isTrue();
        assertThat(answer.lag()).isEqualTo(Duration.ofMillis(1500));
        assertThat(answer.at()).isEqualTo("2026-11-22T10:15:30Z");
        assertThat(service.requests().get(0).target()).isEqualTo("/api/v1/jobs?name=%C3%BC");
        assertThat(service.requests().get(0).headers()).doesNotContainKey("Authorization");
    }

    @Test
    void shouldNotTakeTheTimeOfTheQuestionForThatOfALateAnswer() throws Exception {
        try (FakeService slow = new FakeService(request -> {
            long until = System.nanoTime() + Duration.ofMillis(1_100).toNanos();
            while (System.nanoTime() < until) {
                LockSupport.parkNanos(until - System.nanoTime());
            }
            return FINE.with("Date", "Sun, 22 Nov 2026 10:15:30 GMT");
        })) {
            QueryClient client = client(new Endpoint(slow.url(), Optional.empty(), Optional.empty()), Duration.ofSeconds(30));

            assertThat(client.get(JOBS, Duration.ofSeconds(2)).at()).isAfter("2026-11-22T10:15:31Z");
        }
    }

    @Test
    void shouldShowItsToken() {
        replies.add(FINE);

        client(Optional.of(new Secret("s3cret")), Duration.ofSeconds(20)).get(JOBS);

        assertThat(service.requests().get(0).headers()).containsEntry("Authorization", "Bearer s3cret");
    }

    @Test
    void shouldAskAgainWhileTheViewIsNotReady() {
        replies.add(problem(503, "the view is being read from the topics; try again soon").with("Retry-After", "1"));
        replies.add(problem(503, "the view is being read from the topics; try again soon").with("Retry-After", "2"));
        replies.add(FINE);

        client().get(JOBS);

        assertThat(pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertThat(news).hasSize(1).first().asString().contains("the view is being read from the topics", "asking again for");
    }

    @Test
    void shouldGiveUpWhenTheViewIsNotReadyInTime() {
        replies.add(problem(503, "the view is being read").with("Retry-After", "5"));

        ClientException failure = failure(client(Optional.empty(), Duration.ofSeconds(4)));

        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure).hasMessageContaining("the view is being read");
        assertThat(pauses).isEmpty();
    }

    @Test
    void shouldNotAskAgainWhatWasRefused() {
        replies.add(problem(500, "the answer failed"));

        assertThat(failure(client()).kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(service.requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "400 | USAGE | the parameter limit is 'x'",
        "401 | REFUSED | wants a token: give the file that holds it with --token-file",
        "404 | NOT_FOUND | the parameter limit is 'x'",
        "421 | REFUSED | refuses: the parameter limit is 'x'",
    })
    void shouldSayWhatAProblemMeans(int status, Kind kind, String message) {
        replies.add(problem(status, "the parameter limit is 'x'"));

        ClientException failure = failure(client());

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessageContaining(message);
    }

    @Test
    void shouldNotShowATokenThatIsRefused() {
        replies.add(problem(401, "no token that is valid"));

        assertThat(failure(client(Optional.of(new Secret("s3cret")), Duration.ofSeconds(20))))
                .hasMessageContaining("does not accept the token").hasMessageNotContaining("s3cret");
    }

    @Test
    void shouldNotFollowARedirectWithItsToken() {
        replies.add(Reply.status(302, "").with("Location", "http://127.0.0.2:1/steal"));

        assertThat(failure(client())).hasMessageContaining("it is elsewhere (http://127.0.0.2:1/steal)").hasMessageContaining("--url");
    }

    @ParameterizedTest
    @CsvSource({"200, text/html, X-Jobwatch-View-Lag", "200, application/json, X-Other", "404, text/html, X-Other", "403, '', X-Other"})
    void shouldNoticeThatItIsNotJobwatch(int status, String type, String header) {
        replies.add(new Reply(status, Map.of("Content-Type", type, header, "1"), "<html>It works!</html>"));

        assertThat(failure(client())).hasMessageContaining("is not jobwatch: is --url right?");
    }

    @Test
    void shouldSayThatAProxyCannotReachIt() {
        replies.add(new Reply(502, Map.of("Content-Type", "text/html"), "<html>Bad Gateway</html>"));

        assertThat(failure(client(Optional.empty(), Duration.ofMillis(900)))).hasMessageContaining("something in front of jobwatch");
    }

    @Test
    void shouldSayThatNothingListens() {
        Endpoint nothing = new Endpoint(URI.create("http://127.0.0.1:" + Ports.free()), Optional.empty(), Optional.empty());

        assertThat(failure(client(nothing, Duration.ofSeconds(20)))).hasMessageContaining("nothing answers at http://127.0.0.1:")
                .hasMessageContaining("jobwatch run");
    }

    @Test
    void shouldSayThatAHostIsNotKnown() {
        Endpoint unknown = new Endpoint(URI.create("http://no-such-host.invalid:8080"), Optional.empty(), Optional.empty());

        assertThat(failure(client(unknown, Duration.ofSeconds(50)))).hasMessageContaining("no-such-host.invalid is not known");
    }

    @Test
    void shouldEndWhenAnAnswerIsCutOffOrStalls() throws Exception {
        replies.add(FINE.with("Content-Length", "1000"));   // the connection ends
        assertThat(failure(client())).hasMessageContaining("broke");

        FakeService[] silent = new FakeService[1];
        try (FakeService stalling = new FakeService(request -> {
            silent[0].stall();
            return FINE;
        })) {
            silent[0] = stalling;
            Endpoint endpoint = new Endpoint(stalling.url(), Optional.empty(), Optional.empty());
            assertThat(failure(client(endpoint, Duration.ofMillis(300)))).hasMessageContaining("no complete answer within")
                    .hasMessageContaining("--timeout");
        }
    }

    @Test
    void shouldRefuseABodyWithoutEnd() {
        replies.add(FINE.with("Content-Length", Integer.toString(Body.MOST_BYTES + 1)));

        assertThat(failure(client()).kind()).isEqualTo(Kind.TOO_LARGE);
    }

    @Test
    void shouldNotReadJsonThatIsNone() {
        replies.add(Reply.json("{\"items\":[").with("X-Jobwatch-View-Lag", "0"));

        assertThat(failure(client())).hasMessageContaining("sent JSON that cannot be read");
    }

    @Test
    void shouldTrustTheCaOfAFileAndNobodyElse(@TempDir Path folder) throws Exception {
        TestKeys keys = TestKeys.make(folder, "server", "EC");
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(keys.server()));
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.getResponseHeaders().add("X-Jobwatch-View-Lag", "0");
            byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            URI url = URI.create("https://127.0.0.1:" + server.getAddress().getPort());
            Duration within = Duration.ofSeconds(30);
            assertThat(client(new Endpoint(url, Optional.empty(), Optional.of(keys.certificate())), within).get(JOBS).body()).isEmpty();
            assertThat(failure(client(new Endpoint(url, Optional.empty(), Optional.empty()), within)))
                    .hasMessageContaining("is not trusted: name the CA's with --ca-file");
            assertThat(failure(client(new Endpoint(URI.create("http://127.0.0.1:" + url.getPort()), Optional.empty(), Optional.empty()),
                    within))).hasMessageContaining("does it want https?");
        } finally {
            server.stop(0);
        }
        assertThatThrownBy(() -> client(new Endpoint(URI.create("https://127.0.0.1:1"), Optional.empty(),
                Optional.of(folder.resolve("none.crt"))), Duration.ofSeconds(1))).isInstanceOf(ClientException.class)
                .hasMessageContaining("--ca-file: cannot read");
    }

    @ParameterizedTest
    @CsvSource({"ftp://host", "127.0.0.1:8080", "http://user:pw@host", "http://host?x=1", "http://host/#f", "'http://ho st'", "http://",
        "''"})
    void shouldNotTakeAnythingElseForAnAddressNorRepeatIt(String text) {
        ClientException failure = catchThrowableOfType(ClientException.class, () -> Endpoint.url(text));

        assertThat(failure.kind()).isEqualTo(Kind.USAGE);
        assertThat(failure).hasMessageNotContaining("pw");
    }

    @Test
    void shouldKnowWhereATokenCouldBeRead() {
        Optional<Secret> token = Optional.of(new Secret("t"));

        assertThat(new Endpoint(Endpoint.url("http://10.1.2.3:8080/"), token, Optional.empty()).revealsToken()).isTrue();
        assertThat(new Endpoint(Endpoint.url("http://[::1]:8080"), token, Optional.empty()).revealsToken()).isFalse();
        assertThat(new Endpoint(Endpoint.url("https://10.1.2.3"), token, Optional.empty()).revealsToken()).isFalse();
        assertThat(new Endpoint(Endpoint.url("http://10.1.2.3:8080/"), Optional.empty(), Optional.empty()).revealsToken()).isFalse();
    }

    @Test
    void shouldAskForLessWhereAPageIsTooLarge() {
        List<Target> asked = new ArrayList<>();
        Pages pages = new Pages(target -> {
            asked.add(target);
            throw new ClientException(Kind.TOO_LARGE, "too large");
        }, JOBS, Long.MAX_VALUE);

        assertThatThrownBy(pages::next).isInstanceOf(ClientException.class);
        assertThat(asked).extracting(target -> target.under(URI.create("http://h")).getQuery())
                .containsExactly("limit=500", "limit=125", "limit=31", "limit=7", "limit=1");
    }

    private static Reply problem(int status, String detail) {
        return new Reply(status, Map.of("Content-Type", "application/problem+json", "X-Jobwatch-View-Lag", "0.1"),
                "{\"type\":\"about:blank\",\"title\":\"T\",\"status\":" + status + ",\"detail\":\"" + detail + "\"}");
    }

    private static ClientException failure(QueryClient client) {
        return catchThrowableOfType(ClientException.class, () -> client.get(JOBS));
    }

    private QueryClient client() {
        return client(Optional.empty(), Duration.ofSeconds(20));
    }

    private QueryClient client(Optional<Secret> token, Duration timeout) {
        return client(new Endpoint(service.url(), token, Optional.empty()), timeout);
    }

    private QueryClient client(Endpoint endpoint, Duration timeout) {
        return new QueryClient(endpoint, timeout, news::add, pauses::add, InstantSource.fixed(Instant.EPOCH));
    }
}
