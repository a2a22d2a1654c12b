package io.jobwatch.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BuiltInTlsTest extends RegistryTlsContract {
    @Override
    SchemaRegistry open(List<URI> urls, Map<String, String> properties, RegistryTimeouts timeouts) {
        return new HttpSchemaRegistry(urls, properties, timeouts);
    }

    @Override
    String wrongPassword() {
        return "are type and password right?";
    }

    @Test
    void shouldSpeakTheVersionsOfTlsThatAreAllowed() throws Exception {
        try (StubRegistry registry = open()) {
            assertThat(ask(registry.url(), trusting(server, "enabled.protocols", "TLSv1.2",
                    "cipher.suites", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"))).isEqualTo(6);
            assertThat(refused(registry.url(), trusting(server, "enabled.protocols", "TLSv1.3",
                    "cipher.suites", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"))).hasMessageContaining("no TLS with the Schema Registry");
        }
    }
}
