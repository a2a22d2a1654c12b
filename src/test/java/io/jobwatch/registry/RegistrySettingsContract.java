package io.jobwatch.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jobwatch.config.ConfigException;
import java.net.URI;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where every client asks and who it says it is, by its settings, over real sockets; and which of these it refuses. */
abstract class RegistrySettingsContract extends RegistryClientContract {
    @Test
    void shouldNotFollowARedirectWithTheCredentials() throws Exception {
        StubRegistry elsewhere = opened(new StubRegistry()).answer(404, "{\"error_code\": 40403, \"message\": \"none\"}");
        SchemaRegistry registry = client(Map.of("bearer.auth.token", "t0ken"));

        stub.redirect(elsewhere.url() + "/subjects/a-value/versions");
        assertThat(failure(() -> registry.register("a-value", SCHEMA))).isNotNull();
        stub.redirect(elsewhere.url() + "/schemas/ids/1");
        assertThat(failure(() -> registry.schemaById(1))).isNotNull();

        assertThat(elsewhere.asked()).extracting(StubRegistry.Asked::authorization).allMatch(Objects::isNull);
    }

    @Test
    void shouldSendTheCredentialsOfItsSettings() {
        stub.answer(200, "{\"id\": 1}");
        String basic = "Basic " + Base64.getEncoder().encodeToString("alice:s3:cret".getBytes());

        client(Map.of("basic.auth.credentials.source", "USER_INFO", "basic.auth.user.info", "alice:s3:cret")).register("a", SCHEMA);
        client(Map.of("basic.auth.user.info", "alice:s3:cret")).register("a", SCHEMA);
        client(Map.of("bearer.auth.credentials.source", "STATIC_TOKEN", "bearer.auth.token", "t0ken")).register("a", SCHEMA);
        client(Map.of("bearer.auth.token", "t0ken")).register("a", SCHEMA);
        client(List.of(URI.create("http://alice:s3%3Acret@127.0.0.1:" + stub.port() + "/")), Map.of(), SHORT).register("a", SCHEMA);
        client(List.of(URI.create("http://alice:s3%3Acret@127.0.0.1:" + stub.port() + "/")),
                Map.of("basic.auth.credentials.source", "URL"), SHORT).register("a", SCHEMA);

        assertThat(stub.asked()).extracting(StubRegistry.Asked::authorization)
                .containsExactly(basic, basic, "Bearer t0ken", "Bearer t0ken", basic, basic);
    }

    @Test
    void shouldSendEachAddressTheUserThatIsInIt() throws Exception {
        StubRegistry other = opened(new StubRegistry()).answer(503, "{}");
        stub.answer(200, "{\"id\": 1}");

        client(List.of(URI.create("http://alice:a@127.0.0.1:" + other.port()), URI.create("http://bob:b@127.0.0.1:" + stub.port())),
                Map.of(), SHORT).register("a", SCHEMA);

        assertThat(other.asked().get(0).authorization()).isEqualTo("Basic " + Base64.getEncoder().encodeToString("alice:a".getBytes()));
        assertThat(stub.asked().get(0).authorization()).isEqualTo("Basic " + Base64.getEncoder().encodeToString("bob:b".getBytes()));
    }

    @Test
    void shouldNameTheLogicalClusterAndThePool() {
        stub.answer(200, "{\"id\": 1}");

        client(Map.of("bearer.auth.token", "t0ken", "bearer.auth.logical.cluster", "lsrc-1", "bearer.auth.identity.pool.id", "pool-1"))
                .register("a", SCHEMA);

        assertThat(stub.asked().get(0).headers()).containsEntry("Target-sr-cluster", List.of("lsrc-1"))
                .containsEntry("Confluent-identity-pool-id", List.of("pool-1"));
    }

    @Test
    void shouldNotShowCredentialsWhenTheyAreRefused() {
        stub.answer(401, "{}");
        URI url = URI.create("http://alice:s3cret@127.0.0.1:" + stub.port());

        RegistryException failure = failure(() -> client(List.of(url), Map.of(), SHORT).schemaById(1));

        assertThat(failure).hasMessageContaining("http://127.0.0.1:" + stub.port());
        assertThat(Throwables.getStackTrace(failure)).doesNotContain("s3cret").doesNotContain("alice");
    }

