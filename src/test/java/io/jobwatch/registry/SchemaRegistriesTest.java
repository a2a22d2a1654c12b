package io.jobwatch.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jobwatch.config.ConfigException;
import io.jobwatch.config.RegistryConfig;
import io.jobwatch.config.RegistryConfig.Client;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SchemaRegistriesTest {
    private final List<List<URI>> opened = new ArrayList<>();
    private final SchemaRegistryProvider confluent = new SchemaRegistryProvider() {
        @Override
        public Client client() {
            return Client.CONFLUENT;
        }

        @Override
        public SchemaRegistry open(List<URI> urls, Map<String, String> properties, RegistryTimeouts timeouts) {
            opened.add(urls);
            return new InMemorySchemaRegistry();
        }
    };

    private static RegistryConfig config(Client client) {
        return new RegistryConfig("http://alice:s3cret@a:1/x/, https://b", Optional.ofNullable(client), 0, Map.of());
    }

    @Test
    void shouldTakeTheBuiltInClientWhereThereIsNoOther() {
        SchemaRegistries registries = SchemaRegistries.of(config(null), List.of());

        assertThat(registries.client()).isEqualTo(Client.BUILT_IN);
        try (SchemaRegistry registry = registries.open()) {
            assertThat(registry).isInstanceOf(HttpSchemaRegistry.class);
        }
    }

    @Test
    void shouldTakeTheClientThatTheJarWasBuiltWith() {
        SchemaRegistries registries = SchemaRegistries.of(config(null), List.of(confluent));

        assertThat(registries.client()).isEqualTo(Client.CONFLUENT);
        try (SchemaRegistry registry = registries.open()) {
            assertThat(registry).isInstanceOf(InMemorySchemaRegistry.class);
        }
        assertThat(opened).containsExactly(List.of(URI.create("http://alice:s3cret@a:1/x/"), URI.create("https://b")));
    }

    @Test
    void shouldTakeTheClientThatTheConfigurationNames() {
        assertThat(SchemaRegistries.of(config(Client.BUILT_IN), List.of(confluent)).client()).isEqualTo(Client.BUILT_IN);
        assertThat(SchemaRegistries.of(config(Client.CONFLUENT), List.of(confluent)).client()).isEqualTo(Client.CONFLUENT);
    }

    @Test
    void shouldSayHowToBuildAJarWithTheClientThatItLacks() {
        assertThatThrownBy(() -> SchemaRegistries.of(config(Client.CONFLUENT), List.of())).isInstanceOf(ConfigException.class)
                .hasMessageContaining("schema-registry.client").hasMessageContaining("mvn -Pconfluent package")
                .hasMessageContaining("built-in");
    }

    @Test
    void shouldShowAddressesWithoutUserInfo() {
        assertThat(SchemaRegistries.of(config(null), List.of()).address()).isEqualTo("http://a:1/x,https://b");
    }

    /** "alice" was taken for the host, "80/cret" for port and path, and shown. */
    @Test
    void shouldNotShowThePartOfAPasswordThatLooksLikeAPath() {
        RegistryConfig config = new RegistryConfig("http://alice:80/cret@host", Optional.empty(), 0, Map.of());

        assertThatThrownBy(() -> SchemaRegistries.of(config, List.of()).address()).isInstanceOf(ConfigException.class)
                .message().doesNotContain("cret", "alice");
    }
}
