package io.jobwatch.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.jobwatch.event.ErrorDetail;
import io.jobwatch.registry.RegistryException.Kind;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every client makes of a registry's answers and refusals, over real sockets. */
abstract class RegistryAnswersContract extends RegistryClientContract {
    @Test
    void shouldRegisterTheSchemaOfTheFileOnceAndRememberItsId() {
        SchemaRegistry registry = client(Map.of());
        stub.answer(200, "{\"id\": 12}");

        assertThat(registry.register("jobs/é value", SCHEMA)).isEqualTo(12);
        assertThat(registry.register("jobs/é value", SCHEMA)).isEqualTo(12);
        assertThat(registry.idOf("jobs/é value", SCHEMA)).isEqualTo(12);

        assertThat(stub.asked()).hasSize(1);
        StubRegistry.Asked asked = stub.asked().get(0);
        assertThat(asked.method()).isEqualTo("POST");
        assertThat(asked.path()).isEqualTo("/subjects/jobs%2F%C3%A9%20value/versions");
        assertThat(asked.contentType()).isEqualTo("application/vnd.schemaregistry.v1+json");
        assertThat(asked.authorization()).isNull();
        assertThat(asked.body()).contains("ErrorDetail").doesNotContain("avro.java.string");
    }

    @Test
    void shouldAskAgainForAnotherSubjectAndForASchemaThatDiffersInItsDocumentationOnly() {
        SchemaRegistry registry = client(Map.of());
        stub.answer(200, "{\"id\": 1}").answer(200, "{\"id\": 2}").answer(200, "{\"id\": 3}");
        Schema otherDoc = new Schema.Parser().parse(SCHEMA.toString().replace("One error of a task", "An error of a task"));

        assertThat(registry.register("a-value", SCHEMA)).isEqualTo(1);
        assertThat(registry.register("b-value", SCHEMA)).isEqualTo(2);
        assertThat(registry.register("a-value", otherDoc)).isEqualTo(3);
    }

    @Test
    void shouldLookUpASchemaUnderItsSubject() {
        stub.answer(200, "{\"subject\": \"a-value\", \"id\": 5, \"version\": 2, \"schema\": \"…\"}");

        assertThat(client(Map.of()).idOf("a-value", SCHEMA)).isEqualTo(5);

        assertThat(stub.asked()).extracting(StubRegistry.Asked::method, StubRegistry.Asked::path)
                .containsExactly(tuple("POST", "/subjects/a-value"));
    }