    @Test
    void shouldNotShowCredentialsWhenThereIsNoAnswer() throws Exception {
        stub.close();
        URI url = URI.create("http://alice:s3cret@127.0.0.1:" + stub.port());

        RegistryException failure = failure(() -> client(List.of(url), Map.of(), SHORT).schemaById(1));

        assertThat(Throwables.getStackTrace(failure)).doesNotContain("s3cret").doesNotContain("alice");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        basic.auth.user.inf=alice:s3cret | properties.basic.auth.user.inf:
        bearer.auth.credentials.source=STATIC_TOKEN | bearer.auth.token: expected the token
        bearer.auth.token=s3cret and more | bearer.auth.token: expected visible ASCII
        bearer.auth.token=s3cret;basic.auth.user.info=alice:s3cret | not both
        basic.auth.user.info=s3cret | expected <user>:<password>, found a value without the colon
        basic.auth.credentials.source=USER_INFO | basic.auth.user.info: expected <user>:<password>, found nothing
        bearer.auth.credentials.source=STATIC_TOKEN;basic.auth.credentials.source=URL | not both
        request.header.X-A=s3\u0007cret | schema-registry.properties.request.header.X-A:
        bearer.auth.token=t;bearer.auth.logical.cluster=s3\u0007cret | bearer.auth.logical.cluster: expected the name and value of a header
        bearer.auth.token=t;bearer.auth.identity.pool.id=s3\u0007cret | bearer.auth.identity.pool.id: expected the name and value of
        max.retries=-1 | max.retries: expected a whole number from 0 to 100, found -1
        http.read.timeout.ms=0 | http.read.timeout.ms: expected a whole number from 1 to 3600000, found 0
        http.connect.timeout.ms=2s | http.connect.timeout.ms: expected a whole number from 1 to 3600000, found 2s
        proxy.host=proxy.example.com | proxy.port: expected it beside proxy.host
        proxy.host=http://u:s3cret@proxy;proxy.port=3128 | proxy.host: expected a host's name or address without scheme, port and user
        ssl.truststore.location=/x | for the registry's client write schema.registry.ssl.truststore.location
        schema.registry.ssl.truststore.location=/no/such/file;schema.registry.ssl.truststore.password=s3cret | /no/such/file
        """)
    void shouldRefuseWrongSettingsWithoutShowingSecrets(String settings, String message) {
        Map<String, String> properties = new HashMap<>();
        for (String setting : settings.split(";")) {
            properties.put(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
        }

        assertThatThrownBy(() -> client(properties)).isInstanceOf(ConfigException.class)
                .hasMessageContaining(message).message().doesNotContain("s3cret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8081", "ftp://h", "http:///x", "http://u:s3cret@h/?a=b", "file:/x"})
    void shouldRefuseWhatIsNoAddressOfARegistry(String url) {
        assertThatThrownBy(() -> client(List.of(URI.create(url)), Map.of(), SHORT)).isInstanceOf(ConfigException.class)
                .hasMessageContaining("expected http(s)://host:port").message().doesNotContain("s3cret");
    }

    /** Requests went to the host v7, or host, in their place. */
    @ParameterizedTest
    @ValueSource(strings = {"/apis@v7", "/@v7", "/x/y@v7/z"})
    void shouldRefuseAnAtSignInThePath(String path) {
        assertThatThrownBy(() -> client(List.of(URI.create("http://alice:80" + path)), Map.of(), SHORT))
                .isInstanceOf(ConfigException.class).hasMessageContaining("expected http(s)://host:port")
                .hasMessageContaining("an @ in a path: %40").message().doesNotContain("alice", "apis");
    }

    @Test
    void shouldAskUnderAPathWithAnAtSignThatIsEscaped() {
        stub.answer(200, "{\"id\": 1}");
        URI url = URI.create("http://alice:s3cret@127.0.0.1:" + stub.port() + "/apis%40v7/");

        assertThat(client(List.of(url), Map.of(), SHORT).register("a", SCHEMA)).isEqualTo(1);

        assertThat(stub.asked().get(0).path()).startsWith("/apis%40v7/subjects/a/versions");
    }

    @Test
    void shouldRefuseToHaveNoAddress() {
        assertThatThrownBy(() -> client(List.of(), Map.of(), SHORT)).isInstanceOf(ConfigException.class);
    }

    @Test
    void shouldKeepThePathOfTheAddress() {
        stub.answer(200, "{\"id\": 1}");

        client(List.of(URI.create(stub.url() + "/apis/ccompat/v7/")), Map.of(), SHORT).register("a", SCHEMA);

        assertThat(stub.asked().get(0).path()).isEqualTo("/apis/ccompat/v7/subjects/a/versions");
    }
}
