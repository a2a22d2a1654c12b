package io.jobwatch.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jobwatch.config.AuthConfig;
import io.jobwatch.config.ConfigException;
import io.jobwatch.config.Secret;
import io.jobwatch.config.SourceConfig;
import io.jobwatch.config.SourceOptions;
import io.jobwatch.config.StartFrom;
import io.jobwatch.config.TestKeys;
import io.jobwatch.config.TlsConfig;
import io.jobwatch.poll.SettableClock;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ClientTlsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir
    static Path keys;
    private static TestKeys server;
    private static TestKeys rsa;
    private static TestKeys ec;

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-01T10:00:00Z"));

    @BeforeAll
    static void makeKeys() throws Exception {
        server = TestKeys.make(keys, "server", "EC");
        rsa = TestKeys.make(keys, "rsa", "RSA");
        ec = TestKeys.make(keys, "ec", "EC");
    }

    private static WholeRequestServer trusting(TestKeys... clients) throws Exception {
        return WholeRequestServer.tls(server.server(clients), clients.length > 0, request -> WholeRequestServer.answer(200, "",
                "{\"access_token\":\"t0ken\"}"));
    }

    private static TlsConfig ca(Path file) {
        return new TlsConfig(Optional.of(file), Optional.empty(), Optional.empty());
    }

    private static TlsConfig client(Path certificate, Path key) {
        return new TlsConfig(Optional.of(server.certificate()), Optional.of(certificate), Optional.of(key));
    }

    private HttpExchange exchange(Optional<TlsConfig> tls, AuthConfig auth) {
        SourceConfig config = new SourceConfig("enc", "ams-v2", URI.create("https://127.0.0.1"), "contoso", Optional.empty(),
                SourceConfig.DEFAULT_POLL_INTERVAL, Duration.ofSeconds(30), SourceConfig.DEFAULT_DETAILS_TIMEOUT, new StartFrom.Now(),
                auth, SourceConfig.DEFAULT_POLL_INTERVAL, Optional.empty(), tls, new SourceOptions.None());
        return new HttpExchange(config, clock, RequestLimits.alone(config));
    }

    private HttpExchange exchange(TlsConfig tls) {
        return exchange(Optional.of(tls), new AuthConfig.None());
    }

    private static int get(HttpExchange exchange, WholeRequestServer from) throws Exception {
        return exchange.get(URI.create(from.url() + "/Jobs"), Map.of()).status();
    }

    private static List<String> clients(WholeRequestServer service) {
        return service.requests().stream().map(WholeRequestServer.Request::client).toList();
    }

    @Test
    void shouldTrustTheConfiguredCertificates() throws Exception {
        try (WholeRequestServer service = trusting(); HttpExchange exchange = exchange(ca(server.certificate()))) {
            assertThat(get(exchange, service)).isEqualTo(200);
        }
    }

    @Test
    void shouldNotTrustOthersAndNameTheKeyToSet() throws Exception {
        try (WholeRequestServer service = trusting();
                HttpExchange platform = exchange(Optional.empty(), new AuthConfig.Bearer(new Secret("t0ken")));
                HttpExchange other = exchange(ca(rsa.certificate()))) {
            for (HttpExchange exchange : List.of(platform, other)) {
                SourceException failure = catchThrowableOfType(SourceException.class, () -> get(exchange, service));
                assertThat(failure).hasMessageStartingWith("GET " + service.url() + "/Jobs: TLS failed: ")
                        .hasMessageContaining("name the CA's in the source's tls.ca-file");
            }
            assertThat(service.requests()).isEmpty();
        }
    }

    @Test
    void shouldStillCheckThatTheCertificateIsForTheHost() throws Exception {
        TestKeys elsewhere = TestKeys.make(keys, "elsewhere", "EC", "dns:elsewhere.example");
        try (WholeRequestServer service = WholeRequestServer.tls(elsewhere.server(), false, request -> "");
                HttpExchange exchange = exchange(ca(elsewhere.certificate()))) {
            assertThatThrownBy(() -> get(exchange, service)).isInstanceOf(SourceException.class)
                    .hasMessageContaining("TLS failed: No subject alternative names");
            assertThat(service.requests()).isEmpty();
        }
    }

    @Test
    void shouldShowItsCertificateToTheServiceAndToTheTokenEndpoint() throws Exception {
        try (WholeRequestServer service = trusting(rsa, ec)) {
            AuthConfig auth = new AuthConfig.OAuth2(URI.create(service.url() + "/token"), "me", new Secret("s3cret"),
                    AuthConfig.ClientAuth.BASIC, Map.of());
            try (HttpExchange withRsa = exchange(client(rsa.certificate(), rsa.key()));
                    HttpExchange withEc = exchange(Optional.of(client(ec.certificate(), ec.key())), auth)) {
                assertThat(get(withRsa, service)).isEqualTo(200);
                assertThat(get(withEc, service)).isEqualTo(200);
            }
            assertThat(clients(service)).containsExactly("CN=rsa", "CN=ec", "CN=ec");
        }
    }

    @Test
    void shouldFailWithoutTheCertificateThatTheServiceWants() throws Exception {
        try (WholeRequestServer service = trusting(rsa); HttpExchange exchange = exchange(ca(server.certificate()))) {
            assertThatThrownBy(() -> get(exchange, service)).isInstanceOf(SourceException.class);
            assertThat(service.requests()).isEmpty();
        }
    }

    @Test
    void shouldUseANewCertificateOnceBothOfItsFilesAreThere() throws Exception {
        Path certificate = Files.copy(rsa.certificate(), folder.resolve("tls.crt"));
        Path key = Files.copy(rsa.key(), folder.resolve("tls.key"));
        try (WholeRequestServer service = trusting(rsa, ec); HttpExchange exchange = exchange(client(certificate, key))) {
            get(exchange, service);
            TestKeys.replace(certificate, ec.certificate());
            clock.advance(SECOND);
            get(exchange, service);
            TestKeys.replace(key, ec.key());
            clock.advance(SECOND.minusMillis(1));
            get(exchange, service);
            clock.advance(Duration.ofMillis(1));
            get(exchange, service);
            Files.delete(key);
            clock.advance(SECOND);
            get(exchange, service);

            assertThat(clients(service)).containsExactly("CN=rsa", "CN=rsa", "CN=rsa", "CN=ec", "CN=ec");
        }
    }

    @Test
    void shouldTrustNewCertificatesWhenTheFileChanges() throws Exception {
        Path authority = Files.copy(rsa.certificate(), folder.resolve("ca.crt"));
        try (WholeRequestServer service = trusting(); HttpExchange exchange = exchange(ca(authority))) {
            assertThatThrownBy(() -> get(exchange, service)).isInstanceOf(SourceException.class);
            Files.writeString(authority, Files.readString(rsa.certificate()) + Files.readString(server.certificate()));
            clock.advance(SECOND);
            assertThat(get(exchange, service)).isEqualTo(200);
        }
    }

    @Test
    void shouldRefuseToStartWithFilesThatCannotBeUsed() {
        assertThatThrownBy(() -> exchange(client(rsa.certificate(), ec.key()))).isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("source enc: tls: " + ec.key() + ": the private key does not belong to the certificate of CN=rsa");
    }
}
