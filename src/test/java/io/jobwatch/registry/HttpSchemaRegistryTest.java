package io.jobwatch.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.jobwatch.config.ConfigException;
import io.jobwatch.event.ErrorDetail;
import io.jobwatch.event.Task;
import io.jobwatch.registry.RegistryException.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSchemaRegistryTest {
    private static final Schema SCHEMA = ErrorDetail.getClassSchema();
    private static final RegistryTimeouts SHORT = new RegistryTimeouts(
            Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofMillis(1));

    private final List<AutoCloseable> opened = new ArrayList<>();
    private StubRegistry stub;

    @BeforeEach
    void start() throws Exception {
        stub = opened(new StubRegistry());
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : opened) {
            closeable.close();
        }
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        opened.add(closeable);
        return closeable;
    }

    private HttpSchemaRegistry client(Map<String, String> properties) {
        return client(List.of(stub.url()), properties, SHORT);
    }

    private HttpSchemaRegistry client(List<URI> urls, Map<String, String> properties, RegistryTimeouts timeouts) {
        return opened(new HttpSchemaRegistry(urls, properties, timeouts));
    }

    private static RegistryException failure(Runnable call) {
        return catchThrowableOfType(RegistryException.class, call::run);
    }

    @Test
    void shouldRegisterTheSchemaOnceAndRememberItsId() {
        HttpSchemaRegistry registry = client(Map.of());
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
        HttpSchemaRegistry registry = client(Map.of());
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
        HttpSchemaRegistry registry = client(Map.of());
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
    void shouldTellTheCompatibilityInEffect() {
        stub.answer(200, "{\"compatibilityLevel\": \"FULL\"}")
                .answer(404, "{\"error_code\": 40401, \"message\": \"no level\"}").answer(200, "{\"compatibilityLevel\": \"NONE\"}")
                .answer(200, "{}");
        HttpSchemaRegistry registry = client(Map.of());

        assertThat(registry.compatibility("a-value")).contains("FULL");
        assertThat(registry.compatibility("a-value")).contains("NONE");
        assertThat(registry.compatibility("a-value")).isEmpty();

        assertThat(stub.asked()).extracting(StubRegistry.Asked::path).containsExactly("/config/a-value?defaultToGlobal=true",
                "/config/a-value?defaultToGlobal=true", "/config", "/config/a-value?defaultToGlobal=true");
    }

    @ParameterizedTest
    @CsvSource({
        "404, 40401, NOT_FOUND, 1", "404, 40402, NOT_FOUND, 1", "404, 40403, NOT_FOUND, 1", "404, 404, REJECTED, 1",
        "409, 409, INCOMPATIBLE, 1",
        "422, 42201, REJECTED, 1", "400, 400, REJECTED, 1",
        "401, 40101, UNAUTHORIZED, 1", "403, 40301, UNAUTHORIZED, 1", "429, 429, UNAVAILABLE, 4", "500, 50001, UNAVAILABLE, 4",
        "503, 503, UNAVAILABLE, 4"})
    void shouldTellAnOutageFromAnAnswer(int status, int code, Kind kind, int requests) {
        stub.answer(status, "{\"error_code\": " + code + ", \"message\": \"the registry's\\n\\u001b[31mreason\"}");

        RegistryException failure = failure(() -> client(Map.of()).register("a-value", SCHEMA));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessageContaining("the registry's [31mreason").hasMessageContaining("/subjects/a-value/versions");
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

    @Test
    void shouldRepeatACallThatFailedForAMoment() {
        stub.answer(503, "{}").answer(500, "oops").answer(200, "{\"id\": 3}");

        assertThat(client(Map.of()).register("a-value", SCHEMA)).isEqualTo(3);
    }

    @Test
    void shouldAskTheNextAddressAndStayWithTheOneThatAnswers() throws Exception {
        StubRegistry closed = new StubRegistry();
        URI dead = closed.url();
        closed.close();
        StubRegistry sick = opened(new StubRegistry()).answer(503, "{}");
        stub.answer(200, "{\"id\": 3}");
        HttpSchemaRegistry registry = client(List.of(dead, sick.url(), stub.url()), Map.of(), SHORT);

        assertThat(registry.register("a-value", SCHEMA)).isEqualTo(3);
        assertThat(registry.register("b-value", SCHEMA)).isEqualTo(3);

        assertThat(sick.asked()).hasSize(1);
        assertThat(stub.asked()).hasSize(2);
    }

    @Test
    void shouldNotAskTheNextAddressWhenOneHasAnswered() throws Exception {
        StubRegistry other = opened(new StubRegistry()).answer(200, "{\"id\": 1}");
        stub.answer(409, "{\"error_code\": 409, \"message\": \"no\"}");

        RegistryException failure = failure(() -> client(List.of(stub.url(), other.url()), Map.of(), SHORT).register("a-value", SCHEMA));

        assertThat(failure.kind()).isEqualTo(Kind.INCOMPATIBLE);
        assertThat(other.asked()).isEmpty();
    }

    @Test
    void shouldGiveUpAnAnswerWhoseBodyStalls() {
        stub.answerAndStall(200, "{\"id\": 3}", 4);
        RegistryTimeouts impatient = new RegistryTimeouts(
                Duration.ofSeconds(5), Duration.ofMillis(150), Duration.ofMillis(400), Duration.ofMillis(1));

        assertThat(failure(() -> client(List.of(stub.url()), Map.of(), impatient).schemaById(1)))
                .hasMessageContaining("no whole answer within")
                .extracting(RegistryException::kind).isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    void shouldGiveUpAnAnswerWithoutAnEnd() {
        stub.answer(200, "{\"schema\": \"" + "x".repeat(9 * 1024 * 1024) + "\"}");

        assertThat(failure(() -> client(Map.of()).schemaById(1)))
                .hasMessageContaining("longer than").extracting(RegistryException::kind).isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    void shouldEndAtOnceWhenInterruptedAndKeepTheInterrupt() {
        stub.answerAndStall(200, "{\"id\": 3}", 4);
        Thread.currentThread().interrupt();

        RegistryException failure = failure(() -> client(Map.of()).schemaById(1));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    void shouldSayHowToReachAnAddressThatRefuses() throws Exception {
        stub.close();

        assertThat(failure(() -> client(Map.of()).schemaById(1)))
                .hasMessageContaining("http://127.0.0.1:" + stub.port() + "/schemas/ids/1")
                .hasMessageContaining("check schema-registry.url")
                .extracting(RegistryException::kind).isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    void shouldNotFollowARedirectWithTheCredentials() throws Exception {
        StubRegistry elsewhere = opened(new StubRegistry()).answer(200, "{\"id\": 1}");
        stub.redirect(elsewhere.url() + "/subjects/a-value/versions");

        RegistryException failure = failure(() -> client(Map.of("bearer.auth.token", "t0ken")).register("a-value", SCHEMA));

        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(elsewhere.asked()).isEmpty();
    }

    @Test
    void shouldSendTheCredentialsOfItsSettings() {
        stub.answer(200, "{\"id\": 1}");
        String basic = "Basic " + Base64.getEncoder().encodeToString("alice:s3:cret".getBytes());

        client(Map.of("basic.auth.credentials.source", "USER_INFO", "basic.auth.user.info", "alice:s3:cret")).register("a", SCHEMA);
        client(Map.of("basic.auth.user.info", "alice:s3:cret")).register("a", SCHEMA);
        client(Map.of("bearer.auth.credentials.source", "STATIC_TOKEN", "bearer.auth.token", "t0ken")).register("a", SCHEMA);
        client(List.of(URI.create("http://alice:s3%3Acret@127.0.0.1:" + stub.port() + "/")), Map.of(), SHORT).register("a", SCHEMA);

        assertThat(stub.asked()).extracting(StubRegistry.Asked::authorization).containsExactly(basic, basic, "Bearer t0ken", basic);
    }

    @Test
    void shouldNotShowCredentialsWhenTheyAreRefused() {
        stub.answer(401, "{}");
        URI url = URI.create("http://alice:s3cret@127.0.0.1:" + stub.port());

        assertThat(failure(() -> client(List.of(url), Map.of(), SHORT).schemaById(1))).message()
                .contains("http://127.0.0.1:" + stub.port()).doesNotContain("s3cret").doesNotContain("alice");
    }

    @Test
    void shouldKeepThePathOfTheAddress() {
        stub.answer(200, "{\"id\": 1}");

        client(List.of(URI.create(stub.url() + "/apis/ccompat/v7/")), Map.of(), SHORT).register("a", SCHEMA);

        assertThat(stub.asked().get(0).path()).isEqualTo("/apis/ccompat/v7/subjects/a/versions");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8081", "ftp://h", "http:///x", "http://u:s3cret@h/?a=b", "file:/x"})
    void shouldRefuseWhatIsNoAddressOfARegistry(String url) {
        assertThatThrownBy(() -> client(List.of(URI.create(url)), Map.of(), SHORT)).isInstanceOf(ConfigException.class)
                .hasMessageContaining("expected http(s)://host:port").message().doesNotContain("s3cret");
    }

    @Test
    void shouldSplitAListOfAddresses() {
        assertThat(HttpSchemaRegistry.urls("http://a:1, https://b:2/x ,"))
                .containsExactly(URI.create("http://a:1"), URI.create("https://b:2/x"));
        assertThatThrownBy(() -> client(List.of(), Map.of(), SHORT)).isInstanceOf(ConfigException.class);
    }

    @Test
    void shouldKeepTheDocumentationOfAPublishedSchema() {
        assertThat(PublishedSchema.textOf(Task.getClassSchema())).contains("\"name\":\"taskId\",\"type\":\"string\",\"doc\":");
    }
}
