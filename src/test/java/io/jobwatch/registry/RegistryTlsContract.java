package io.jobwatch.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jobwatch.config.ConfigException;
import io.jobwatch.config.Pem;
import io.jobwatch.config.TestKeys;
import io.jobwatch.event.ErrorDetail;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over real connections: whom the client trusts, and how it shows who it is. */
abstract class RegistryTlsContract {
    private static final RegistryTimeouts TIMEOUTS = new RegistryTimeouts(
            Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofMillis(1));
    private static final String SSL = "schema.registry.ssl.";
    private static final String PASSWORD = "pa55word";

    @TempDir
    static Path folder;
    static TestKeys server;
    private static TestKeys client;
    private static TestKeys stranger;
    private static TestKeys elsewhere;

    @BeforeAll
    static void makeKeys() throws Exception {
        server = TestKeys.make(folder, "server", "EC");
        client = TestKeys.make(folder, "client", "EC");
        stranger = TestKeys.make(folder, "stranger", "EC");
        elsewhere = TestKeys.make(folder, "elsewhere", "EC", "dns:registry.example.com");
    }

    /** {@return the client under test} */
    abstract SchemaRegistry open(List<URI> urls, Map<String, String> properties, RegistryTimeouts timeouts);

    /** {@return what it says where a store cannot be read with the password that it has} */
    abstract String wrongPassword();

    static Map<String, String> trusting(TestKeys keys, String... more) {
        Map<String, String> properties = new HashMap<>(Map.of(
                SSL + "truststore.location", keys.certificate().toString(), SSL + "truststore.type", "PEM"));
        for (int i = 0; i < more.length; i += 2) {
            properties.put(SSL + more[i], more[i + 1]);
        }
        return properties;
    }

    int ask(URI url, Map<String, String> properties) {
        try (SchemaRegistry registry = open(List.of(url), properties, TIMEOUTS)) {
            return registry.register("a", ErrorDetail.getClassSchema());
        }
    }

    RegistryException refused(URI url, Map<String, String> properties) {
        RegistryException failure = catchThrowableOfType(RegistryException.class, () -> ask(url, properties));
        assertThat(failure.kind()).isEqualTo(RegistryException.Kind.UNAVAILABLE);
        return failure;
    }

    static StubRegistry open() throws Exception {
        return new StubRegistry(server.server()).answer(200, "{\"id\": 6}");
    }

    private static StubRegistry askingForCertificates() throws Exception {
        return StubRegistry.askingForCertificates(server.server(client)).answer(200, "{\"id\": 6}");
    }

    private static Path store(String type, TestKeys keys, String keyPassword) throws Exception {
        KeyStore pem = Pem.keyStore(keys.certificate(), keys.key(), PASSWORD.toCharArray());
        KeyStore store = KeyStore.getInstance(type);
        store.load(null, null);
        store.setKeyEntry("me", pem.getKey("key", PASSWORD.toCharArray()), keyPassword.toCharArray(), pem.getCertificateChain("key"));
        store.setCertificateEntry("it", pem.getCertificate("key"));
        Path file = Files.createTempFile(folder, "store", "." + type);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
        return file;
    }