    @Test
    void shouldGetASchemaByItsIdOnce() {
        SchemaRegistry registry = client(Map.of());
        stub.answer(200, "{\"schema\": \"{\\\"type\\\": \\\"string\\\"}\"}");

        assertThat(registry.schemaById(7)).isEqualTo(Schema.create(Schema.Type.STRING));
        assertThat(registry.schemaById(7)).isEqualTo(Schema.create(Schema.Type.STRING));

        assertThat(stub.asked()).extracting(StubRegistry.Asked::path).containsExactly("/schemas/ids/7");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"schemaType\": \"PROTOBUF\", \"schema\": \"message A {}\"}",
        "{\"schema\": \"{\\\"type\\\": \\\"A\\\"}\", \"references\": [{\"name\": \"A\", \"subject\": \"a\", \"version\": 1}]}",
        "{\"schema\": \"{\\\"type\\\": \\\"nonsense\\\"}\"}",
        "{\"schema\": \"{\"}",
        "{\"schema\": \"\\\"Undefined\\\"\"}",
        "{}",
    })
    void shouldCountASchemaThatCannotBeReadWithAsNotFound(String answer) {
        stub.answer(200, answer);

        assertThat(failure(() -> client(Map.of()).schemaById(9)).kind()).isEqualTo(Kind.NOT_FOUND);
    }

    @Test
    void shouldListTheIdsOfAllVersions() {
        stub.answer(200, "[1, 3]").answer(200, "{\"id\": 40}").answer(200, "{\"id\": 50}");

        assertThat(client(Map.of()).idsOf("a-value")).containsExactly(40, 50);

        assertThat(stub.asked()).extracting(StubRegistry.Asked::path)
                .containsExactly("/subjects/a-value/versions", "/subjects/a-value/versions/1", "/subjects/a-value/versions/3");
    }

    @Test
    void shouldListNoIdsOfASubjectThatDoesNotExist() {
        stub.answer(404, "{\"error_code\": 40401, \"message\": \"Subject 'a-value' not found.\"}");

        assertThat(client(Map.of()).idsOf("a-value")).isEmpty();
    }

    @Test
    void shouldSetTheCompatibilityOfASubject() {
        stub.answer(200, "{\"compatibility\": \"FULL_TRANSITIVE\"}");

        client(Map.of()).setCompatibility("a-value", "FULL_TRANSITIVE");

        assertThat(stub.asked().get(0).method()).isEqualTo("PUT");
        assertThat(stub.asked().get(0).path()).isEqualTo("/config/a-value");
        assertThat(stub.asked().get(0).body()).isEqualTo("{\"compatibility\":\"FULL_TRANSITIVE\"}");
    }

    @Test
    void shouldTellTheLevelInEffectBeItTheSubjectsOrTheOneForAll() {
        stub.answer(200, "{\"compatibilityLevel\": \"FULL\"}")
                .answer(404, "{\"error_code\": 40408, \"message\": \"Subject 'a-value' does not have subject-level compatibility\"}")
                .answer(200, "{\"compatibilityLevel\": \"BACKWARD\"}")
                .answer(200, "{}");
        SchemaRegistry registry = client(Map.of());

        assertThat(registry.compatibility("a-value")).contains("FULL");
        assertThat(registry.compatibility("a-value")).contains("BACKWARD");
        assertThat(registry.compatibility("a-value")).isEmpty();

        assertThat(stub.asked()).extracting(StubRegistry.Asked::path).containsExactly("/config/a-value?defaultToGlobal=true",
                "/config/a-value?defaultToGlobal=true", "/config", "/config/a-value?defaultToGlobal=true");
    }

    @Test
    void shouldTellWhatTheRegistryFindsWrongWithASchema() {
        stub.answer(200, "{\"is_compatible\": false, \"messages\": [\"the registry's\\nreason\"]}");

        assertThat(client(Map.of()).incompatibilities("a-value", SCHEMA)).containsExactly("the registry's reason");
    }

    @Test
    void shouldNotTakeARefusalWithoutReasonForCompatible() {
        stub.answer(200, "{\"is_compatible\": false}");

        assertThat(client(Map.of()).incompatibilities("a-value", SCHEMA)).hasSize(1);
    }

    @Test
    void shouldFindNothingWrongWithTheFirstSchemaOfASubject() {
        stub.answer(404, "{\"error_code\": 40401, \"message\": \"Subject 'a-value' not found.\"}");

        assertThat(client(Map.of()).incompatibilities("a-value", SCHEMA)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "404, 40401, NOT_FOUND, 1", "404, 40402, NOT_FOUND, 1", "404, 40403, NOT_FOUND, 1", "404, 404, REJECTED, 1",
        "409, 409, INCOMPATIBLE, 1", "422, 42201, REJECTED, 1", "400, 400, REJECTED, 1",
        "401, 40101, UNAUTHORIZED, 1", "403, 40301, UNAUTHORIZED, 1", "429, 429, UNAVAILABLE, 4",
        "500, 50001, UNAVAILABLE, 4", "503, 503, UNAVAILABLE, 4"})
    void shouldTellAnOutageFromAnAnswer(int status, int code, Kind kind, int requests) {
        stub.answer(status, "{\"error_code\": " + code + ", \"message\": \"the registry's\\n\\u001b[31mreason\"}");

        RegistryException failure = failure(() -> client(Map.of()).register("a-value", SCHEMA));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessageContaining(stub.url() + "/subjects/a-value/versions: " + status)
                .hasMessageContaining("the registry's [31mreason").message().doesNotContain("error code:");
        assertThat(stub.asked()).hasSize(requests);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>welcome</html>", "\"text\"", "", "{\"ID\": 1}", "{\"id\": \"x\"}"})
    void shouldNotTakeAnythingElseForARegistry(String body) {
        stub.answer(200, body);

        assertThat(failure(() -> client(Map.of()).register("a-value", SCHEMA)))
                .hasMessageContaining("is this a Schema Registry?")
                .extracting(RegistryException::kind).isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    void shouldTakeAProxysPageThatSays404ForAWrongAddressNotForAMissingSchema() {
        stub.answer(404, "<html>no such page</html>");

        assertThat(failure(() -> client(Map.of()).schemaById(1)))
                .hasMessageContaining("is the path of the address right?")
                .extracting(RegistryException::kind).isEqualTo(Kind.REJECTED);
    }
}
