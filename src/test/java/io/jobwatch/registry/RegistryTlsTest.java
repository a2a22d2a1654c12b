package io.jobwatch.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jobwatch.event.ErrorDetail;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryTlsTest {
    private static final HttpSchemaRegistry.Timeouts TIMEOUTS = new HttpSchemaRegistry.Timeouts(
            Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofMillis(1));
    private static final String PREFIX = "schema.registry.ssl.truststore.";

    @TempDir
    static Path folder;
    private static Path keys;
    private static Path certificate;

    @BeforeAll
    static void makeKeys() throws Exception {
        keys = folder.resolve("keys.p12");
        certificate = folder.resolve("certificate.pem");
        keytool("-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "SAN=dns:localhost",
                "-validity", "2", "-keystore", keys.toString(), "-storetype", "PKCS12", "-storepass", "changeit");
        keytool("-exportcert", "-rfc", "-alias", "server", "-keystore", keys.toString(), "-storepass", "changeit",
                "-file", certificate.toString());
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(output).isZero();
    }

    private static StubRegistry server() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return new StubRegistry(context).answer(200, "{\"id\": 6}");
    }

    @Test
    void shouldTrustTheCertificatesOfATruststoreOrAPemFile() throws Exception {
        try (StubRegistry server = server();
             HttpSchemaRegistry store = new HttpSchemaRegistry(List.of(server.url()), Map.of(
                     PREFIX + "location", keys.toString(), PREFIX + "password", "changeit", PREFIX + "type", "PKCS12"), TIMEOUTS);
             HttpSchemaRegistry pem = new HttpSchemaRegistry(List.of(server.url()), Map.of(
                     PREFIX + "location", certificate.toString(), PREFIX + "type", "PEM"), TIMEOUTS)) {
            assertThat(store.register("a", ErrorDetail.getClassSchema())).isEqualTo(6);
            assertThat(pem.register("a", ErrorDetail.getClassSchema())).isEqualTo(6);
        }
    }

    @Test
    void shouldNotTrustAnUnknownCertificate() throws Exception {
        try (StubRegistry server = server();
             HttpSchemaRegistry registry = new HttpSchemaRegistry(List.of(server.url()), Map.of(), TIMEOUTS)) {
            RegistryException failure = catchThrowableOfType(RegistryException.class, () -> registry.schemaById(1));

            assertThat(failure.kind()).isEqualTo(RegistryException.Kind.UNAVAILABLE);
            assertThat(failure).hasMessageContaining("certification path");
            assertThat(server.asked()).isEmpty();
        }
    }
}
