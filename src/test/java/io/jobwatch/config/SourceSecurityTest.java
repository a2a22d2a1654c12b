package io.jobwatch.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OAuth 2.0 and TLS of a source. */
class SourceSecurityTest {

    @TempDir
    static Path keys;
    private static TestKeys rsa;
    private static TestKeys ec;

    @TempDir
    Path folder;

    @BeforeAll
    static void makeKeys() throws Exception {
        rsa = TestKeys.make(keys, "rsa", "RSA");
        ec = TestKeys.make(keys, "ec", "EC");
    }

    private SourceConfig source(String more) throws IOException {
        return ConfigLoader.load(file(more), name -> null).sources().get(0);
    }

    private String problem(String more) throws IOException {
        Path file = file(more);
        ConfigException failure = catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(file, name -> null));
        assertThat(failure).as("a problem in %s", more).isNotNull();
        assertThat(failure.getMessage()).doesNotContain("s3cret");
        return failure.getMessage();
    }

    private Path file(String more) throws IOException {
        return Files.writeString(folder.resolve("jobwatch.yaml"), "sources: [{name: a, type: ams-v2, url: https://h/, " + more + "}]");
    }

    @Test
    void shouldReadOAuth2() throws IOException {
        assertThat(source("auth: {type: oauth2, token-url: \"https://id/t\", client-id: me, client-secret: s3cret}").auth())
                .isEqualTo(new AuthConfig.OAuth2(URI.create("https://id/t"), "me", new Secret("s3cret"), AuthConfig.ClientAuth.BASIC,
                        Map.of()));
        Path secret = Files.writeString(folder.resolve("secret"), "s3cret\n");
        SourceConfig source = source("auth: {type: oauth2, token-url: \"http://127.0.0.1:1/t\", client-id: me, client-auth: post,"
                + " scope: a b, client-secret-file: \"" + secret + "\", resource: r, audience: au, parameters: {organization: o}}");
        assertThat(source.auth()).isEqualTo(new AuthConfig.OAuth2(URI.create("http://127.0.0.1:1/t"), "me", new Secret("s3cret"),
                AuthConfig.ClientAuth.POST, Map.of("scope", "a b", "resource", "r", "audience", "au", "organization", "o")));
        assertThat(((AuthConfig.OAuth2) source.auth()).clientSecret().file()).isPresent();
        assertThat(source.toString()).doesNotContain("s3cret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://id.example.com/t", "http://localhost/t", "HTTP://127.1.2.3:99/t", "http://[::1]:99/t"})
    void shouldTakeATokenUrlWhereTheSecretIsSafe(String url) throws IOException {
        assertThat(source("auth: {type: oauth2, token-url: \"" + url + "\", client-id: me, client-secret: s3cret}").auth())
                .isInstanceOf(AuthConfig.OAuth2.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        token-url: "http://id/t", client-id: me, client-secret: s3cret              | or http only on a loopback address
        token-url: "http://127.0.0.1.evil/t", client-id: me, client-secret: s3cret  | token-url: expected https://
        token-url: "https://u:s3cret@h/t", client-id: me, client-secret: s3cret     | token-url: expected https://
        client-id: me, client-secret: s3cret                                        | token-url: missing
        token-url: "https://id/t", client-secret: s3cret                            | client-id: missing
        token-url: "https://id/t", client-id: me                                    | client-secret: missing; expected the client-secret
        token-url: "https://id/t", client-id: me, client-secret: a, client-secret-file: x | expected client-secret or client
        token-url: "https://id/t", client-id: me, client-secret-file: nowhere       | client-secret-file: cannot read nowhere: NoSuchFile
        token-url: "https://id/t", client-id: me, client-secret: s3cret, client-auth: jwt  | client-auth: expected one of basic, post
        token-url: "https://id/t", client-id: me, client-secret: s3cret, scopes: a  | scopes: unknown key; did you mean scope?
        token-url: "https://id/t", client-id: me, client-secret: a, parameters: {client_secret: s3cret} | client_secret: expected another
        token-url: "https://id/t", client-id: me, client-secret: a, scope: a, parameters: {scope: b} | parameters.scope: the parameter
        """)
    void shouldRefuseWrongOAuth2(String keysOfAuth, String message) throws IOException {
        assertThat(problem("auth: {type: oauth2, " + keysOfAuth.strip() + "}")).contains("sources[0].auth.").contains(message);
    }

    @Test
    void shouldReadTls() throws IOException {
        assertThat(source("account: b").tls()).isEmpty();
        assertThat(source("tls: {ca-file: \"" + rsa.certificate() + "\"}").tls())
                .contains(new TlsConfig(Optional.of(rsa.certificate()), Optional.empty(), Optional.empty()));
        for (TestKeys pair : new TestKeys[] {rsa, ec}) {
            assertThat(source("tls: {certificate-file: \"" + pair.certificate() + "\", key-file: \"" + pair.key() + "\"}").tls())
                    .contains(new TlsConfig(Optional.empty(), Optional.of(pair.certificate()), Optional.of(pair.key())));
        }
        Path both = Files.writeString(folder.resolve("both.pem"),
                "a note\n" + Files.readString(ec.key()) + "another\n" + Files.readString(ec.certificate()));
        assertThat(source("tls: {certificate-file: \"" + both + "\", key-file: \"" + both + "\"}").tls()).isPresent();
    }

    @Test
    void shouldSayWhatIsWrongWithTlsFiles() throws Exception {
        byte[] der = Base64.getMimeDecoder().decode(Files.readString(rsa.key()).replaceAll("-----.*", ""));
        Path encrypted = Files.writeString(folder.resolve("encrypted"), TestKeys.pem("ENCRYPTED PRIVATE KEY", der));
        Path old = Files.writeString(folder.resolve("old"), TestKeys.pem("RSA PRIVATE KEY", der));
        Path oldEncrypted = Files.writeString(folder.resolve("old-encrypted"), Files.readString(old)
                .replaceFirst("\n", "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n"));
        Path binary = Files.write(folder.resolve("binary"), der);
        Path cut = Files.writeString(folder.resolve("cut"), Files.readString(rsa.key()).substring(0, 200));
        Path edited = Files.writeString(folder.resolve("edited"), Files.readString(rsa.certificate()).replaceFirst("MII", "M%I"));
        Path torn = Files.writeString(folder.resolve("torn"), TestKeys.pem("CERTIFICATE", new byte[] {1, 2, 3}));
        Path broken = Files.writeString(folder.resolve("broken"), TestKeys.pem("PRIVATE KEY", new byte[] {1, 2, 3}));
        Path chain = Files.writeString(folder.resolve("chain"), Files.readString(rsa.certificate()) + Files.readString(ec.certificate()));

        assertThat(tlsProblem(rsa.certificate(), encrypted)).contains("key-file: " + encrypted + ": the private key is encrypted",
                "openssl pkcs8 -topk8 -nocrypt");
        assertThat(tlsProblem(rsa.certificate(), oldEncrypted)).contains("the private key is encrypted");
        assertThat(tlsProblem(rsa.certificate(), old))
                .contains("expected a private key as PKCS #8 (-----BEGIN PRIVATE KEY-----), found -----BEGIN RSA PRIVATE KEY-----");
        assertThat(tlsProblem(rsa.certificate(), binary)).contains("expected one private key in PEM", "found none");
        assertThat(tlsProblem(rsa.certificate(), cut)).contains(cut + ": a part begins but does not end; is the file cut?");
        assertThat(tlsProblem(rsa.certificate(), broken)).contains(broken + ": the private key does not belong", "or cannot be read");
        assertThat(tlsProblem(rsa.certificate(), ec.key())).contains("the private key does not belong to the certificate of CN=rsa");
        assertThat(tlsProblem(rsa.certificate(), TestKeys.make(folder, "other", "RSA").key()))
                .contains("the private key does not belong to the certificate of CN=rsa");
        assertThat(tlsProblem(rsa.certificate(), folder.resolve("none"))).contains("key-file: cannot read", "none: NoSuchFileException");
        assertThat(tlsProblem(binary, rsa.key())).contains("certificate-file: " + binary + ": expected a certificate in PEM", "found none");
        assertThat(tlsProblem(edited, rsa.key())).contains("certificate-file: " + edited + ": ");
        assertThat(tlsProblem(torn, rsa.key())).contains(torn + ": a certificate in it cannot be read");
        assertThat(tlsProblem(chain, rsa.key())).contains(chain + ": its certificates cannot be used", "expected the key's own first");
        assertThat(problem("tls: {ca-file: /no/such}")).contains("sources[0].tls.ca-file: cannot read /no/such: NoSuchFileException");
        assertThat(problem("tls: {certificate-file: \"" + rsa.certificate() + "\"}"))
                .contains("sources[0].tls.key-file: missing; expected the private key of certificate-file");
        assertThat(problem("tls: {key-file: \"" + rsa.key() + "\"}")).contains("tls.certificate-file: missing; expected the certificate");
        assertThat(problem("tls: {ca-fil: x}")).contains("sources[0].tls.ca-fil: unknown key; did you mean ca-file?");
        assertThat(problem("tls: yes")).contains("sources[0].tls: expected a mapping");
    }

    private String tlsProblem(Path certificate, Path key) throws IOException {
        return problem("tls: {certificate-file: \"" + certificate + "\", key-file: \"" + key + "\"}");
    }

    @Test
    void shouldRefuseTlsForAServiceWithoutIt() throws IOException {
        Path plain = Files.writeString(folder.resolve("plain.yaml"),
                "sources: [{name: a, type: ams-v2, url: http://h/, tls: {ca-file: \"" + rsa.certificate() + "\"}}]");
        ConfigException failure = catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(plain, name -> null));
        assertThat(failure).hasMessageContaining("sources[0].tls: expected an https url where tls is set, found http");
    }
}
