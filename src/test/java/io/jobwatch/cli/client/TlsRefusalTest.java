package io.jobwatch.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.jobwatch.cli.client.ClientException.Kind;
import io.jobwatch.config.TestKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which failures of TLS may pass by themselves: a command that follows or waits goes on after those alone. */
@Timeout(60)
class TlsRefusalTest {

    /** What a server does with a connection. */
    private enum End {
        CLOSE, RESET
    }

    @ParameterizedTest
    @CsvSource({
        "false, '', CLOSE", "false, '', RESET", "true, '', CLOSE", "true, '', RESET",
        "true, 1603030064020000, CLOSE",   // the beginning of a ServerHello
    })
    void shouldTakeAHandshakeThatIsBrokenOffForAServerThatIsAway(boolean listens, String answer, End end) throws Exception {
        ClientException failure = failure(listens, answer, end);

        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure).hasMessageNotContaining("no complete answer");
    }

    @ParameterizedTest
    @CsvSource({
        "15030300020228, Received fatal alert: handshake_failure",
        "485454502f312e312034303020426164, is it http rather than https?",
    })
    void shouldTakeAnAnswerThatIsNotTlsOrAnAlertForARefusal(String answer, String message) throws Exception {
        ClientException failure = failure(true, answer, End.CLOSE);

        assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
        assertThat(failure).hasMessageContaining(message);
    }

    @Test
    void shouldTakeAWrongCertificateForARefusal(@TempDir Path folder) throws Exception {
        TestKeys elsewhere = TestKeys.make(folder, "elsewhere", "EC", "dns:elsewhere.example");
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(elsewhere.server()));
        server.start();
        try {
            ClientException name = failure(server.getAddress().getPort(), Optional.of(elsewhere.certificate()));
            assertThat(name.kind()).isEqualTo(Kind.REFUSED);
            assertThat(name).hasMessageContaining("its certificate is for another name than the one in --url");
            ClientException issuer = failure(server.getAddress().getPort(), Optional.empty());
            assertThat(issuer.kind()).isEqualTo(Kind.REFUSED);
            assertThat(issuer).hasMessageContaining("is not trusted");
        } finally {
            server.stop(0);
        }
    }

    /**
     * @param listens whether the server reads what the client says first
     * @param answer  bytes in hexadecimal digits
     */
    private static ClientException failure(boolean listens, String answer, End end) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread serving = new Thread(() -> serve(server, listens, HexFormat.of().parseHex(answer), end), "breaking-off");
            serving.setDaemon(true);
            serving.start();
            return failure(server.getLocalPort(), Optional.empty());
        }
    }

    private static ClientException failure(int port, Optional<Path> trusted) {
        Endpoint endpoint = new Endpoint(URI.create("https://127.0.0.1:" + port), Optional.empty(), trusted);
        QueryClient client = new QueryClient(endpoint, Duration.ofSeconds(30), news -> { }, pause -> { }, InstantSource.system());
        return catchThrowableOfType(ClientException.class, () -> client.get(Target.of("jobs")));
    }

    /** Treats every connection alike, as the client may try a second time, until the server is closed. */
    private static void serve(ServerSocket server, boolean listens, byte[] answer, End end) {
        while (!server.isClosed()) {
            try (Socket connection = server.accept()) {
                if (listens) {
                    byte[] head = connection.getInputStream().readNBytes(5);   // type, version, length
                    connection.getInputStream().readNBytes(ByteBuffer.wrap(head).getShort(3));
                }
                connection.getOutputStream().write(answer);
                connection.getOutputStream().flush();
                if (end == End.RESET) {
                    connection.setSoLinger(true, 0);
                }
            } catch (IOException e) {
                continue;   // the client has gone, or the test is over: what the client makes of it is what tests assert
            }
        }
    }
}
