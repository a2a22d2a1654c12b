package io.jobwatch.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.jobwatch.event.JobStatus;
import io.jobwatch.event.Task;
import io.jobwatch.registry.HttpSchemaRegistry;
import io.jobwatch.registry.RegistryException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedRegistryTest {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String V1 = record("{\"name\": \"a\", \"type\": \"int\"}");
    private static final String V2 =
            record("{\"name\": \"a\", \"type\": \"int\"}, {\"name\": \"b\", \"type\": [\"null\", \"int\"], \"default\": null}");
    private static final String BREAKS = record("{\"name\": \"a\", \"type\": \"string\"}");

    private final HttpClient http = HttpClient.newHttpClient();
    private final MemoryLog log = new MemoryLog();
    private EmbeddedRegistry registry;

    private record Answer(int status, JsonNode json, String type) {
    }

    private static String record(String fields) {
        return "{\"type\": \"record\", \"name\": \"R\", \"fields\": [" + fields + "]}";
    }

    @BeforeEach
    void start() {
        registry = EmbeddedRegistry.start(log, "127.0.0.1", 0);
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private void restart() {
        registry.close();
        start();
    }

    private Answer send(String method, String path, String body, String contentType) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(registry.url() + path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (contentType != null) {
            request.header("Content-Type", contentType);
        }
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        String type = response.headers().firstValue("Content-Type").orElse("");
        return new Answer(response.statusCode(), MAPPER.readTree(response.body()), type);
    }

    private Answer send(String method, String path, String body) throws Exception {
        return send(method, path, body, body == null ? null : "application/vnd.schemaregistry.v1+json");
    }

    private Answer post(String path, String schema) throws Exception {
        return send("POST", path, JsonNodeFactory.instance.objectNode().put("schema", schema).toString());
    }

    private JsonNode get(String path) throws Exception {
        Answer answer = send("GET", path, null);
        assertThat(answer.status()).as("%s", answer.json()).isEqualTo(200);
        return answer.json();
    }

    private int register(String subject, String schema) throws Exception {
        Answer answer = post("/subjects/" + subject + "/versions", schema);
        assertThat(answer.status()).as("%s", answer.json()).isEqualTo(200);
        return answer.json().path("id").asInt();
    }

    private void assertFails(Answer answer, int status, int code) {
        assertThat(answer.status()).as("%s", answer.json()).isEqualTo(status);
        assertThat(answer.json().path("error_code").asInt()).isEqualTo(code);
        assertThat(answer.json().path("message").asText()).isNotBlank().doesNotContain("\tat ").doesNotContain("Exception");
        assertThat(answer.type()).startsWith("application/vnd.schemaregistry.v1+json");
    }

    @Test
    void shouldGiveTheSameIdForTheSameSchemaUnderEverySubject() throws Exception {
        assertThat(register("a-value", V1)).isEqualTo(1);
        assertThat(register("a-value", V1)).isEqualTo(1);
        assertThat(register("b-value", V1)).isEqualTo(1);
        assertThat(register("a-value", V2)).isEqualTo(2);

        assertThat(get("/subjects").toString()).isEqualTo("[\"a-value\",\"b-value\"]");
        assertThat(get("/subjects?subjectPrefix=b").toString()).isEqualTo("[\"b-value\"]");
        assertThat(get("/subjects/a-value/versions").toString()).isEqualTo("[1,2]");
        assertThat(get("/schemas/ids/1/versions").toString())
                .isEqualTo("[{\"subject\":\"a-value\",\"version\":1},{\"subject\":\"b-value\",\"version\":1}]");
        assertThat(get("/schemas/ids/1/subjects").toString()).isEqualTo("[\"a-value\",\"b-value\"]");
    }

    @Test
    void shouldTellSchemasApartByDocumentationButNotByWhiteSpace() throws Exception {
        int id = register("a-value", V1);

        assertThat(register("a-value", V1.replace(" ", ""))).isEqualTo(id);
        assertThat(register("a-value", V1.replace("\"fields\"", "\"doc\": \"new\", \"fields\""))).isNotEqualTo(id);
    }

    @Test
    void shouldAnswerInUtf8() throws Exception {
        int id = register("a-value", V1.replace("\"fields\"", "\"doc\": \"naïve …\", \"fields\""));

        HttpResponse<byte[]> answer = http.send(HttpRequest.newBuilder(URI.create(registry.url() + "/schemas/ids/" + id)).build(),
                HttpResponse.BodyHandlers.ofByteArray());

        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("naïve …");
    }

    @Test
    void shouldAnswerWithTheSchemaAndItsType() throws Exception {
        register("a-value", V1);
        register("a-value", V2);

        JsonNode byId = get("/schemas/ids/1");
        JsonNode latest = get("/subjects/a-value/versions/latest");

        assertThat(byId.path("schemaType").asText()).isEqualTo("AVRO");
        assertThat(MAPPER.readTree(byId.path("schema").asText())).isEqualTo(MAPPER.readTree(V1));
        assertThat(get("/schemas/ids/1/schema")).isEqualTo(MAPPER.readTree(V1));
        assertThat(latest.path("subject").asText()).isEqualTo("a-value");
        assertThat(latest.path("version").asInt()).isEqualTo(2);
        assertThat(latest.path("id").asInt()).isEqualTo(2);
        assertThat(MAPPER.readTree(latest.path("schema").asText())).isEqualTo(MAPPER.readTree(V2));
        assertThat(get("/subjects/a-value/versions/1/schema")).isEqualTo(MAPPER.readTree(V1));
        assertThat(get("/subjects/a-value/versions/-1")).isEqualTo(latest);
        assertThat(get("/subjects/a-value/versions/1/referencedby").toString()).isEqualTo("[]");
        assertThat(get("/schemas/types").toString()).isEqualTo("[\"AVRO\"]");
        assertThat(get("/").toString()).isEqualTo("{}");
    }

    @Test
    void shouldLookUpASchemaUnderItsSubject() throws Exception {
        register("a-value", V1);

        Answer found = post("/subjects/a-value", V1);

        assertThat(found.status()).isEqualTo(200);
        assertThat(found.json().path("id").asInt()).isEqualTo(1);
        assertThat(found.json().path("version").asInt()).isEqualTo(1);
        assertThat(found.json().path("subject").asText()).isEqualTo("a-value");
        assertFails(post("/subjects/a-value", V2), 404, 40403);
        assertFails(post("/subjects/b-value", V1), 404, 40401);
    }

    @Test
    void shouldRefuseAnIncompatibleVersionAndSayWhy() throws Exception {
        register("a-value", V1);

        Answer refused = post("/subjects/a-value/versions", BREAKS);

        assertFails(refused, 409, 409);
        assertThat(refused.json().path("message").asText()).contains("a-value", "BACKWARD", "TYPE_MISMATCH", "/fields/0/type");
        assertThat(get("/subjects/a-value/versions").toString()).isEqualTo("[1]");
    }

    @Test
    void shouldTestCompatibilityWithoutRegistering() throws Exception {
        register("a-value", V1);
        String path = "/compatibility/subjects/a-value/versions";

        assertThat(post(path + "/latest", V2).json().toString()).isEqualTo("{\"is_compatible\":true}");
        assertThat(post(path + "/1", BREAKS).json().toString()).isEqualTo("{\"is_compatible\":false}");
        JsonNode verbose = post(path + "?verbose=true", BREAKS).json();
        assertThat(verbose.path("is_compatible").asBoolean()).isFalse();
        assertThat(verbose.path("messages").get(0).asText()).contains("TYPE_MISMATCH");
        assertThat(post("/compatibility/subjects/new/versions/latest", V1).json().path("is_compatible").asBoolean()).isTrue();
        assertFails(post(path + "/7", V1), 404, 40402);
        assertFails(post("/compatibility/subjects/new/versions/1", V1), 404, 40401);
        assertThat(get("/subjects").toString()).isEqualTo("[\"a-value\"]");
    }

    @Test
    void shouldKeepALevelForAllAndForASubject() throws Exception {
        assertThat(get("/config").toString()).isEqualTo("{\"compatibilityLevel\":\"BACKWARD\"}");
        assertFails(send("GET", "/config/a-value", null), 404, 40408);
        assertThat(get("/config/a-value?defaultToGlobal=true").path("compatibilityLevel").asText()).isEqualTo("BACKWARD");

        Answer set = send("PUT", "/config/a-value", "{\"compatibility\": \"none\"}");
        assertThat(set.json().toString()).isEqualTo("{\"compatibility\":\"NONE\"}");
        assertThat(send("PUT", "/config", "{\"compatibility\": \"FULL\"}").status()).isEqualTo(200);
        assertThat(get("/config/a-value").path("compatibilityLevel").asText()).isEqualTo("NONE");
        register("a-value", V1);
        register("a-value", BREAKS);

        assertThat(send("DELETE", "/config/a-value", null).json().path("compatibilityLevel").asText()).isEqualTo("NONE");
        assertFails(post("/subjects/a-value/versions", V2), 409, 409);
        assertThat(send("DELETE", "/config", null).status()).isEqualTo(200);
        assertThat(get("/config").path("compatibilityLevel").asText()).isEqualTo("BACKWARD");
        assertFails(send("DELETE", "/config/a-value", null), 404, 40408);
        assertFails(send("PUT", "/config", "{\"compatibility\": \"SOME\"}"), 422, 42203);
    }

    @Test
    void shouldRefuseChangesWhileReadOnly() throws Exception {
        register("a-value", V1);
        assertThat(get("/mode").path("mode").asText()).isEqualTo("READWRITE");
        send("PUT", "/mode", "{\"mode\": \"READONLY\"}");

        assertThat(register("a-value", V1)).isEqualTo(1);
        assertFails(post("/subjects/a-value/versions", V2), 422, 42205);
        assertFails(send("DELETE", "/subjects/a-value", null), 422, 42205);
        assertFails(send("PUT", "/mode", "{\"mode\": \"IMPORT\"}"), 422, 42204);
        assertFails(send("GET", "/mode/a-value", null), 404, 40409);

        send("PUT", "/mode/a-value", "{\"mode\": \"READWRITE\"}");
        assertThat(register("a-value", V2)).isEqualTo(2);
    }

    @Test
    void shouldStillAnswerForTheIdOfADeletedSubject() throws Exception {
        register("a-value", V1);
        register("a-value", V2);

        assertThat(send("DELETE", "/subjects/a-value", null).json().toString()).isEqualTo("[1,2]");

        assertFails(send("GET", "/subjects/a-value/versions", null), 404, 40401);
        assertFails(send("DELETE", "/subjects/a-value", null), 404, 40404);
        assertThat(get("/subjects").toString()).isEqualTo("[]");
        assertThat(get("/subjects?deleted=true").toString()).isEqualTo("[\"a-value\"]");
        assertThat(get("/subjects/a-value/versions?deleted=true").toString()).isEqualTo("[1,2]");
        assertThat(get("/schemas/ids/2").path("schema").asText()).contains("\"b\"");
        assertThat(register("a-value", BREAKS)).isEqualTo(3);
        assertThat(get("/subjects/a-value/versions").toString()).isEqualTo("[3]");
    }

    @Test
    void shouldDeleteForGoodOnlyWhatWasDeletedAndNeverGiveItsIdAgain() throws Exception {
        register("a-value", V1);
        register("a-value", V2);
        assertFails(send("DELETE", "/subjects/a-value?permanent=true", null), 404, 40405);
        assertFails(send("DELETE", "/subjects/a-value/versions/2?permanent=true", null), 404, 40407);

        assertThat(send("DELETE", "/subjects/a-value/versions/latest", null).json().asInt()).isEqualTo(2);
        assertFails(send("DELETE", "/subjects/a-value/versions/2", null), 404, 40406);
        assertThat(send("DELETE", "/subjects/a-value/versions/2?permanent=true", null).json().asInt()).isEqualTo(2);
        assertFails(send("GET", "/schemas/ids/2", null), 404, 40403);
        restart();

        assertThat(register("b-value", BREAKS)).isEqualTo(3);
        send("DELETE", "/subjects/a-value", null);
        assertThat(send("DELETE", "/subjects/a-value?permanent=true", null).json().toString()).isEqualTo("[1]");
        assertThat(get("/subjects?deleted=true").toString()).isEqualTo("[\"b-value\"]");
        assertThat(register("a-value", V1)).isEqualTo(4);
        assertThat(get("/subjects/a-value/versions").toString()).isEqualTo("[1]");
    }

    @Test
    void shouldBeTheSameAfterARestart() throws Exception {
        register("a-value", V1);
        register("a-value", V2);
        register("gone-value", BREAKS);
        send("DELETE", "/subjects/gone-value", null);
        send("PUT", "/config/a-value", "{\"compatibility\": \"FULL_TRANSITIVE\"}");
        send("PUT", "/mode/b-value", "{\"mode\": \"READONLY\"}");
        List<String> paths = List.of("/subjects", "/subjects?deleted=true", "/subjects/a-value/versions/latest", "/schemas/ids/1",
                "/schemas/ids/3", "/config/a-value", "/config", "/mode/b-value", "/schemas/ids/1/versions");
        List<String> before = new ArrayList<>();
        for (String path : paths) {
            before.add(get(path).toString());
        }

        restart();

        for (int i = 0; i < paths.size(); i++) {
            assertThat(get(paths.get(i)).toString()).as(paths.get(i)).isEqualTo(before.get(i));
        }
        assertThat(register("a-value", V1)).isEqualTo(1);
        assertThat(register("c-value", V1.replace("\"R\"", "\"Other\""))).isEqualTo(4);
    }

    @Test
    void shouldShowNothingOfAChangeThatWasNotStoredAndNotUseItsIdAgain() throws Exception {
        log.failing(true);
        assertFails(post("/subjects/a-value/versions", V1), 500, 50001);
        log.failing(false);

        assertThat(get("/subjects").toString()).isEqualTo("[]");
        assertThat(register("b-value", V2)).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /subjects/none/versions, 404, 40401", "GET, /subjects/none/versions/1, 404, 40401", "GET, /subjects/a/versions/9, 404, 40402",
        "GET, /subjects/a/versions/first, 422, 42202", "GET, /subjects/a/versions/0, 422, 42202",
        "GET, /subjects/a/versions/99999999999, 422, 42202", "GET, /schemas/ids/9, 404, 40403", "GET, /schemas/ids/x, 404, 404",
        "GET, /no/such/path, 404, 404", "PATCH, /subjects, 405, 405", "DELETE, /subjects/none, 404, 40401"})
    void shouldSayWhatIsNotThere(String method, String path, int status, int code) throws Exception {
        register("a", V1);

        assertFails(send(method, path, null), status, code);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {
        "{ | 400 | 400", "[] | 400 | 400", "{} | 422 | 42201", "{\"schema\": \"\"} | 422 | 42201", "{\"schema\": 7} | 422 | 42201",
        "{\"schema\": \"{\"} | 422 | 42201", "{\"schema\": \"\\\"Unknown\\\"\"} | 422 | 42201",
        "{\"schemaType\": \"PROTOBUF\", \"schema\": \"message A {}\"} | 422 | 42201",
        "{\"schema\": \"\\\"string\\\"\", \"references\": [{\"name\": \"x\"}]} | 422 | 42201"})
    void shouldRefuseWhatIsNoSchema(String body, int status, int code) throws Exception {
        assertFails(send("POST", "/subjects/a/versions", body), status, code);
        assertFails(send("POST", "/compatibility/subjects/a/versions", body), status, code);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "application/vnd.schemaregistry.v1+json", "application/vnd.schemaregistry+json", "application/json; charset=utf-8"})
    void shouldAcceptEveryMediaTypeOfTheApi(String type) throws Exception {
        String body = "{\"schemaType\": null, \"schema\": \"\\\"string\\\"\"}";

        assertThat(send("POST", "/subjects/a/versions", body, type).status()).isEqualTo(200);
    }

    @Test
    void shouldRefuseOtherMediaTypesSoThatNoPageOfABrowserCanPost() throws Exception {
        assertFails(send("POST", "/subjects/a/versions", "{\"schema\": \"\\\"string\\\"\"}", "text/plain"), 415, 415);
    }

    @Test
    void shouldAnswerUnderLoopbackNamesOnlySoThatNoPageOfABrowserCanRebindItsName() throws Exception {
        assertThat(statusUnderHost("localhost:" + port())).contains(" 200 ");
        assertThat(statusUnderHost("[::1]:" + port())).contains(" 200 ");
        assertThat(statusUnderHost("evil.example:" + port())).contains(" 403 ");
    }

    private int port() {
        return URI.create(registry.url()).getPort();
    }

    /** The JDK's client does not let the Host header be set. */
    private String statusUnderHost(String host) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            String request = "GET /subjects HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().findFirst().orElseThrow();
        }
    }

    @Test
    void shouldRefuseABodyThatIsTooLong() throws Exception {
        assertFails(send("POST", "/subjects/a/versions", "{\"schema\": \"" + "x".repeat(1_100_000) + "\"}"), 413, 413);
    }

    @Test
    void shouldServeJobwatchsOwnClient() {
        try (HttpSchemaRegistry client = new HttpSchemaRegistry(List.of(URI.create(registry.url())), Map.of());
             HttpSchemaRegistry other = new HttpSchemaRegistry(List.of(URI.create(registry.url())), Map.of())) {
            assertThat(client.idsOf("jobs-value")).isEmpty();
            RegistryException missing =
                    catchThrowableOfType(RegistryException.class, () -> client.idOf("jobs-value", JobStatus.getClassSchema()));
            assertThat(missing.kind()).isEqualTo(RegistryException.Kind.NOT_FOUND);

            assertThat(client.incompatibilities("jobs-value", JobStatus.getClassSchema())).isEmpty();
            client.setCompatibility("jobs-value", "FULL_TRANSITIVE");
            int id = client.register("jobs-value", JobStatus.getClassSchema());

            assertThat(other.incompatibilities("jobs-value", JobStatus.getClassSchema())).isEmpty();
            assertThat(other.incompatibilities("jobs-value", Task.getClassSchema()))
                    .anySatisfy(reason -> assertThat(reason).contains("NAME_MISMATCH"));
            assertThat(other.idOf("jobs-value", JobStatus.getClassSchema())).isEqualTo(id);
            assertThat(other.idsOf("jobs-value")).containsExactly(id);
            assertThat(other.schemaById(id).getFullName()).isEqualTo("io.jobwatch.event.JobStatus");
            assertThat(catchThrowableOfType(RegistryException.class, () -> other.schemaById(99)).kind())
                    .isEqualTo(RegistryException.Kind.NOT_FOUND);
            RegistryException incompatible = catchThrowableOfType(RegistryException.class,
                    () -> client.register("jobs-value", Task.getClassSchema()));
            assertThat(incompatible.kind()).isEqualTo(RegistryException.Kind.INCOMPATIBLE);
            assertThat(incompatible).hasMessageContaining("NAME_MISMATCH");
        }
    }

    @Test
    void shouldSayWhatToDoWhenThePortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedRegistry.start(new MemoryLog(), "127.0.0.1", taken.getLocalPort()))
                    .isInstanceOf(EmbeddedException.class)
                    .hasMessageContaining("port " + taken.getLocalPort() + " on 127.0.0.1 is taken")
                    .hasMessageContaining("schema-registry.embedded-port")
                    .hasMessageNotContaining("\n");
        }
    }
}
