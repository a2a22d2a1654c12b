package io.jobwatch.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.TextNode;
import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.Task;
import io.jobwatch.registry.RegistryException.Kind;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was asked once is known when the registry has gone, within a process and in the next one; over real connections. */
class WarmRegistryTest {
    private static final Schema SCHEMA = ErrorDetail.getClassSchema();
    private static final RegistryTimeouts SHORT =
            new RegistryTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofMillis(1));
    private static final String NOT_FOUND = "{\"error_code\": 40403, \"message\": \"Schema not found\"}";

    @TempDir
    private Path folder;
    private StubRegistry stub;

    @BeforeEach
    void start() throws Exception {
        stub = new StubRegistry();
    }

    @AfterEach
    void stop() {
        stub.close();
    }

    private HttpSchemaRegistry client() {
        return new HttpSchemaRegistry(List.of(stub.url()), Map.of("max.retries", "0"), SHORT);
    }

    /** {@return a client of a process of its own} */
    private SchemaRegistry remembering() {
        HttpSchemaRegistry client = client();
        return new RememberingSchemaRegistry(client, KnownSchemas.load(folder.resolve("known-schemas.json"), stub.url().toString()),
                Clock.systemUTC());
    }

    private void prepareAnswers() {
        stub.answer(200, "{\"id\": 4}").answer(200, "[1]").answer(200, "{\"id\": 4}")
                .answer(200, "{\"schema\": " + new TextNode(PublishedSchema.textOf(SCHEMA)) + "}");
    }

    private static void assertKnows(SchemaRegistry registry) {
        assertThat(registry.idOf("a-value", SCHEMA)).isEqualTo(4);
        assertThat(registry.schemaById(4).getFullName()).isEqualTo(SCHEMA.getFullName());
    }

    private static Kind failureOf(Supplier<?> call) {
        return catchThrowableOfType(RegistryException.class, call::get).kind();
    }

    @Test
    void shouldNotAskAgainWithinAProcessWhatCannotChange() {
        stub.answer(200, "{\"id\": 4}").answer(200, "{\"schema\": \"\\\"string\\\"\"}");
        try (HttpSchemaRegistry registry = client()) {
            registry.register("a-value", SCHEMA);
            registry.schemaById(4);
            stub.close();

            assertThat(registry.register("a-value", SCHEMA)).isEqualTo(4);
            assertThat(registry.idOf("a-value", SCHEMA)).isEqualTo(4);
            assertThat(registry.schemaById(4)).isEqualTo(Schema.create(Schema.Type.STRING));
            assertThat(stub.asked()).hasSize(2);
            assertThat(failureOf(() -> registry.schemaById(5))).isEqualTo(Kind.UNAVAILABLE);
        }
    }

    @Test
    void shouldKnowInTheNextProcessWhatTheRegistrySaidBeforeItWentAway() {
        prepareAnswers();
        try (SchemaRegistry first = remembering()) {
            first.idOf("a-value", SCHEMA);
            assertThat(first.idsOf("a-value")).containsExactly(4);
            first.schemaById(4);
            stub.close();
            assertKnows(first);
            assertThat(first.idsOf("a-value")).containsExactly(4);
        }
        try (SchemaRegistry next = remembering()) {
            assertKnows(next);
            assertThat(next.idsOf("a-value")).containsExactly(4);
            assertThat(failureOf(() -> next.schemaById(5))).isEqualTo(Kind.UNAVAILABLE);
            assertThat(failureOf(() -> next.idOf("a-value", Task.getClassSchema()))).isEqualTo(Kind.UNAVAILABLE);
        }
    }

    @Test
    void shouldAskAgainForWhatTheRegistryDidNotKnow() {
        stub.answer(404, NOT_FOUND).answer(404, NOT_FOUND).answer(200, "{\"id\": 4}").answer(200, "{\"schema\": \"\\\"string\\\"\"}");
        try (SchemaRegistry registry = remembering()) {
            assertThat(failureOf(() -> registry.idOf("a-value", SCHEMA))).isEqualTo(Kind.NOT_FOUND);
            assertThat(failureOf(() -> registry.schemaById(4))).isEqualTo(Kind.NOT_FOUND);

            assertThat(registry.idOf("a-value", SCHEMA)).isEqualTo(4);
            assertThat(registry.schemaById(4)).isEqualTo(Schema.create(Schema.Type.STRING));
        }
    }
}
