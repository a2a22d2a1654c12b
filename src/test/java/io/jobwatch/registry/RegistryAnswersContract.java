package io.jobwatch.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jobwatch.config.ConfigException;
import io.jobwatch.event.ErrorDetail;
import io.jobwatch.registry.RegistryException.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every client makes of a registry's answers and refusals, over real sockets. */
abstract class RegistryAnswersContract {
    private static final Schema SCHEMA = ErrorDetail.getClassSchema();
    private static final RegistryTimeouts SHORT = new RegistryTimeouts(
            Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofMillis(1));

    private final List<AutoCloseable> opened = new ArrayList<>();
    private StubRegistry stub;

    /** {@return the client under test; closed by this class} */
    abstract SchemaRegistry open(List<URI> urls, Map<String, String> properties, RegistryTimeouts timeouts);

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

    private SchemaRegistry client(Map<String, String> properties) {
        return client(List.of(stub.url()), properties, SHORT);
    }

    private SchemaRegistry client(List<URI> urls, Map<String, String> properties, RegistryTimeouts timeouts) {
        return opened(open(urls, properties, timeouts));
    }

    private static RegistryException failure(Runnable call) {
        return catchThrowableOfType(RegistryException.class, call::run);
    }

    @Test
    void shouldRegisterTheSchemaOfTheFileOnceAndRememberItsId() {
        SchemaRegistry registry = client(Map.of());
        stub.answer(200, "{\"id\": 12}");

        assertThat(registry.register("jobs/a value", SCHEMA)).isEqualTo(12);
        assertThat(registry.register("jobs/a value", SCHEMA)).isEqualTo(12);
        assertThat(registry.idOf("jobs/a value", SCHEMA)).isEqualTo(12);

        assertThat(stub.asked()).hasSize(1);
        StubRegistry.Asked asked = stub.asked().get(0);
        assertThat(asked.method()).isEqualTo("POST");
        assertThat(asked.path()).startsWith("/subjects/jobs%2Fa%20value/versions");
        assertThat(asked.contentType()).isEqualTo("application/vnd.schemaregistry.v1+json");
        assertThat(asked.authorization()).isNull();
        assertThat(asked.body()).contains("ErrorDetail").doesNotContain("avro.java.string");
    }

    @Test
    void shouldLookUpASchemaUnderItsSubject() {
        stub.answer(200, "{\"subject\": \"a-value\", \"id\": 5, \"version\": 2, \"schema\": \"…\"}");

        assertThat(client(Map.of()).idOf("a-value", SCHEMA)).isEqualTo(5);

        assertThat(stub.asked()).hasSize(1);
        assertThat(stub.asked().get(0).method()).isEqualTo("POST");
        assertThat(stub.asked().get(0).path()).matches("/subjects/a-value(\\?.*)?").doesNotContain("deleted=true");
    }

