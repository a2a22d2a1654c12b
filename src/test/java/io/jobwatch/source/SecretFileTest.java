package io.jobwatch.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.jobwatch.config.ConfigLoader;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.poll.SettableClock;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Secrets in files, which others replace while jobwatch runs. */
@Timeout(60)
class SecretFileTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-01T10:00:00Z"));
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(LiveSecret.class);
    private volatile Predicate<WholeRequestServer.Request> accepted = request -> true;
    private WholeRequestServer service;
    private Path file;

    @BeforeEach
    void start() throws IOException {
        service = new WholeRequestServer(request -> accepted.test(request)
                ? WholeRequestServer.answer(200, "", "{\"access_token\":\"t0ken\"}")
                : WholeRequestServer.answer(401, "", "{}"));
        file = Files.writeString(folder.resolve("secret"), "s3cret-1\n");
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.INFO);
    }

    @AfterEach
    void stop() throws IOException {
        service.close();
        logger.detachAppender(log);
        logger.setLevel(null);
    }

    private HttpExchange exchange(String auth) throws IOException {
        Path config = Files.writeString(folder.resolve("jobwatch.yaml"),
                "sources: [{name: enc, type: slurm, url: \"" + service.url() + "\", auth: " + auth + "}]");
        SourceConfig source = ConfigLoader.load(config, name -> null).sources().get(0);
        return new HttpExchange(source, clock, RequestLimits.alone(source));
    }

    private HttpExchange bearer() throws IOException {
        return exchange("{type: bearer, token-file: \"" + file + "\"}");
    }

    private int get(HttpExchange exchange) throws Exception {
        return exchange.get(URI.create(service.url() + "/jobs"), Map.of()).status();
    }

    private List<String> sent(String header) {
        return service.requests().stream().map(request -> request.header(header)).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        {type: bearer, token-file: "FILE"}               | Authorization      | Bearer s3cret-1             | Bearer s3cret-2
        {type: basic, user: bob, password-file: "FILE"}  | Authorization      | Basic Ym9iOnMzY3JldC0x      | Basic Ym9iOnMzY3JldC0y
        {type: slurm-jwt, user: bob, token-file: "FILE"} | X-SLURM-USER-TOKEN | s3cret-1                    | s3cret-2
        """)
    void shouldSendWhatTheFileHoldsLookingAtItOnceASecondAtTheMost(String auth, String header, String first, String second)
            throws Exception {
        try (HttpExchange exchange = exchange(auth.replace("FILE", file.toString()))) {
            get(exchange);
            Files.writeString(file, "s3cret-2\n");
            clock.advance(SECOND.minusMillis(1));
            get(exchange);
            clock.advance(Duration.ofMillis(1));
            get(exchange);
            get(exchange);
        }

        assertThat(sent(header)).containsExactly(first, first, second, second);
        assertThat(log.list).hasSize(1).allSatisfy(event ->
                assertThat(event.getFormattedMessage()).contains(file.toString(), "has been replaced").doesNotContain("s3cret"));
    }

    @Test
    void shouldSendTheNewClientSecretForTheNextToken() throws Exception {
        try (HttpExchange exchange = exchange("{type: oauth2, token-url: \"" + service.url() + "/token\", client-id: me, client-auth: post,"
                + " client-secret-file: \"" + file + "\"}")) {
            get(exchange);
            Files.writeString(file, "s3cret-2\n");
            clock.advance(Duration.ofMinutes(5));
            get(exchange);
            // Replaced once more, and the endpoint knows before the second is over.
            Files.writeString(file, "s3cret-3\n");
            accepted = request -> request.method().equals("GET") || request.body().endsWith("=s3cret-3");
            clock.advance(Duration.ofMinutes(5));
            assertThat(get(exchange)).isEqualTo(200);
        }

        assertThat(service.requests().stream().map(WholeRequestServer.Request::body).filter(body -> !body.isEmpty())
                .map(body -> body.substring(body.lastIndexOf('=') + 1)).toList()).containsExactly("s3cret-1", "s3cret-2", "s3cret-3");
    }

    @Test
    void shouldAskForATokenAgainWhenTheClientSecretWasReplacedAMomentAgo() throws Exception {
        accepted = request -> request.method().equals("GET") || request.body().endsWith("=s3cret-2");
        try (HttpExchange exchange = exchange("{type: oauth2, token-url: \"" + service.url() + "/token\", client-id: me, client-auth: post,"
                + " client-secret-file: \"" + file + "\"}")) {
            assertThatTokenIsRefused(exchange);
            Files.writeString(file, "s3cret-2\n");
            assertThat(get(exchange)).isEqualTo(200);
        }
    }

    private void assertThatTokenIsRefused(HttpExchange exchange) {
        assertThatThrownBy(() -> get(exchange)).isInstanceOf(SourceException.class)
                .hasMessageContaining("no token: HTTP 401");
    }

    @Test
    void shouldFollowTheLinksOfAKubernetesVolume() throws Exception {
        Path first = Files.createDirectory(folder.resolve("..2026_03_01"));
        Path second = Files.createDirectory(folder.resolve("..2026_03_02"));
        Files.writeString(first.resolve("token"), "s3cret-1");
        Files.writeString(second.resolve("token"), "s3cret-2");
        Files.setLastModifiedTime(second.resolve("token"), Files.getLastModifiedTime(first.resolve("token")));
        Files.createSymbolicLink(folder.resolve("..data"), first);
        file = Files.createSymbolicLink(folder.resolve("token"), Path.of("..data", "token"));
        try (HttpExchange exchange = bearer()) {
            get(exchange);
            Files.createSymbolicLink(folder.resolve("..data_tmp"), second);
            Files.move(folder.resolve("..data_tmp"), folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            clock.advance(SECOND);
            get(exchange);
        }

        assertThat(sent("Authorization")).containsExactly("Bearer s3cret-1", "Bearer s3cret-2");
    }

    @Test
    void shouldUseTheLastSecretWhileTheFileHoldsNoneAndSaySoOnce() throws Exception {
        try (HttpExchange exchange = bearer()) {
            get(exchange);
            Files.delete(file);
            clock.advance(SECOND);
            assertThat(get(exchange)).isEqualTo(200);
            Files.writeString(file, "");
            clock.advance(SECOND);
            assertThat(get(exchange)).isEqualTo(200);
            assertThat(log.list).hasSize(1).allSatisfy(event -> {
                assertThat(event.getLevel()).isEqualTo(Level.WARN);
                assertThat(event.getFormattedMessage())
                        .isEqualTo("enc: cannot read " + file + ": NoSuchFileException; the token that was there last is used on");
            });
            Files.writeString(file, "s3cret-2");
            clock.advance(SECOND);
            get(exchange);
            assertThat(log.list).hasSize(2);
        }

        assertThat(sent("Authorization")).containsExactly("Bearer s3cret-1", "Bearer s3cret-1", "Bearer s3cret-1", "Bearer s3cret-2");
    }

    @Test
    void shouldLookAtTheFileAtOnceWhenTheServiceRefuses() throws Exception {
        try (HttpExchange exchange = bearer()) {
            get(exchange);
            Files.writeString(file, "s3cret-2");
            accepted = request -> request.header("Authorization").endsWith("2");
            assertThat(get(exchange)).isEqualTo(200);
        }

        assertThat(sent("Authorization")).containsExactly("Bearer s3cret-1", "Bearer s3cret-1", "Bearer s3cret-2");
    }

    @Test
    void shouldNotRepeatWhatWasRefusedWithTheSameSecret() throws Exception {
        accepted = request -> false;
        try (HttpExchange exchange = bearer()) {
            assertThat(get(exchange)).isEqualTo(401);
        }

        assertThat(service.requests()).hasSize(1);
    }
}
