package io.jobwatch.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jobwatch.event.ErrorDetail;
import io.jobwatch.registry.RegistryException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompatibilityCheckTest {
    private static final Schema SCHEMA = ErrorDetail.getClassSchema();
    private static final String NO = "{\"is_compatible\": false, \"messages\": [\"%s\"]}";
    private static final String YES = "{\"is_compatible\": true}";

    private StubRegistry stub;
    private HttpSchemaRegistry registry;

    @BeforeEach
    void start() throws Exception {
        stub = new StubRegistry();
        registry = new HttpSchemaRegistry(List.of(stub.url()), Map.of(), new RegistryTimeouts(
                Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofMillis(1)));
    }

    @AfterEach
    void close() {
        registry.close();
        stub.close();
    }

    private List<String> paths() {
        return stub.asked().stream().map(asked -> asked.method() + " " + asked.path()).toList();
    }

    @Test
    void shouldAskForAllVersionsAtOnceAndGiveTheRegistrysReasonsALineEach() {
        stub.answer(200, "{\"is_compatible\": false, \"messages\": [\"a field\\nwas\\u001b[31mrenamed\", \"a second\", {\"c\": 3}, \"\"]}");

        assertThat(registry.incompatibilities("a/b value", SCHEMA)).containsExactly("a field was [31mrenamed", "a second", "{\"c\":3}");

        assertThat(paths()).containsExactly("POST /compatibility/subjects/a%2Fb%20value/versions?verbose=true");
        assertThat(stub.asked().get(0).body()).contains("ErrorDetail").doesNotContain("avro.java.string");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        200 | {"is_compatible": true}
        200 | {"is_compatible": true, "messages": ["a remark"]}
        404 | {"error_code": 40401, "message": "Subject 'a-value' not found."}
        """)
    void shouldFindNothingWrongWhereTheSchemaIsCompatibleOrTheSubjectMissing(int status, String answer) {
        stub.answer(status, answer);

        assertThat(registry.incompatibilities("a-value", SCHEMA)).isEmpty();
        assertThat(paths()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ", \"messages\": []", ", \"messages\": null"})
    void shouldSayThatTheRegistryGivesNoReason(String messages) {
        stub.answer(200, "{\"is_compatible\": false" + messages + "}");

        assertThat(registry.incompatibilities("a-value", SCHEMA)).containsExactly("the registry calls it incompatible and gives no reason");
    }

    @Test
    void shouldTakeAReasonThatIsAText() {
        stub.answer(200, "{\"is_compatible\": false, \"messages\": \"a field was renamed\"}");

        assertThat(registry.incompatibilities("a-value", SCHEMA)).containsExactly("a field was renamed");
    }

    @Test
    void shouldKeepTheFirstOfTooManyReasons() {
        stub.answer(200, NO.formatted("x\", \"".repeat(60) + "y"));

        assertThat(registry.incompatibilities("a-value", SCHEMA)).hasSize(51).startsWith("x").endsWith("and 11 more");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        404 | {"message": "Not found", "code": 404}
        405 | {"error_code": 405, "message": "HTTP 405 Method Not Allowed"}
        404 | <html>no such page</html>
        """)
    void shouldCompareWithEachVersionWhereTheRegistryCannotCompareWithAll(int status, String answer) {
        stub.answer(status, answer).answer(200, "[1, 3]").answer(200, "{\"compatibilityLevel\": \"FULL_TRANSITIVE\"}")
                .answer(200, NO.formatted("first")).answer(200, NO.formatted("third"));

        assertThat(registry.incompatibilities("a-value", SCHEMA)).containsExactly("first", "third");

        assertThat(paths()).containsExactly("POST /compatibility/subjects/a-value/versions?verbose=true",
                "GET /subjects/a-value/versions", "GET /config/a-value?defaultToGlobal=true",
                "POST /compatibility/subjects/a-value/versions/1?verbose=true",
                "POST /compatibility/subjects/a-value/versions/3?verbose=true");
    }

    @Test
    void shouldCompareWithTheNewestVersionAloneWhereTheLevelIsNotTransitive() {
        stub.answer(405, "{}").answer(200, "[1, 3]").answer(200, "{\"compatibilityLevel\": \"BACKWARD\"}").answer(200, YES);

        assertThat(registry.incompatibilities("a-value", SCHEMA)).isEmpty();

        assertThat(paths()).endsWith("POST /compatibility/subjects/a-value/versions/3?verbose=true").hasSize(4);
    }

    @Test
    void shouldSkipAVersionThatWasDeletedWhileComparingWithEach() {
        stub.answer(405, "{}").answer(200, "[1, 3]").answer(200, "{\"compatibilityLevel\": \"FULL_TRANSITIVE\"}")
                .answer(404, "{\"error_code\": 40402, \"message\": \"Version 1 not found.\"}").answer(200, NO.formatted("third"));

        assertThat(registry.incompatibilities("a-value", SCHEMA)).containsExactly("third");
    }

    @Test
    void shouldFindNothingWrongWhereTheSubjectIsMissingInARegistryThatCannotCompareWithAll() {
        stub.answer(405, "{}").answer(404, "{\"error_code\": 40401, \"message\": \"Subject 'a-value' not found.\"}");

        assertThat(registry.incompatibilities("a-value", SCHEMA)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        422 | {"error_code": 42201, "message": "Invalid schema"} | REJECTED | Invalid schema
        403 | {"error_code": 40301, "message": "no right to read"} | UNAUTHORIZED | no right to read
        500 | {"error_code": 50001, "message": "store is down"} | UNAVAILABLE | store is down
        200 | {"compatible": "yes"} | UNAVAILABLE | is this a Schema Registry?
        """)
    void shouldTellAFailureFromAnAnswer(int status, String answer, Kind kind, String message) {
        stub.answer(status, answer);

        RegistryException failure = catchThrowableOfType(RegistryException.class, () -> registry.incompatibilities("a-value", SCHEMA));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessageContaining(message).hasMessageContaining("/compatibility/subjects/a-value/versions");
    }

    @Test
    void shouldNotTakeAWrongPathForARegistryThatCannotCompareWithAll() {
        stub.answer(404, "<html>no such page</html>");

        assertThatThrownBy(() -> registry.incompatibilities("a-value", SCHEMA)).hasMessageContaining("is the path of the address right?");
    }
}
