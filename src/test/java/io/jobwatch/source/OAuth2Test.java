package io.jobwatch.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.jobwatch.config.AuthConfig;
import io.jobwatch.config.AuthConfig.ClientAuth;
import io.jobwatch.config.Secret;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.config.StartFrom;
import io.jobwatch.poll.SettableClock;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class OAuth2Test {
    private static final String CLIENT = "cl:ient";
    private static final String SECRET = "cl1ent+s3cret/äö&=longer";
    private static final Duration AMPLE = Duration.ofSeconds(30);

    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-01T10:00:00Z"));
    private final AtomicInteger granted = new AtomicInteger();
    private volatile Predicate<String> accepted = token -> true;
    private volatile WholeRequestServer.Answering endpointSays = request -> grant("\"expires_in\":3600");
    private WholeRequestServer endpoint;
    private WholeRequestServer service;

    @BeforeEach
    void start() throws IOException {
        endpoint = new WholeRequestServer(request -> endpointSays.answer(request));
        service = new WholeRequestServer(request -> accepted.test(request.header("Authorization").replace("Bearer ", ""))
                ? WholeRequestServer.answer(200, "", "{}")
                : WholeRequestServer.answer(401, "", "{\"message\":\"not you, " + request.header("Authorization") + "\"}"));
    }

    @AfterEach
    void stop() throws IOException {
        endpoint.close();
        service.close();
    }

    /** A token in a row: t0ken-1, t0ken-2 … */
    private String grant(String more) {
        return WholeRequestServer.answer(200, "Content-Type: application/json\r\n",
                "{\"access_token\":\"t0ken-" + granted.incrementAndGet() + "\",\"token_type\":\"bearer\""
                        + (more.isEmpty() ? "" : "," + more) + "}");
    }

    private HttpExchange exchange() {
        return exchange(ClientAuth.BASIC, Map.of(), AMPLE);
    }

    private HttpExchange exchange(ClientAuth clientAuth, Map<String, String> parameters, Duration deadline) {
        AuthConfig auth = new AuthConfig.OAuth2(tokenUrl(), CLIENT, new Secret(SECRET), clientAuth, parameters);
        SourceConfig config = new SourceConfig("enc", "ams-v2", service.url(), "contoso", Optional.empty(),
                SourceConfig.DEFAULT_POLL_INTERVAL, deadline, SourceConfig.DEFAULT_DETAILS_TIMEOUT, new StartFrom.Now(), auth);
        return new HttpExchange(config, clock, RequestLimits.alone(config));
    }

    private URI tokenUrl() {
        return URI.create(endpoint.url() + "/tenant/token");
    }

    private HttpAnswer get(HttpExchange exchange) throws SourceException, InterruptedException {
        return exchange.get(URI.create(service.url() + "/api/Jobs"), Map.of());
    }

    private List<String> sent() {
        return service.requests().stream().map(request -> request.header("Authorization").replace("Bearer ", "")).toList();
    }

    private SourceException failure(HttpExchange exchange) {
        SourceException failure = catchThrowableOfType(SourceException.class, () -> get(exchange));
        assertThat(failure).isNotNull();
        assertThat(failure.getMessage()).doesNotContain("s3cret", "t0ken");
        return failure;
    }

    @Test
    void shouldAskForATokenAsTheStandardSaysAndSendItUntilItIsToBeReplaced() throws Exception {
        Map<String, String> parameters = new LinkedHashMap<>(Map.of("scope", "jobs.read jobs+x"));
        try (HttpExchange exchange = exchange(ClientAuth.BASIC, parameters, AMPLE)) {
            assertThat(get(exchange).status()).isEqualTo(200);
            assertThat(get(exchange).status()).isEqualTo(200);
        }

        assertThat(sent()).containsExactly("t0ken-1", "t0ken-1");
        assertThat(endpoint.requests()).hasSize(1);
        WholeRequestServer.Request asked = endpoint.requests().get(0);
        assertThat(asked.method() + " " + asked.target()).isEqualTo("POST /tenant/token");
        assertThat(asked.header("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
        assertThat(asked.header("Accept")).isEqualTo("application/json");
        assertThat(asked.body()).isEqualTo("grant_type=client_credentials&scope=jobs.read+jobs%2Bx");
        assertThat(new String(Base64.getDecoder().decode(asked.header("Authorization").replace("Basic ", ""))))
                .isEqualTo("cl%3Aient:cl1ent%2Bs3cret%2F%C3%A4%C3%B6%26%3Dlonger");
    }

    @Test
    void shouldTellTheClientInTheBodyWhereThatIsConfigured() throws Exception {
        try (HttpExchange exchange = exchange(ClientAuth.POST, Map.of("audience", "https://api"), AMPLE)) {
            get(exchange);
        }

        assertThat(endpoint.requests().get(0).header("Authorization")).isEmpty();
        assertThat(endpoint.requests().get(0).body()).isEqualTo("grant_type=client_credentials&audience=https%3A%2F%2Fapi"
                + "&client_id=cl%3Aient&client_secret=cl1ent%2Bs3cret%2F%C3%A4%C3%B6%26%3Dlonger");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        "expires_in":3600         | 3540
        "expires_in":"3600"       | 3540
        "expires_in":100          | 90
        "expires_in":100.0        | 90
        ""                        | 270
        "expires_in":null         | 270
        "expires_in":"soon"       | 270
        "expires_in":99999999999  | 86340
        """)
    void shouldReplaceATokenShortlyBeforeItExpires(String expiry, int second) throws Exception {
        endpointSays = request -> grant(expiry.equals("\"\"") ? "" : expiry);
        try (HttpExchange exchange = exchange()) {
            get(exchange);
            clock.advance(Duration.ofSeconds(second - 1));
            get(exchange);
            clock.advance(Duration.ofSeconds(1));
            get(exchange);
        }

        assertThat(sent()).containsExactly("t0ken-1", "t0ken-1", "t0ken-2");
    }

    @Test
    void shouldNotAskForATokenBeforeEachRequestThoughTheEndpointSaysThatItHasExpired() throws Exception {
        endpointSays = request -> grant("\"expires_in\":0");
        try (HttpExchange exchange = exchange()) {
            get(exchange);
            get(exchange);
        }

        assertThat(sent()).containsExactly("t0ken-1", "t0ken-1");
    }

    @Test
    void shouldRepeatARequestOnceWithANewTokenAfterA401() throws Exception {
        try (HttpExchange exchange = exchange()) {
            accepted = "t0ken-2"::equals;
            assertThat(get(exchange).status()).isEqualTo(200);
            accepted = "t0ken-3"::equals;
            assertThat(get(exchange).status()).isEqualTo(200);
        }

        assertThat(sent()).containsExactly("t0ken-1", "t0ken-2", "t0ken-2", "t0ken-3");
    }

    @Test
    void shouldFailAfterASecond401AndLeaveTheTokenEndpointAloneForAWhile() throws Exception {
        accepted = token -> false;
        try (HttpExchange exchange = exchange()) {
            HttpAnswer answer = get(exchange);
            assertThatThrownBy(answer::requireOk).isInstanceOf(SourceException.class)
                    .hasMessageContaining("HTTP 401: not you, Bearer ******").hasMessageNotContaining("t0ken");
            assertThat(sent()).containsExactly("t0ken-1", "t0ken-2");
            clock.advance(Duration.ofSeconds(29));
            assertThat(get(exchange).status()).isEqualTo(401);
            assertThat(sent()).hasSize(3).endsWith("t0ken-2");
            clock.advance(Duration.ofSeconds(1));
            assertThat(get(exchange).status()).isEqualTo(401);
        }

        assertThat(sent()).containsExactly("t0ken-1", "t0ken-2", "t0ken-2", "t0ken-2", "t0ken-3");
    }

    @Test
    void shouldAskOnceForAllWhoNeedATokenAtTheSameTime() throws Exception {
        int threads = 8;
        CountDownLatch answer = new CountDownLatch(1);
        endpointSays = request -> {
            answer.await(20, TimeUnit.SECONDS);
            return grant("");
        };
        ExecutorService pollers = Executors.newFixedThreadPool(threads);
        try (HttpExchange exchange = exchange()) {
            List<Future<Integer>> answers = new ArrayList<>();
            AtomicInteger started = new AtomicInteger();
            for (int i = 0; i < threads; i++) {
                answers.add(pollers.submit(() -> {
                    started.incrementAndGet();
                    return get(exchange).status();
                }));
            }
            await().until(() -> started.get() == threads && !endpoint.requests().isEmpty());
            answer.countDown();
            for (Future<Integer> each : answers) {
                assertThat(each.get()).isEqualTo(200);
            }
            assertThat(endpoint.requests()).hasSize(1);

            // Now all are refused at the same time.
            CountDownLatch refused = new CountDownLatch(threads);
            accepted = token -> {
                if (token.equals("t0ken-1")) {
                    refused.countDown();
                    awaitAll(refused);
                }
                return token.equals("t0ken-2");
            };
            answers.clear();
            for (int i = 0; i < threads; i++) {
                answers.add(pollers.submit(() -> get(exchange).status()));
            }
            for (Future<Integer> each : answers) {
                assertThat(each.get()).isEqualTo(200);
            }
            assertThat(endpoint.requests()).hasSize(2);
        } finally {
            pollers.shutdownNow();
        }
    }

    private static void awaitAll(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldUseATokenToItsEndWhileTheEndpointGivesNoOther() throws Exception {
        try (HttpExchange exchange = exchange()) {
            get(exchange);
            endpointSays = request -> WholeRequestServer.answer(503, "Retry-After: 7\r\n", "{}");
            clock.advance(Duration.ofSeconds(3545));
            assertThat(get(exchange).status()).isEqualTo(200);
            clock.advance(Duration.ofSeconds(9));
            assertThat(get(exchange).status()).isEqualTo(200);
            assertThat(endpoint.requests()).hasSize(2);
            clock.advance(Duration.ofSeconds(1));
            assertThat(get(exchange).status()).isEqualTo(200);
            assertThat(endpoint.requests()).hasSize(3);
            clock.advance(Duration.ofSeconds(45));
            SourceException failure = failure(exchange);
            assertThat(failure).hasMessageContaining("POST " + tokenUrl() + ": no token: HTTP 503");
            assertThat(failure.retryAfter()).contains(Duration.ofSeconds(7));
            endpointSays = request -> grant("");
            assertThat(get(exchange).status()).isEqualTo(200);
        }

        assertThat(sent()).containsExactly("t0ken-1", "t0ken-1", "t0ken-1", "t0ken-1", "t0ken-2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        400 | {"error":"invalid_client","error_description":"SECRET"} | HTTP 400 invalid_client: ****** (check the source's auth: client
        400 | {"error":"invalid_scope"}                          | HTTP 400 invalid_scope (check the source's auth: scope
        401 | {"message":"who?"}                                 | HTTP 401: who? (check the source's auth)
        200 | {"error":"unauthorized_client"}                    | HTTP 200 unauthorized_client (the client must be allowed
        500 | <html><head><title>Oops</title></head></html>      | HTTP 500: an HTML page titled "Oops"
        302 | {}                                                 | HTTP 302 sends elsewhere; the client's secret is not sent there
        200 | access_token=t0ken-of-old&token_type=bearer        | expected JSON, found something else; is auth.token-url right?
        200 | "t0ken"                                            | expected JSON, found something else
        200 | {"access_token": t0ken}                            | expected JSON, found something else
        200 | {}                                                 | expected a text of visible ASCII characters as access_token, found none
        200 | {"access_token": 7}                                | visible ASCII characters as access_token, found something else
        200 | {"access_token": "t0ken\\nX: y"}                   | visible ASCII characters as access_token, found something else
        200 | {"access_token": "t0ken-77", "token_type": "DPoP"} | expected the token_type Bearer, found DPoP
        """, quoteCharacter = '\0')
    void shouldSayWhyThereIsNoToken(int status, String body, String reason) throws Exception {
        try (WholeRequestServer elsewhere = new WholeRequestServer(request -> grant(""));
                HttpExchange exchange = exchange(ClientAuth.POST, Map.of(), AMPLE)) {
            endpointSays = request -> WholeRequestServer.answer(status, "Location: " + elsewhere.url() + "\r\n",
                    body.replace("SECRET", "cl1ent+s3cret/\\u00e4\\u00f6&=longer"));
            assertThat(failure(exchange)).hasMessageStartingWith("POST " + tokenUrl() + ": no token: ").hasMessageContaining(reason);
            assertThat(elsewhere.requests()).isEmpty();
            assertThat(service.requests()).isEmpty();
        }
    }

    @Test
    void shouldPassOnHowLongTheEndpointWantsToBeLeftAlone() throws Exception {
        endpointSays = request -> WholeRequestServer.answer(429, "Retry-After: 120\r\n", "{\"error\":\"slow_down\"}");
        try (HttpExchange exchange = exchange()) {
            assertThat(failure(exchange).retryAfter()).contains(Duration.ofMinutes(2));
        }
    }

    @Test
    void shouldHaveOneDeadlineForTheTokenAndTheAnswer() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        endpointSays = request -> {
            over.await(20, TimeUnit.SECONDS);
            return grant("");
        };
        try (HttpExchange exchange = exchange(ClientAuth.BASIC, Map.of(), Duration.ofMillis(700))) {
            assertThat(failure(exchange)).hasMessage("POST " + tokenUrl() + ": no complete answer within 700 ms");
            assertThat(service.requests()).isEmpty();
        } finally {
            over.countDown();
        }
    }

    @Test
    void shouldNotReadATokenWithoutEnd() throws Exception {
        endpointSays = request -> WholeRequestServer.answer(200, "", "{\"access_token\":\"" + "t0ken".repeat(300_000) + "\"}");
        try (HttpExchange exchange = exchange()) {
            assertThat(failure(exchange)).hasMessage("POST " + tokenUrl() + ": the answer is larger than 1048576 bytes");
        }
    }

    @Test
    void shouldTellThatTheEndpointIsNotThere() throws Exception {
        endpoint.close();
        try (HttpExchange exchange = exchange()) {
            assertThat(failure(exchange)).hasMessageStartingWith("POST " + tokenUrl() + ": no connection")
                    .hasMessageContaining("check the source's auth.token-url");
        }
    }
}
