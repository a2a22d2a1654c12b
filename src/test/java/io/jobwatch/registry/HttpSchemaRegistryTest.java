package io.jobwatch.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.Task;
import io.jobwatch.registry.RegistryException.Kind;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What only the built-in client holds; the rest is in the contracts that it shares with other ones. */
class HttpSchemaRegistryTest {
    @Test
    void shouldGiveUpAnAnswerWithoutAnEnd() throws Exception {
        try (StubRegistry stub = new StubRegistry().answer(200, "{\"schema\": \"" + "x".repeat(9 * 1024 * 1024) + "\"}");
             HttpSchemaRegistry registry = new HttpSchemaRegistry(List.of(stub.url()), Map.of("max.retries", "0"))) {
            assertThat(catchThrowableOfType(RegistryException.class, () -> registry.schemaById(1)))
                    .hasMessageContaining("longer than").extracting(RegistryException::kind).isEqualTo(Kind.UNAVAILABLE);
        }
    }

    @Test
    void shouldNotFollowARedirectWithCredentialsOrHeaders() throws Exception {
        Map<String, String> properties = Map.of("bearer.auth.token", "t0ken", "request.header.X-Key", "s3cret");
        try (StubRegistry elsewhere = new StubRegistry().answer(200, "{\"id\": 1}"); StubRegistry stub = new StubRegistry();
             HttpSchemaRegistry registry = new HttpSchemaRegistry(List.of(stub.url()), properties)) {
            stub.redirect(elsewhere.url() + "/subjects/a-value/versions");
            assertThat(catchThrowableOfType(RegistryException.class,
                    () -> registry.register("a-value", ErrorDetail.getClassSchema())).kind()).isEqualTo(Kind.REJECTED);
            assertThat(catchThrowableOfType(RegistryException.class, () -> registry.schemaById(1)).kind()).isEqualTo(Kind.REJECTED);

            assertThat(elsewhere.asked()).isEmpty();
        }
    }

    @Test
    void shouldSplitAListOfAddresses() {
        assertThat(HttpSchemaRegistry.urls("http://a:1, https://b:2/x ,"))
                .containsExactly(URI.create("http://a:1"), URI.create("https://b:2/x"));
    }

    @Test
    void shouldKeepTheDocumentationOfAPublishedSchema() {
        assertThat(PublishedSchema.textOf(Task.getClassSchema())).contains("\"name\":\"taskId\",\"type\":\"string\",\"doc\":");
    }
}
