package io.jobwatch.cli.doctor;

import static io.jobwatch.cli.doctor.Findings.only;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.jobwatch.config.AccessToken;
import io.jobwatch.config.QueryAuth;
import io.jobwatch.config.QueryConfig;
import io.jobwatch.config.QueryTls;
import io.jobwatch.config.TestKeys;
import io.jobwatch.embedded.Ports;
import io.jobwatch.source.FakeService;
import io.jobwatch.source.FakeService.Reply;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ApiExaminationTest {
    private static final InstantSource NOW = InstantSource.system();
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json", "X-Jobwatch-View-Lag", "75.5");

    @TempDir
    private Path folder;

    @Test
    void shouldFindAnswersThatAreStale() throws Exception {
        String summary = "{\"viewLagSeconds\": 75.5, \"processingLagSeconds\": 3.0, \"stale\": %s}";
        try (FakeService fresh = new FakeService(request -> new Reply(200, JSON, summary.formatted(false)));
             FakeService stale = new FakeService(request -> new Reply(200, JSON, summary.formatted(true)))) {
            assertThat(examine(fresh.url()).findings()).isEmpty();

            Finding finding = only(examine(stale.url()), Ailment.API_STALE);

            assertThat(finding.severity()).isEqualTo(Severity.FAIL);
            assertThat(finding.found()).isEqualTo("its answers are stale: the view is 1 min 15 s old, what it shows was processed "
                    + "up to 3 s ago");
        }
    }

    @Test
    void shouldTellNotReadyFromSomethingElse() throws Exception {
        try (FakeService starting = new FakeService(request -> new Reply(503, JSON, "{\"status\":\"DOWN\"}"));
             FakeService other = new FakeService(request -> new Reply(404, Map.of(), "no"))) {
            assertThat(only(examine(starting.url()), Ailment.API_NOT_READY).severity()).isEqualTo(Severity.FAIL);
            assertThat(only(examine(other.url()), Ailment.API_UNREACHABLE).found()).contains("status 404");
        }
    }

    @Test
    void shouldAskAnInstanceWithoutQueriesForItsHealthAlone() throws Exception {
        try (FakeService well = new FakeService(request -> new Reply(request.path().equals("/health/ready") ? 200 : 404, JSON, "{}"));
             FakeService starting = new FakeService(request -> new Reply(503, JSON, "{\"status\":\"DOWN\"}"))) {
            assertThat(health(well.url()).findings()).isEmpty();
            assertThat(well.requests()).hasSize(1);

            Finding finding = only(health(starting.url()), Ailment.API_NOT_READY);

            assertThat(finding.found()).isEqualTo("it lives, but its roles have not started");
        }
    }

    private static Result health(URI url) throws InterruptedException {
        return ApiExamination.ofHealth(new QueryConfig(url.getHost(), url.getPort()), NOW).examine();
    }

    @Test
    void shouldSayThatNothingAnswersAndWaitForNothingLong() throws Exception {
        assertThat(only(examine(URI.create("http://127.0.0.1:" + Ports.free())), Ailment.API_UNREACHABLE).found())
                .isEqualTo("nothing listens there");
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            assertThat(only(examine(URI.create("http://127.0.0.1:" + silent.getLocalPort())), Ailment.API_UNREACHABLE).found())
                    .isEqualTo("no answer within 5 s");
        }
    }

    /** Without a token only what is open is asked: that is no finding. */
    @Test
    void shouldAskNothingThatWantsATokenWithoutOne() throws Exception {
        try (FakeService ready = new FakeService(request -> request.path().equals("/health/ready")
                ? new Reply(200, JSON, "{}") : new Reply(401, JSON, "{}"))) {
            QueryConfig guarded = new QueryConfig("127.0.0.1", ready.url().getPort(),
                    new QueryAuth.Bearer(List.of(new AccessToken("ops", "0".repeat(64)))), Optional.empty(), false);

            assertThat(ApiExamination.ofQueries(guarded, Optional.empty(), NOW).examine().findings()).isEmpty();
            assertThat(ready.requests()).hasSize(1);
        }
    }

    @Test
    void shouldFindACertificateThatEndsAndOneThatIsNotTheServers() throws Exception {
        TestKeys shown = TestKeys.make(folder, "shown", "EC");
        TestKeys other = TestKeys.make(folder, "other", "EC");
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(shown.server()));
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        try {
            int port = server.getAddress().getPort();
            // The certificates of tests are good for two days.
            InstantSource before = () -> Instant.now().minus(Duration.ofDays(30));
            InstantSource after = () -> Instant.now().plus(Duration.ofDays(30));
            assertThat(examine(port, shown, before).findings()).as("whatever name it is made out for").isEmpty();

            assertThat(only(examine(port, shown, NOW), Ailment.CERTIFICATE_EXPIRES)).satisfies(soon -> {
                assertThat(soon.severity()).isEqualTo(Severity.WARN);
                assertThat(soon.found()).startsWith("the certificate expires in ");
            });
            assertThat(only(examine(port, shown, after), Ailment.CERTIFICATE_EXPIRES)).satisfies(expired -> {
                assertThat(expired.severity()).isEqualTo(Severity.FAIL);
                assertThat(expired.found()).startsWith("the certificate expired ");
            });
            assertThat(only(examine(port, other, before), Ailment.CERTIFICATE_DIFFERS).found())
                    .startsWith("the server shows another certificate");
        } finally {
            server.stop(0);
        }
    }

    private static Result examine(URI url) throws InterruptedException {
        return ApiExamination.ofQueries(new QueryConfig(url.getHost(), url.getPort()), Optional.empty(), NOW).examine();
    }

    private static Result examine(int port, TestKeys keys, InstantSource clock) throws InterruptedException {
        QueryConfig secured = new QueryConfig("0.0.0.0", port, new QueryAuth.None(),
                Optional.of(new QueryTls(keys.certificate(), keys.key())), false);
        return ApiExamination.ofQueries(secured, Optional.empty(), clock).examine();
    }
}
