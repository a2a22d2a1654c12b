package io.jobwatch.query.http;

import static io.jobwatch.query.Records.NOON;
import static io.jobwatch.query.Records.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jobwatch.config.AccessToken;
import io.jobwatch.config.QueryAuth;
import io.jobwatch.config.QueryConfig;
import io.jobwatch.event.JobState;
import io.jobwatch.query.FakeView;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class QuerySecurityTest {
    private static final String OPS = "jw_0123456789012345678901234567890123456789012";
    private static final String CI = "jw_abcdefghijabcdefghijabcdefghijabcdefghijabc";
    private static final QueryAuth BEARER = new QueryAuth.Bearer(List.of(AccessToken.of("ops", OPS), AccessToken.of("ci", CI)));
    private static final FakeView VIEW = new FakeView();

    private static QueryServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        VIEW.put(status("s", "1", JobState.QUEUED, NOON).build());
        server = start(new QueryConfig("127.0.0.1", 0, BEARER, Optional.empty(), false));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static QueryServer start(QueryConfig config) {
        return QueryServer.start(config, new Services(VIEW, TestServices.of(VIEW).explainer(), TestServices.quietStream(),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/jobs", "/api/v1/jobs/s/1", "/api/v1/jobs/s/1/report", "/api/v1/summary", "/api/v1/sources",
        "/api/v1/failures", "/api/v1/alerts", "/api/v1/events", "/api/v1/jobs/s/1?wait=1s", "/metrics",
        // Other spellings of the same path.
        "/API/v1/jobs", "/%61pi/v1/jobs", "//api/v1/jobs", "/api/v1/jobs/", "/api/v1/jobs;a=b", "/console/main.js/../api/v1/jobs",
        "/./api/v1/jobs", "/metrics/", "/health/%2e%2e/metrics", "/health/..%2fmetrics"})
    void shouldAnswerNoJobsWithoutAToken(String path) throws Exception {
        for (String request : List.of("GET", "HEAD")) {
            String answer = RawHttp.answer(server.port(), request + " " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

            assertThat(answer).as(path).matches("(?s)HTTP/1.1 (401|404|400) .*").doesNotContain("jobId", "jobwatch_view");
        }
    }

    @Test
    void shouldSayHowToAuthenticate() throws Exception {
        HttpResponse<String> without = get("/api/v1/jobs");
        HttpResponse<String> wrong = get("/api/v1/jobs", "Authorization", "Bearer " + OPS + "x");

        assertThat(without.statusCode()).isEqualTo(401);
        assertThat(without.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"jobwatch\"");
        assertThat(without.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = new ObjectMapper().readTree(without.body());
        assertThat(problem.get("title").asText()).isEqualTo("Unauthorized");
        assertThat(problem.get("detail").asText()).contains("Authorization: Bearer <token>");
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"jobwatch\", error=\"invalid_token\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {OPS, CI})
    void shouldAnswerWhoShowsAnyOfTheTokens(String token) throws Exception {
        for (String scheme : List.of("Bearer ", "bearer ", "BEARER  ")) {
            assertThat(get("/api/v1/jobs/s/1", "Authorization", scheme + token).body()).contains("\"jobId\":\"1\"");
        }
        assertThat(get("/metrics", "Authorization", "Bearer " + token).body()).contains("jobwatch_view_lag_seconds");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer ", "Basic " + OPS, OPS, "Bearer " + OPS + " x", "Bearer x " + OPS, "Bearer=" + OPS,
        "Bearer " + OPS + "," + OPS})
    void shouldNotTakeATokenFromAnythingElse(String header) throws Exception {
        String answer = RawHttp.answer(server.port(), "GET /api/v1/jobs HTTP/1.1\r\nHost: h\r\nAuthorization: " + header
                + "\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 401 ").doesNotContain(OPS);
        assertThat(get("/api/v1/jobs?access_token=" + OPS).statusCode()).isEqualTo(401);
    }

    /** Its hash is in the configuration, and can be, as nothing there tells how long the secret is. */
    @Test
    void shouldNotLetAShortSecretInThoughItsHashIsConfigured() throws Exception {
        QueryAuth weak = new QueryAuth.Bearer(List.of(AccessToken.of("weak", "hunter2"), AccessToken.of("ops", OPS)));
        try (QueryServer guarded = start(new QueryConfig("127.0.0.1", 0, weak, Optional.empty(), false))) {
            for (String token : List.of("hunter2", OPS)) {
                assertThat(RawHttp.answer(guarded.port(), "GET /api/v1/jobs HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + token
                        + "\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 " + (token.equals(OPS) ? 200 : 401) + " ");
            }
        }
    }

    @Test
    void shouldKeepProbesAndTheConsoleOpen() throws Exception {
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);
        HttpResponse<String> console = get("/");
        assertThat(console.statusCode()).isEqualTo(200);
        Matcher file = Pattern.compile("(?:src|href)=\"(/[^\"]+)\"").matcher(console.body());
        while (file.find()) {
            if (!file.group(1).startsWith("/api/")) {
                assertThat(get(file.group(1)).statusCode()).as(file.group(1)).isEqualTo(200);
            }
        }
    }

    @Test
    void shouldShowMetricsToEveryoneWhereThatIsConfigured() throws Exception {
        try (QueryServer open = start(new QueryConfig("127.0.0.1", 0, BEARER, Optional.empty(), true))) {
            assertThat(client.send(HttpRequest.newBuilder(URI.create(open.url() + "/metrics")).build(),
                    HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void shouldCountWhoseTokensAreUsedWithoutAnyOfThem() throws Exception {
        get("/api/v1/jobs", "Authorization", "Bearer " + CI);
        get("/api/v1/jobs", "Authorization", "Bearer " + OPS + "x");

        String shown = get("/metrics", "Authorization", "Bearer " + OPS).body();

        assertThat(shown).contains("jobwatch_query_authentications_total{token=\"ops\"}",
                "jobwatch_query_authentications_total{token=\"ci\"}", "jobwatch_query_authentications_total{token=\"\"}")
                .doesNotContain(OPS, CI);
    }

    @Test
    void shouldCountFromZeroOnSoThatARateSeesTheFirstUseToo() {
        PrometheusMeterRegistry fresh = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

        new Access(new QueryConfig("127.0.0.1", 0, BEARER, Optional.empty(), false), fresh);

        assertThat(fresh.scrape()).contains("# HELP jobwatch_query_authentications_total Requests",
                "jobwatch_query_authentications_total{token=\"ci\"} 0.0", "jobwatch_query_authentications_total{token=\"\"} 0.0");
    }

    @Test
    void shouldAnswerByAnyNameWhereATokenIsNeededAnyway() throws Exception {
        assertThat(RawHttp.answer(server.port(), "GET /api/v1/jobs HTTP/1.1\r\nHost: jobs.example.com\r\nAuthorization: Bearer " + OPS
                + "\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void shouldListenToOtherMachinesWithTokensAndWarnWhereTheyCanBeRead() throws Exception {
        List<String> log = logOf(ListenAddress.class, () -> {
            try (QueryServer everywhere = start(new QueryConfig("0.0.0.0", 0, BEARER, Optional.empty(), false))) {
                assertThat(everywhere.url()).isEqualTo("http://localhost:" + everywhere.port());
                assertThat(RawHttp.answer(everywhere.port(), "GET /health/live HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
                        .startsWith("HTTP/1.1 200 ");
            }
        });

        assertThat(log).singleElement().asString().contains("0.0.0.0", "plain HTTP", "query.tls");
        assertThat(logOf(ListenAddress.class, () -> start(new QueryConfig("127.0.0.1", 0, BEARER, Optional.empty(), false)).close()))
                .isEmpty();
    }

    @Test
    void shouldNameWhoAsksInTheDebugLogAndNoToken() throws Exception {
        List<String> log = logOf(Access.class, () -> {
            get("/api/v1/jobs", "Authorization", "Bearer " + OPS);
            get("/api/v1/jobs", "Authorization", "Bearer " + OPS + "x");
        });

        assertThat(log).singleElement().asString().contains("ops asks for /api/v1/jobs");
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0", "10.255.255.1", "::"})
    void shouldNotListenToOtherMachinesWithoutTokens(String host) {
        assertThatThrownBy(() -> start(new QueryConfig(host, 0))).hasMessageContaining("query.host " + host)
                .hasMessageContaining("query.auth.type is none").hasMessageContaining("jobwatch token");
    }

    private interface Act {
        void run() throws Exception;
    }

    private static List<String> logOf(Class<?> type, Act act) throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(type);
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        logger.addAppender(appender);
        Level before = logger.getLevel();
        logger.setLevel(Level.DEBUG);
        try {
            act.run();
        } finally {
            logger.setLevel(before);
            logger.detachAppender(appender);
        }
        return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path)).timeout(Duration.ofSeconds(20));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }
}
