package io.jobwatch.registry;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jobwatch.config.ConfigException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfluentTlsTest extends RegistryTlsContract {
    @Override
    SchemaRegistry open(List<URI> urls, Map<String, String> properties, RegistryTimeouts timeouts) {
        return new ConfluentProvider().open(urls, properties, timeouts);
    }

    @Override
    String wrongPassword() {
        return "schema-registry.properties: ";
    }

    /** It reads them and does not use them. */
    @Test
    void shouldRefuseToRestrictTlsAsItWouldNot() {
        for (String name : List.of("enabled.protocols", "cipher.suites")) {
            assertThatThrownBy(() -> ask(URI.create("https://localhost"), trusting(server, name, "TLSv1.2")))
                    .isInstanceOf(ConfigException.class).hasMessageContaining("schema.registry.ssl." + name + ": not heeded");
        }
    }
}