    @Test
    void shouldGetASchemaByItsIdOnce() {
        SchemaRegistry registry = client(Map.of());
        stub.answer(200, "{\"schema\": \"{\\\"type\\\": \\\"string\\\"}\"}");

        assertThat(registry.schemaById(7)).isEqualTo(Schema.create(Schema.Type.STRING));
        assertThat(registry.schemaById(7)).isEqualTo(Schema.create(Schema.Type.STRING));

        assertThat(stub.asked()).hasSize(1);
        assertThat(stub.asked().get(0).path()).matches("/schemas/ids/7(\\?.*)?");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"schemaType\": \"PROTOBUF\", \"schema\": \"message A {}\"}",
        "{\"schema\": \"{\\\"type\\\": \\\"A\\\"}\", \"references\": [{\"name\": \"A\", \"subject\": \"a\", \"version\": 1}]}",
        "{\"schema\": \"{\\\"type\\\": \\\"nonsense\\\"}\"}",
        "{\"schema\": \"{\"}",
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
                .answer(200, "{\"compatibilityLevel\": \"BACKWARD\"}");

        assertThat(client(Map.of()).compatibility("a-value")).contains("FULL");
        assertThat(client(Map.of()).compatibility("a-value")).contains("BACKWARD");

        assertThat(stub.asked()).extracting(asked -> asked.path().replaceFirst("\\?.*", ""))
                .containsExactly("/config/a-value", "/config/a-value", "/config");
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
        "404, 40403, NOT_FOUND, false", "404, 404, REJECTED, false", "409, 409, INCOMPATIBLE, false",
        "422, 42201, REJECTED, false", "400, 400, REJECTED, false",
        "401, 40101, UNAUTHORIZED, false", "403, 40301, UNAUTHORIZED, false", "429, 429, UNAVAILABLE, true",
        "500, 50001, UNAVAILABLE, true", "503, 503, UNAVAILABLE, true"})
    void shouldTellAnOutageFromAnAnswer(int status, int code, Kind kind, boolean repeated) {
        stub.answer(status, "{\"error_code\": " + code + ", \"message\": \"the registry's\\n\\u001b[31mreason\"}");

        RegistryException failure = failure(() -> client(Map.of()).register("a-value", SCHEMA));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessageContaining(stub.url() + "/subjects/a-value/versions: " + status)
                .hasMessageContaining("the registry's [31mreason").message().doesNotContain("error code:");
        assertThat(stub.asked().size() > 1).isEqualTo(repeated);
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
    void shouldNotFollowARedirectWithTheCredentials() throws Exception {
        StubRegistry elsewhere = opened(new StubRegistry()).answer(404, "{\"error_code\": 40403, \"message\": \"none\"}");
        SchemaRegistry registry = client(Map.of("bearer.auth.token", "t0ken"));

        stub.redirect(elsewhere.url() + "/subjects/a-value/versions");
        assertThat(failure(() -> registry.register("a-value", SCHEMA))).isNotNull();
        stub.redirect(elsewhere.url() + "/schemas/ids/1");
        assertThat(failure(() -> registry.schemaById(1))).isNotNull();

        assertThat(elsewhere.asked()).extracting(StubRegistry.Asked::authorization).allMatch(Objects::isNull);
    }

    @Test
    void shouldSendTheCredentialsOfItsSettings() {
        stub.answer(200, "{\"id\": 1}");
        String basic = "Basic " + Base64.getEncoder().encodeToString("alice:s3:cret".getBytes());

        client(Map.of("basic.auth.credentials.source", "USER_INFO", "basic.auth.user.info", "alice:s3:cret")).register("a", SCHEMA);
        client(Map.of("basic.auth.user.info", "alice:s3:cret")).register("a", SCHEMA);
        client(Map.of("bearer.auth.credentials.source", "STATIC_TOKEN", "bearer.auth.token", "t0ken")).register("a", SCHEMA);
        client(Map.of("bearer.auth.token", "t0ken")).register("a", SCHEMA);
        client(List.of(URI.create("http://alice:s3%3Acret@127.0.0.1:" + stub.port() + "/")), Map.of(), SHORT).register("a", SCHEMA);
        client(List.of(URI.create("http://alice:s3%3Acret@127.0.0.1:" + stub.port() + "/")),
                Map.of("basic.auth.credentials.source", "URL"), SHORT).register("a", SCHEMA);

        assertThat(stub.asked()).extracting(StubRegistry.Asked::authorization)
                .containsExactly(basic, basic, "Bearer t0ken", "Bearer t0ken", basic, basic);
    }

    @Test
    void shouldNotShowCredentialsWhenTheyAreRefused() {
        stub.answer(401, "{}");
        URI url = URI.create("http://alice:s3cret@127.0.0.1:" + stub.port());

        RegistryException failure = failure(() -> client(List.of(url), Map.of(), SHORT).schemaById(1));

        assertThat(failure).hasMessageContaining("http://127.0.0.1:" + stub.port());
        assertThat(Throwables.getStackTrace(failure)).doesNotContain("s3cret").doesNotContain("alice");
    }

    @Test
    void shouldNotShowCredentialsWhenThereIsNoAnswer() throws Exception {
        stub.close();
        URI url = URI.create("http://alice:s3cret@127.0.0.1:" + stub.port());

        RegistryException failure = failure(() -> client(List.of(url), Map.of(), SHORT).schemaById(1));

        assertThat(Throwables.getStackTrace(failure)).doesNotContain("s3cret").doesNotContain("alice");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        basic.auth.user.inf=alice:s3cret | properties.basic.auth.user.inf:
        bearer.auth.credentials.source=STATIC_TOKEN | bearer.auth.token: expected the token
        bearer.auth.token=s3cret and more | bearer.auth.token: expected visible ASCII
        bearer.auth.token=s3cret;basic.auth.user.info=alice:s3cret | not both
        schema.registry.ssl.truststore.location=/no/such/file;schema.registry.ssl.truststore.password=s3cret | /no/such/file
        """)
    void shouldRefuseWrongSettingsWithoutShowingSecrets(String settings, String message) {
        Map<String, String> properties = new HashMap<>();
        for (String setting : settings.split(";")) {
            properties.put(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
        }

        assertThatThrownBy(() -> client(properties)).isInstanceOf(ConfigException.class)
                .hasMessageContaining(message).message().doesNotContain("s3cret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8081", "ftp://h", "http:///x", "http://u:s3cret@h/?a=b", "file:/x"})
    void shouldRefuseWhatIsNoAddressOfARegistry(String url) {
        assertThatThrownBy(() -> client(List.of(URI.create(url)), Map.of(), SHORT)).isInstanceOf(ConfigException.class)
                .hasMessageContaining("expected http(s)://host:port").message().doesNotContain("s3cret");
    }

    /** Requests went to the host v7, or host, in their place. */
    @ParameterizedTest
    @ValueSource(strings = {"/apis@v7", "/@v7", "/x/y@v7/z"})
    void shouldRefuseAnAtSignInThePath(String path) {
        assertThatThrownBy(() -> client(List.of(URI.create("http://alice:80" + path)), Map.of(), SHORT))
                .isInstanceOf(ConfigException.class).hasMessageContaining("expected http(s)://host:port")
                .hasMessageContaining("an @ in a path: %40").message().doesNotContain("alice", "apis");
    }

    @Test
    void shouldAskUnderAPathWithAnAtSignThatIsEscaped() {
        stub.answer(200, "{\"id\": 1}");
        URI url = URI.create("http://alice:s3cret@127.0.0.1:" + stub.port() + "/apis%40v7/");

        assertThat(client(List.of(url), Map.of(), SHORT).register("a", SCHEMA)).isEqualTo(1);

        assertThat(stub.asked().get(0).path()).startsWith("/apis%40v7/subjects/a/versions");
    }

    @Test
    void shouldRefuseToHaveNoAddress() {
        assertThatThrownBy(() -> client(List.of(), Map.of(), SHORT)).isInstanceOf(ConfigException.class);
    }
}
