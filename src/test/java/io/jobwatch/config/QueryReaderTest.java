package io.jobwatch.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may ask queries, and TLS with them. */
class QueryReaderTest {
    private static final String HASH = "8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4";
    private static final String OTHER = "b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c";

    @TempDir
    static Path keys;
    private static TestKeys pair;
    private static TestKeys other;

    @TempDir
    Path folder;

    @BeforeAll
    static void makeKeys() throws Exception {
        pair = TestKeys.make(keys, "pair", "EC");
        other = TestKeys.make(keys, "other", "EC");
    }

    private QueryConfig query(String yaml) throws IOException {
        return ConfigLoader.load(file(yaml), Map.of("HASH", HASH)::get).query();
    }

    private String problem(String yaml) throws IOException {
        Path file = file(yaml);
        ConfigException failure = catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(file, name -> null));
        assertThat(failure).as("a problem in %s", yaml).isNotNull();
        return failure.getMessage().replace(file.toString(), "jobwatch.yaml");
    }

    private Path file(String query) throws IOException {
        return Files.writeString(folder.resolve("jobwatch.yaml"), "roles: [query]\nquery: " + query + "\n");
    }

    @Test
    void shouldReadTokensTlsAndOpenMetrics() throws IOException {
        QueryConfig query = query("{host: 0.0.0.0, port: 1, metrics-open: true, auth: {type: bearer, tokens: [{name: ops, "
                + "sha256: \"${HASH}\"}, {name: ci.2, sha256: " + OTHER.toUpperCase(Locale.ROOT) + "}]}, tls: {certificate-file: " + pair.certificate()
                + ", key-file: " + pair.key() + "}}");

        assertThat(query).isEqualTo(new QueryConfig("0.0.0.0", 1,
                new QueryAuth.Bearer(List.of(new AccessToken("ops", HASH), new AccessToken("ci.2", OTHER))),
                Optional.of(new QueryTls(pair.certificate(), pair.key())), true));
    }

    @Test
    void shouldNeedNoneOfIt() throws IOException {
        assertThat(query("{auth: {type: none}}")).isEqualTo(new QueryConfig("127.0.0.1", 8080));
    }

    @Test
    void shouldListenForHealthAtAPortOfItsOwn() throws IOException {
        assertThat(query("{port: 8080}").health()).isEmpty();
        assertThat(query("{port: 8080, health-port: 9000, metrics-open: true}").health()).contains(new QueryConfig("127.0.0.1", 9000,
                new QueryAuth.None(), Optional.empty(), true, Optional.of(9000)));
        assertThat(problem("{health-port: 70000}")).contains("query.health-port: expected a whole number from 0 to 65535");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "\"::\"", "10.1.2.3", "jobs.example.com", "\"fe80::1\""})
    void shouldListenAnywhereWithTokens(String host) throws IOException {
        assertThat(query("{host: " + host + ", auth: {type: bearer, tokens: [{name: a, sha256: " + HASH + "}]}}").host())
                .isEqualTo(host.replace("\"", ""));
        assertThat(problem("{host: " + host + "}")).contains("query.host: expected a loopback address", "query.auth.type bearer")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        auth: {type: basic}                                     | query.auth.type: expected one of none, bearer, found "basic"
        auth: {type: none, tokens: []}                          | query.auth.tokens: unknown key
        host: 0.0.0.0, auth: {type: bearer}                     | query.auth.tokens: missing; expected a list of tokens, each with a name
        host: 0.0.0.0, auth: {type: bearer, tokens: []}         | query.auth.tokens: expected at least one token, as without one nobody
        auth: {type: bearer, tokens: [{name: a}]}               | query.auth.tokens[0].sha256: missing; expected the SHA-256 of a token as
        auth: {type: bearer, tokens: [{sha256: HASH}]}          | query.auth.tokens[0].name: missing; expected a name of 1 to 100
        auth: {type: bearer, tokens: [{name: a b, sha256: HASH}]} | query.auth.tokens[0].name: expected a name of 1 to 100 of the
        auth: {type: bearer, tokens: [{name: a, sha256: HASH, b: 1}]} | query.auth.tokens[0].b: unknown key; Allowed here: name, sha256-file, sha256
        auth: {type: bearer, tokens: [{name: a, sha256: HASH}, {name: a, sha256: OTHER}]} | tokens[1].name: expected a name of its own
        auth: {type: bearer, tokens: [{name: a, sha256: HASH}, {name: b, sha256: HASH}]} | tokens[1].sha256: expected a token of its own, found that
        auth: {type: bearer, tokens: [{name: a, sha256: HASH, sha256-file: f}]} | tokens[0].sha256-file: expected sha256 or sha256-file, found both
        auth: {type: bearer, tokens: [{name: a, sha256-file: nowhere}]} | query.auth.tokens[0].sha256-file: cannot read nowhere: NoSuchFile
        auth: {type: bearer, tokens: [{name: a, sha256: HASH}], x: 1} | query.auth.x: unknown key
        host: "a b", auth: {type: bearer, tokens: [{name: a, sha256: HASH}]} | query.host: expected an address or name of this machine
        host: "a:1", auth: {type: bearer, tokens: [{name: a, sha256: HASH}]} | query.host: expected an address or name of this machine
        metrics-open: yes                                       | query.metrics-open: expected true or false, found "yes"
        tls: {}                                                 | query.tls.certificate-file: missing; expected a path
        tls: {certificate-file: CRT}                            | query.tls.key-file: missing; expected a path
        tls: {certificate-file: nowhere.crt, key-file: KEY}     | query.tls.certificate-file: cannot read nowhere.crt
        tls: {certificate-file: CRT, key-file: CRT}             | query.tls.key-file: CRT: expected one private key in PEM
        tls: {certificate-file: CRT, key-file: OTHERKEY}        | query.tls.key-file: OTHERKEY: the private key does not belong to the
        tls: {certificate-file: CRT, key-file: KEY, ca-file: x} | query.tls.ca-file: unknown key
        """)
    void shouldRefuseABadValueAndSayWhatIsAllowed(String query, String message) throws IOException {
        assertThat(problem("{" + filled(query) + "}")).contains(filled(message)).doesNotContain(HASH);
    }

    private static String filled(String text) {
        return text.replace("OTHERKEY", other.key().toString()).replace("OTHER", OTHER).replace("HASH", HASH)
                .replace("CRT", pair.certificate().toString()).replace("KEY", pair.key().toString());
    }

    @Test
    void shouldReadTheHashOfATokenFromAFile() throws IOException {
        Path hash = Files.writeString(folder.resolve("hash"), HASH + "\n");

        assertThat(query("{auth: {type: bearer, tokens: [{name: a, sha256-file: " + hash + "}, {name: b, sha256: " + OTHER + "}]}}").auth())
                .isEqualTo(new QueryAuth.Bearer(List.of(new AccessToken("a", HASH), new AccessToken("b", OTHER))));
        assertThat(problem("{auth: {type: bearer, tokens: [{name: a, sha256: " + HASH + "}, {name: b, sha256-file: " + hash + "}]}}"))
                .contains("tokens[1].sha256-file: expected a token of its own, found that of a");
    }

    @Test
    void shouldNotRepeatATokenThatStandsInTheFileOfItsHash() throws IOException {
        Path hash = Files.writeString(folder.resolve("hash"), "jw_s3cret\n");

        assertThat(problem("{auth: {type: bearer, tokens: [{name: a, sha256-file: " + hash + "}]}}"))
                .contains("sha256-file: expected the SHA-256 of a token").contains("in " + hash).doesNotContain("s3cret");
    }

    @Test
    void shouldNotRepeatATokenThatStandsWhereItsHashShould() throws IOException {
        assertThat(problem("{auth: {type: bearer, tokens: [{name: a, sha256: jw_s3cret}]}}")).contains("sha256: expected the SHA-256")
                .contains("jobwatch token").doesNotContain("s3cret");
    }

    @Test
    void shouldMakeTokensThatOpenWhatTheirHashesGuard() {
        SecureRandom random = new SecureRandom();
        Set<String> tokens = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            String token = AccessToken.make(random);
            tokens.add(token);
            AccessToken entry = AccessToken.of("ops", token);

            assertThat(token).matches("jw_[A-Za-z0-9_-]{43}");
            assertThat(AccessToken.isToken(token)).isTrue();
            assertThat(entry.sha256()).matches("[0-9a-f]{64}");
            assertThat(entry.matches(AccessToken.digest(token))).isTrue();
            assertThat(entry.matches(AccessToken.digest(token + "x"))).isFalse();
            assertThat(entry.toString()).doesNotContain(token);
        }
        assertThat(tokens).hasSize(100);
        // Of FIPS 180-2, appendix B.1.
        assertThat(AccessToken.of("a", "abc").sha256()).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "0123456789012345678901234567890", "01234567890123456789 0123456789012",
        "täxt56789012345678901234567890123",
        "0123456789=0123456789012345678901234"})
    void shouldKnowWhatIsNoToken(String text) {
        assertThat(AccessToken.isToken(text)).isFalse();
    }
}