    /** {@return a key as PKCS #8, encrypted with a password} */
    private static String encrypted(TestKeys keys) throws Exception {
        KeyStore pem = Pem.keyStore(keys.certificate(), keys.key(), PASSWORD.toCharArray());
        String algorithm = "PBEWithSHA1AndDESede";
        byte[] salt = new byte[16];
        new SecureRandom().nextBytes(salt);
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(Cipher.ENCRYPT_MODE, SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(PASSWORD.toCharArray())),
                new PBEParameterSpec(salt, 2_048));
        byte[] content = cipher.doFinal(pem.getKey("key", PASSWORD.toCharArray()).getEncoded());
        return TestKeys.pem("ENCRYPTED PRIVATE KEY", new EncryptedPrivateKeyInfo(cipher.getParameters(), content).getEncoded());
    }

    @Test
    void shouldTrustTheCertificatesOfAStoreOrAPemFileOrATextInPem() throws Exception {
        try (StubRegistry registry = open()) {
            for (String type : List.of("JKS", "PKCS12")) {
                assertThat(ask(registry.url(), Map.of(SSL + "truststore.location", store(type, server, PASSWORD).toString(),
                        SSL + "truststore.password", PASSWORD, SSL + "truststore.type", type))).isEqualTo(6);
            }
            assertThat(ask(registry.url(), trusting(server))).isEqualTo(6);
            assertThat(ask(registry.url(), Map.of(SSL + "truststore.certificates", Files.readString(server.certificate()),
                    SSL + "truststore.type", "pem"))).isEqualTo(6);
        }
    }

    @Test
    void shouldReadAPkcs12StoreThoughTheTypeIsLeftAtItsDefault() throws Exception {
        try (StubRegistry registry = open()) {
            assertThat(ask(registry.url(), Map.of(SSL + "truststore.location", store("PKCS12", server, PASSWORD).toString(),
                    SSL + "truststore.password", PASSWORD))).isEqualTo(6);
        }
    }

    @Test
    void shouldNotTrustAnUnknownCertificate() throws Exception {
        try (StubRegistry registry = open()) {
            for (Map<String, String> properties : List.of(Map.<String, String>of(), trusting(stranger),
                    trusting(stranger, "endpoint.identification.algorithm", ""))) {
                assertThat(refused(registry.url(), properties)).hasMessageContaining("certification path")
                        .hasMessageContaining("name the certificate of its CA with schema.registry.ssl.truststore.*")
                        .hasMessageContaining(registry.url().toString());
            }
            assertThat(registry.asked()).isEmpty();
        }
    }

    @Test
    void shouldNotTrustTheCertificateOfAnotherHostUnlessToldSo() throws Exception {
        try (StubRegistry registry = new StubRegistry(elsewhere.server()).answer(200, "{\"id\": 6}")) {
            assertThat(refused(registry.url(), trusting(elsewhere)))
                    .hasMessageContaining("its certificate is for another host than the one in schema-registry.url");
            assertThat(refused(registry.url(), trusting(elsewhere, "endpoint.identification.algorithm", "https"))).isNotNull();
            assertThat(registry.asked()).isEmpty();

            assertThat(ask(registry.url(), trusting(elsewhere, "endpoint.identification.algorithm", ""))).isEqualTo(6);
            assertThat(ask(registry.url(), trusting(elsewhere, "endpoint.identification.algorithm", "none"))).isEqualTo(6);
        }
    }

    @Test
    void shouldShowTheCertificateOfAStore() throws Exception {
        try (StubRegistry registry = askingForCertificates()) {
            assertThat(ask(registry.url(), trusting(server, "keystore.location", store("PKCS12", client, PASSWORD).toString(),
                    "keystore.type", "PKCS12", "keystore.password", PASSWORD))).isEqualTo(6);
            assertThat(ask(registry.url(), trusting(server, "keystore.location", store("JKS", client, "other").toString(),
                    "keystore.password", PASSWORD, "key.password", "other"))).isEqualTo(6);
        }
    }

    @Test
    void shouldShowTheCertificateOfAPemFileOrOfTextsInPem() throws Exception {
        Path both = Files.writeString(folder.resolve("both.pem"), Files.readString(client.key()) + Files.readString(client.certificate()));
        try (StubRegistry registry = askingForCertificates()) {
            assertThat(ask(registry.url(), trusting(server, "keystore.location", both.toString(), "keystore.type", "PEM"))).isEqualTo(6);
            assertThat(ask(registry.url(), trusting(server, "keystore.type", "PEM", "keystore.key", Files.readString(client.key()),
                    "keystore.certificate.chain", Files.readString(client.certificate())))).isEqualTo(6);
            assertThat(ask(registry.url(), trusting(server, "keystore.type", "PEM", "keystore.key", encrypted(client),
                    "key.password", PASSWORD, "keystore.certificate.chain", Files.readString(client.certificate())))).isEqualTo(6);
        }
    }

    @Test
    void shouldSayThatTheRegistryWantsACertificate() throws Exception {
        try (StubRegistry registry = askingForCertificates()) {
            assertThat(refused(registry.url(), trusting(server))).hasMessageContaining(
                    "does it want a certificate of this client, or another one (schema.registry.ssl.keystore.*)?");
            assertThat(refused(registry.url(), trusting(server, "keystore.type", "PEM", "keystore.key", Files.readString(stranger.key()),
                    "keystore.certificate.chain", Files.readString(stranger.certificate())))).hasMessageContaining(
                    "does it want a certificate of this client, or another one (schema.registry.ssl.keystore.*)?");
            assertThat(registry.asked()).isEmpty();
        }
    }

    @Test
    void shouldSayThatAPasswordIsWrongAndNotShowIt() throws Exception {
        String file = store("PKCS12", client, PASSWORD).toString();
        Map<String, String> keystore = Map.of(SSL + "keystore.location", file, SSL + "keystore.password", "wr0ng");
        Map<String, String> truststore = Map.of(SSL + "truststore.location", file, SSL + "truststore.password", "wr0ng");
        Map<String, String> key = Map.of(SSL + "keystore.location", store("JKS", client, "other").toString(),
                SSL + "keystore.password", PASSWORD, SSL + "key.password", "wr0ng");
        Map<String, String> pem = Map.of(SSL + "keystore.type", "PEM", SSL + "keystore.key", encrypted(client),
                SSL + "key.password", "wr0ng", SSL + "keystore.certificate.chain", Files.readString(client.certificate()));

        for (Map<String, String> properties : List.of(keystore, truststore, key, pem)) {
            assertThatThrownBy(() -> ask(URI.create("https://localhost"), properties)).isInstanceOf(ConfigException.class)
                    .hasMessageContaining(wrongPassword()).message().doesNotContain("wr0ng", PASSWORD).hasLineCount(1);
        }
    }

    @Test
    void shouldSayThatTheRegistrySpeaksNoTls() throws Exception {
        try (RawRegistry registry = new RawRegistry((in, out) ->
                out.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)))) {
            assertThat(refused(URI.create("https://localhost:" + registry.port()), trusting(server)))
                    .hasMessageContaining("is it http rather than https?");
        }
    }
}
