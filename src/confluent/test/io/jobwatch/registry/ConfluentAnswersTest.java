package io.jobwatch.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jobwatch.config.ConfigException;
import io.jobwatch.registry.RegistryException.Kind;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfluentAnswersTest extends RegistryAnswersContract {
    private static final URI SOMEWHERE = URI.create("http://127.0.0.1:1");

    @Override
    SchemaRegistry open(List<URI> urls, Map<String, String> properties, RegistryTimeouts timeouts) {
        return new ConfluentProvider().open(urls, properties, timeouts);
    }

    /** The library follows redirects, and the JDK takes every header but Authorization along. */
    @Test
    void shouldRefuseHeadersThatARedirectWouldTakeToAnotherHost() {
        assertThatThrownBy(() -> open(List.of(SOMEWHERE), Map.of("request.header.X-Key", "s3cret"), RegistryTimeouts.DEFAULT).close())
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("schema-registry.properties.request.header.X-Key: not supported by Confluent's client")
                .hasMessageContaining("set schema-registry.client to built-in").message().doesNotContain("s3cret");
    }

    /** The JDK follows no redirect from http to https, and the library then stumbles over the missing body. */
    @Test
    void shouldSayThatTheAddressLeadsElsewhere() throws Exception {
        try (StubRegistry stub = new StubRegistry().redirect("https://127.0.0.1:1/schemas/ids/1");
             SchemaRegistry registry = open(List.of(stub.url()), Map.of(), RegistryTimeouts.DEFAULT)) {
            RegistryException failure = catchThrowableOfType(RegistryException.class, () -> registry.schemaById(1));

            assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
            assertThat(failure).hasMessageContaining("configure the address it leads to");
            assertThat(stub.asked()).hasSize(1);
        }
    }

    @Test
    void shouldSayThatItWasClosed() throws Exception {
        try (StubRegistry stub = new StubRegistry().answer(200, "{}")) {
            SchemaRegistry registry = open(List.of(stub.url()), Map.of(), RegistryTimeouts.DEFAULT);
            registry.close();

            assertThatThrownBy(() -> registry.schemaById(1)).isInstanceOf(RegistryException.class)
                    .hasMessageContaining("this client has been closed");
            assertThat(stub.asked()).isEmpty();
        }
    }
}
