package io.jobwatch.query.http;

import static io.jobwatch.query.Records.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jobwatch.config.QueryAuth;
import io.jobwatch.config.QueryConfig;
import io.jobwatch.config.QueryTls;
import io.jobwatch.config.TestKeys;
import io.jobwatch.poll.SettableClock;
import io.jobwatch.query.FakeView;
import io.jobwatch.query.QueryException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class QueryTlsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String REQUEST = "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    private static final FakeView VIEW = new FakeView();

    @TempDir
    static Path keys;
    private static TestKeys ec;
    private static TestKeys rsa;
    private static Path certificate;
    private static Path key;
    private static QueryServer server;
    private static final SettableClock clock = new SettableClock(NOON);

    @BeforeAll
    static void start() throws Exception {
        ec = TestKeys.make(keys, "ec", "EC");
        rsa = TestKeys.make(keys, "rsa", "RSA");
        certificate = Files.copy(ec.certificate(), keys.resolve("tls.crt"));
        key = Files.copy(ec.key(), keys.resolve("tls.key"));
        server = start(new QueryTls(certificate, key));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static QueryServer start(QueryTls files) {
        return QueryServer.start(new QueryConfig("127.0.0.1", 0, new QueryAuth.None(), Optional.of(files), false),
                TestServices.of(VIEW), clock, Duration.ofSeconds(30),
                new HttpLimits(8, 100, 100, 8192, SECOND.multipliedBy(30), Duration.ofMillis(500), SECOND.multipliedBy(30)));
    }

    @Test
    void shouldSpeakTlsOfTodayOnly() throws Exception {
        assertThat(server.url()).isEqualTo("https://127.0.0.1:" + server.port());
        for (String protocol : new String[] {"TLSv1.3", "TLSv1.2"}) {
            try (SSLSocket socket = connect(protocol)) {
                socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));

                assertThat(RawHttp.rest(socket)).startsWith("HTTP/1.1 200 ").contains("UP").doesNotContainIgnoringCase("jetty");
                assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
            }
        }
        assertThatThrownBy(() -> connect("TLSv1.1")).isInstanceOf(IOException.class);
    }

    @Test
    void shouldRefuseForeignHostsOverTlsAsWell() throws Exception {
        try (SSLSocket socket = connect("TLSv1.3")) {
            socket.getOutputStream().write(REQUEST.replace("localhost", "evil.example").getBytes(StandardCharsets.US_ASCII));

            assertThat(RawHttp.rest(socket)).startsWith("HTTP/1.1 421 ").contains("application/problem+json");
        }
    }

    /** Last, as the other tests do not mind which certificate it is. */
    @Test
    void shouldShowANewCertificateOnceBothOfItsFilesAreThere() throws Exception {
        assertThat(shown()).isEqualTo("CN=ec");
        TestKeys.replace(certificate, rsa.certificate());
        clock.advance(SECOND);
        assertThat(shown()).isEqualTo("CN=ec");
        TestKeys.replace(key, rsa.key());
        clock.advance(SECOND.minusMillis(1));
        assertThat(shown()).isEqualTo("CN=ec");
        clock.advance(Duration.ofMillis(1));
        assertThat(shown()).isEqualTo("CN=rsa");
        Files.delete(key);
        clock.advance(SECOND);
        assertThat(shown()).isEqualTo("CN=rsa");
        TestKeys.replace(certificate, ec.certificate());
        TestKeys.replace(key, ec.key());
        clock.advance(SECOND);
        assertThat(shown()).isEqualTo("CN=ec");
    }

    @Test
    void shouldSayNothingToWhoDoesNotSpeakTls() throws Exception {
        assertThat(RawHttp.answer(server.port(), REQUEST)).doesNotContain("HTTP/1.1 200", "UP").doesNotContainIgnoringCase("jetty");
    }

    @Test
    void shouldCloseAConnectionWhoseHandshakeDoesNotComeToItsEnd() throws Exception {
        try (Socket silent = RawHttp.open(server.port()); Socket half = RawHttp.open(server.port())) {
            half.getOutputStream().write(new byte[] {22, 3, 1, 1, 0, 1});

            for (Socket socket : new Socket[] {silent, half}) {
                // An alert of TLS may come first; what counts is that the end comes.
                assertThat(RawHttp.rest(socket)).doesNotContain("HTTP");
            }
        }
    }

    @Test
    void shouldNotStartWithFilesThatCannotBeUsed() {
        assertThatThrownBy(() -> start(new QueryTls(ec.certificate(), rsa.key()))).isInstanceOf(QueryException.class)
                .hasMessageStartingWith("query.tls: ").hasMessageContaining(rsa.key().toString()).hasMessageNotContaining("\n");
    }

    private static String shown() throws Exception {
        try (SSLSocket socket = connect("TLSv1.3")) {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSubjectX500Principal().getName();
        }
    }

    private static SSLSocket connect(String protocol) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustsAll()}, null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.port());
        socket.setSoTimeout(20_000);
        socket.setEnabledProtocols(new String[] {protocol});
        socket.startHandshake();
        return socket;
    }

    /** What is shown is what the test looks at. */
    private static final class TrustsAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
