package io.jobwatch.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jobwatch.config.TestKeys;
import io.jobwatch.event.ErrorDetail;
import io.jobwatch.registry.RegistryException.Kind;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Through a real proxy. The registry's host name exists for it alone. */
abstract class RegistryProxyContract {
    private static final RegistryTimeouts TIMEOUTS = new RegistryTimeouts(
            Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofMillis(1));
    private static final String HOST = "registry.example.com";

    @TempDir
    private Path folder;

    /** {@return the client under test} */
    abstract SchemaRegistry open(List<URI> urls, Map<String, String> properties, RegistryTimeouts timeouts);

    /** {@return the setting of one more header X-Key with the value k3y, where the client can have it} */
    Map<String, String> header() {
        return Map.of();
    }

    private static Map<String, String> through(int port, Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(more);
        properties.put("proxy.host", "127.0.0.1");
        properties.put("proxy.port", Integer.toString(port));
        return properties;
    }

    private int ask(String url, Map<String, String> properties) {
        try (SchemaRegistry registry = open(List.of(URI.create(url)), properties, TIMEOUTS)) {
            return registry.register("a", ErrorDetail.getClassSchema());
        }
    }

    @Test
    void shouldAskThroughAProxy() throws Exception {
        try (StubRegistry registry = new StubRegistry().answer(200, "{\"id\": 6}"); SmallProxy proxy = new SmallProxy(registry.port())) {
            assertThat(ask("http://" + HOST + ":8081", through(proxy.port(), Map.of()))).isEqualTo(6);

            assertThat(proxy.heads()).singleElement().asString()
                    .startsWith("POST http://registry.example.com:8081/subjects/a/versions HTTP/1.1");
            assertThat(registry.asked()).hasSize(1);
        }
    }

    @Test
    void shouldKeepCredentialsFromAProxyThatPassesOnTls() throws Exception {
        TestKeys keys = TestKeys.make(folder, "registry", "EC", "dns:" + HOST);
        Map<String, String> properties = new HashMap<>(header());
        properties.putAll(Map.of("basic.auth.user.info", "alice:s3cret",
                "schema.registry.ssl.truststore.location", keys.certificate().toString(), "schema.registry.ssl.truststore.type", "PEM"));
        try (StubRegistry registry = new StubRegistry(keys.server()).answer(200, "{\"id\": 6}");
             SmallProxy proxy = new SmallProxy(registry.port())) {
            assertThat(ask("https://" + HOST, through(proxy.port(), properties))).isEqualTo(6);

            assertThat(proxy.heads()).singleElement().asString().startsWith("CONNECT registry.example.com:443 HTTP/1.1")
                    .doesNotContainIgnoringCase("authorization").doesNotContain("k3y");
            assertThat(registry.asked()).singleElement().satisfies(asked -> {
                assertThat(asked.authorization()).isEqualTo("Basic YWxpY2U6czNjcmV0");
                header().values().forEach(value -> assertThat(asked.headers()).containsEntry("X-key", List.of(value)));
            });
        }
    }

    @Test
    void shouldCheckTheRegistrysCertificateThroughAProxyToo() throws Exception {
        TestKeys keys = TestKeys.make(folder, "registry", "EC", "dns:localhost");
        Map<String, String> properties = Map.of("schema.registry.ssl.truststore.location", keys.certificate().toString(),
                "schema.registry.ssl.truststore.type", "PEM");
        try (StubRegistry registry = new StubRegistry(keys.server()).answer(200, "{\"id\": 6}");
             SmallProxy proxy = new SmallProxy(registry.port())) {
            RegistryException failure = catchThrowableOfType(RegistryException.class,
                    () -> ask("https://" + HOST, through(proxy.port(), properties)));

            assertThat(failure).hasMessageContaining("its certificate is for another host");
            assertThat(registry.asked()).isEmpty();
        }
    }

    @Test
    void shouldSayThatTheProxyAsksForAUser() throws Exception {
        try (StubRegistry registry = new StubRegistry(); SmallProxy proxy = new SmallProxy(registry.port())) {
            proxy.refuse("407 Proxy Authentication Required");
            for (String url : List.of("http://" + HOST, "https://" + HOST)) {
                RegistryException failure =
                        catchThrowableOfType(RegistryException.class, () -> ask(url, through(proxy.port(), Map.of())));

                assertThat(failure).as(url).hasMessageContaining("the proxy (proxy.host) asks for a user, which is not supported");
                assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"403 Forbidden", "502 Bad Gateway"})
    void shouldNotTakeWhatTheProxySaysForTheRegistrysAnswer(String status) throws Exception {
        try (StubRegistry registry = new StubRegistry(); SmallProxy proxy = new SmallProxy(registry.port())) {
            proxy.refuse(status);

            RegistryException failure =
                    catchThrowableOfType(RegistryException.class, () -> ask("https://" + HOST, through(proxy.port(), Map.of())));

            assertThat(failure).hasMessageContaining("the proxy (proxy.host) makes no connection to the registry");
            assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        }
    }

    @Test
    void shouldNameTheProxyWhereItIsNotThere() throws Exception {
        SmallProxy closed = new SmallProxy(1);
        closed.close();

        RegistryException failure =
                catchThrowableOfType(RegistryException.class, () -> ask("https://" + HOST, through(closed.port(), Map.of())));

        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure).hasMessageContaining("through the proxy 127.0.0.1:" + closed.port());
    }
}
