package io.jobwatch.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.jobwatch.registry.HttpSchemaRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A subject's first schema and its level, at a registry that says no: over sockets, with one topic. */
class SchemaSetupTest {
    private static final TopicSpec SPEC = TopicSpec.all(new TopicNames("t."), 1).stream()
            .filter(spec -> spec.name().equals(new TopicNames("t.").jobStatus())).findFirst().orElseThrow();
    private static final String SUBJECT = "t.job-status-value";
    private static final String LOOK_UP = "POST /subjects/" + SUBJECT;
    private static final String REGISTER = LOOK_UP + "/versions";
    private static final String SET = "PUT /config/" + SUBJECT;
    private static final String READ = "GET /config/" + SUBJECT;
    private static final String NOT_REGISTERED = "404 {\"error_code\": 40403, \"message\": \"Schema not found\"}";

    /** Status and body by request; what is not there is not answered with success. */
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private HttpSchemaRegistry registry;

    @BeforeEach
    void startRegistry() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String request = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
            asked.add(request);
            String answer = answers.getOrDefault(request, "400 {\"error_code\": 400, \"message\": \"unexpected\"}");
            exchange.getRequestBody().readAllBytes();
            byte[] body = answer.substring(4).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(Integer.parseInt(answer.substring(0, 3)), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        registry = new HttpSchemaRegistry(HttpSchemaRegistry.urls("http://127.0.0.1:" + server.getAddress().getPort()), Map.of());
    }

    @AfterEach
    void stopRegistry() {
        registry.close();
        server.stop(0);
    }

    private SchemaSetup setup() {
        return new SchemaSetup(registry, List.of(SPEC));
    }

    private static String level(String name) {
        return "200 {\"compatibilityLevel\": \"" + name + "\"}";
    }

    /** A 404, too, as of a registry with levels only for subjects that exist: it was registered first, and stayed under a wrong level. */
    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 405, 422})
    void shouldRegisterNothingUnderALevelThatIsWrongAndCannotBeSet(int status) {
        answers.put(LOOK_UP, NOT_REGISTERED);
        answers.put(SET, status + " {\"error_code\": " + status + "01, \"message\": \"only the administrator may\"}");
        answers.put(READ, level("BACKWARD"));
        answers.put(REGISTER, "200 {\"id\": 7}");

        TopicException failure = catchThrowableOfType(TopicException.class, () -> setup().registerAndVerify());

        assertThat(failure).isNotNull().hasMessageContaining("of the subject " + SUBJECT + " should be FULL_TRANSITIVE, is BACKWARD and "
                + "cannot be set").hasMessageContaining("only the administrator may");
        assertThat(asked).contains(SET).doesNotContain(REGISTER);

        answers.put(READ, level("FULL_TRANSITIVE"));
        assertThat(setup().registerAndVerify()).as("the level for all is right").containsExactly("registered schema " + SUBJECT + ", id 7");
    }

    @Test
    void shouldSetTheLevelBeforeItRegisters() {
        answers.put(LOOK_UP, NOT_REGISTERED);
        answers.put(SET, "200 {\"compatibility\": \"FULL_TRANSITIVE\"}");
        answers.put(REGISTER, "200 {\"id\": 7}");

        assertThat(setup().registerAndVerify()).containsExactly("registered schema " + SUBJECT + ", id 7");
        assertThat(asked).containsExactly(LOOK_UP, SET, REGISTER);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        401 {"error_code": 40101, "message": "who?"}   | 401 (error 40101) who?; check basic.auth.user.info or bearer.auth.token)
        403 {"error_code": 40301, "message": "not you"} | 403 (error 40301) not you; check
        405 {"error_code": 405, "message": "no levels"} | 405 no levels)
        200 {}                                          | (the registry's answer names none)
        """)
    void shouldSayThatALevelCannotBeRead(String answer, String why) {
        answers.put(LOOK_UP, "200 {\"id\": 7}");
        answers.put(READ, answer);

        assertThat(setup().registerAndVerify()).singleElement().asString()
                .startsWith("verified schema " + SUBJECT + ", id 7; its compatibility level cannot be read (").contains(why);
        assertThat(setup().find()).singleElement().satisfies(found -> {
            assertThat(found.wrongLevel()).isFalse();
            assertThat("(" + found.unread().orElseThrow() + ")").contains(why);
        });
        assertThat(asked).doesNotContain(SET, REGISTER);
    }
}
