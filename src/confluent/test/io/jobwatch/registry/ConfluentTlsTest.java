package io.jobwatch.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jobwatch.config.TestKeys;
import io.jobwatch.event.ErrorDetail;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfluentTlsTest {
    private static final String TRUSTSTORE = "schema.registry.ssl.truststore.";
    private static final RegistryTimeouts TIMEOUTS = new RegistryTimeouts(
            Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofMillis(1));

    @TempDir
    private Path folder;

    private static int ask(URI url, Map<String, String> properties) {
        try (SchemaRegistry registry = new ConfluentProvider().open(List.of(url), properties, TIMEOUTS)) {
            return registry.register("a", ErrorDetail.getClassSchema());
        }
    }

    private static Map<String, String> trusting(TestKeys keys) {
        return Map.of(TRUSTSTORE + "location", keys.certificate().toString(), TRUSTSTORE + "type", "PEM");
    }

    @Test
    void shouldTrustWhomTheSettingsTrustAndNobodyElse() throws Exception {
        TestKeys server = TestKeys.make(folder, "server", "EC");
        TestKeys stranger = TestKeys.make(folder, "stranger", "EC");
        try (StubRegistry registry = new StubRegistry(server.server()).answer(200, "{\"id\": 6}")) {
            assertThat(ask(registry.url(), trusting(server))).isEqualTo(6);
            assertThat(catchThrowableOfType(RegistryException.class, () -> ask(registry.url(), trusting(stranger))).kind())
                    .isEqualTo(RegistryException.Kind.UNAVAILABLE);
        }
    }

    /** The library's own default, where anything about TLS is set, is to take a trusted certificate for any host. */
    @Test
    void shouldNotTakeACertificateForAnotherHost() throws Exception {
        TestKeys elsewhere = TestKeys.make(folder, "elsewhere", "EC", "dns:registry.example.com");
        try (StubRegistry registry = new StubRegistry(elsewhere.server()).answer(200, "{\"id\": 6}")) {
            assertThat(catchThrowableOfType(RegistryException.class, () -> ask(registry.url(), trusting(elsewhere))).kind())
                    .isEqualTo(RegistryException.Kind.UNAVAILABLE);
            assertThat(registry.asked()).isEmpty();
        }
    }
}
